/** Drafts as they are stored: one for each user and tab. */
import { Entity } from "dynamodb-toolbox/entity";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, item, list, map, number, string } from "dynamodb-toolbox/schema";
import { LIMITS } from "../limits";
import { getText, putText } from "../platform/blobs";
import { nowSeconds } from "../platform/clock";
import { deflateJson, packed } from "../platform/compressed-json";
import { entityDefaults } from "../platform/table";

/** The partition of a codebase. */
export const codeKey = (id: string) => `CODE#${id}`;

export const DraftEntity = new Entity({
  ...entityDefaults,
  name: "draft",
  schema: item({
    codebaseId: string().key(),
    userId: string().key(),
    draftId: string().key(),
    base: number(),
    /** Each text inline where it is small, else the blob that holds it. */
    files: list(map({ path: string(), text: any().transform(packed).optional(), blob: string().optional() })),
    savedAt: string(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ codebaseId, userId, draftId }: { codebaseId: string; userId: string; draftId: string }) => ({
    pk: codeKey(codebaseId),
    sk: `DRAFT#${userId}#${draftId}`,
  }),
});

export type StoredDraft = {
  codebaseId: string;
  userId: string;
  draftId: string;
  base: number;
  files: StoredDraftFile[];
  savedAt: string;
  ttl: number;
};

export type StoredDraftFile = { path: string; text?: unknown; blob?: string };

/**
 * Packs a draft's texts, inline while there is room: drafts are saved often, and a table write costs an eighth of a
 * blob's.
 */
export async function packDraft(
  teamId: string,
  files: readonly { path: string; text: string }[],
): Promise<StoredDraftFile[]> {
  let room: number = LIMITS.draft.maxInlineBytes;
  const stored: StoredDraftFile[] = [];
  for (const { path, text } of files) {
    const bytes =
      text.length > LIMITS.codebase.maxInlineBodyBytes ? Number.POSITIVE_INFINITY : deflateJson(text).length;
    if (bytes <= room) {
      room -= bytes;
      stored.push({ path, text });
    } else stored.push({ path, blob: await putText(teamId, text) });
  }
  return stored;
}

export const draftText = (teamId: string, { text, blob = "" }: StoredDraftFile): Promise<string> =>
  typeof text === "string" ? Promise.resolve(text) : getText(teamId, blob);

export async function writeDraft(draft: StoredDraft): Promise<void> {
  await DraftEntity.build(PutItemCommand).item(draft).send();
}

export async function readDraft(codebaseId: string, userId: string, draftId: string): Promise<StoredDraft | undefined> {
  const get = DraftEntity.build(GetItemCommand).key({ codebaseId, userId, draftId });
  const { Item } = await get.options({ consistent: true }).send();
  return Item && Item.ttl > nowSeconds() ? Item : undefined;
}

export async function removeDraft(codebaseId: string, userId: string, draftId: string): Promise<void> {
  await DraftEntity.build(DeleteItemCommand).key({ codebaseId, userId, draftId }).send();
}
