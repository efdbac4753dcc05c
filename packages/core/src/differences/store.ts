import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { getJson, putJson } from "../platform/blobs";
import { packed } from "../platform/compressed-json";
import { conditionHeld } from "../platform/dynamo-errors";
import { padNumber } from "../platform/ids";
import { entityDefaults, table } from "../platform/table";
import type { Write } from "../platform/transaction";
import type { DifferenceFile, DifferenceHead, HeadSummary, Verdict } from "./schema";

const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

const headKey = (version: number) => `HEAD#${padNumber(version)}`;

const HeadEntity = new Entity({
  ...entityDefaults,
  name: "difference-head",
  schema: item({
    sessionId: string().key(),
    version: number().key(),
    base: number(),
    /** The changed files, in the item up to 8 KB, else in a blob. */
    files: any().transform(packed).optional(),
    filesBlob: string().optional(),
    label: string().optional(),
    authorName: string(),
    createdAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, version }: { sessionId: string; version: number }) => ({
    pk: sessionKey(sessionId),
    sk: headKey(version),
  }),
});

const VerdictEntity = new Entity({
  ...entityDefaults,
  name: "verdict",
  schema: item({
    sessionId: string().key(),
    id: string().key(),
    kind: string().enum("approve", "request-changes", "comment"),
    version: number(),
    summary: string(),
    authorId: string(),
    authorName: string(),
    createdAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
    pk: sessionKey(sessionId),
    sk: `VERDICT#${id}`,
  }),
});

/** Returns the write of a head, for the transaction that writes its version. */
export async function headWrite(teamId: string, sessionId: string, { files, ...head }: DifferenceHead): Promise<Write> {
  const isSmall = Buffer.byteLength(JSON.stringify(files)) <= LIMITS.codebase.maxInlineTreeBytes;
  const stored = isSmall ? { files } : { filesBlob: await putJson(teamId, files) };
  return HeadEntity.build(PutTransaction)
    .item({ sessionId, ...head, ...stored })
    .options({ condition: { attr: "sessionId", exists: false } });
}

/** Returns a head of a difference; undefined where that version is none. */
export async function readDifferenceHead(
  teamId: string,
  sessionId: string,
  version: number,
): Promise<DifferenceHead | undefined> {
  const get = HeadEntity.build(GetItemCommand).key({ sessionId, version });
  const { Item } = await get.options({ consistent: true }).send();
  return Item && toHead(teamId, Item);
}

/** Returns the head that a version is of: the last that was given until then. */
export async function queryHeadAt(
  teamId: string,
  sessionId: string,
  version: number,
): Promise<DifferenceHead | undefined> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(HeadEntity)
    .query({ partition: sessionKey(sessionId), range: { between: ["HEAD#", headKey(version)] } })
    .options({ consistent: true, reverse: true, limit: 1 })
    .send();
  return Items[0] && toHead(teamId, Items[0]);
}

type StoredHead = Omit<DifferenceHead, "files"> & { files?: unknown; filesBlob?: string };

async function toHead(teamId: string, stored: StoredHead): Promise<DifferenceHead> {
  const { files, filesBlob } = stored;
  const all = filesBlob ? await getJson<DifferenceFile[]>(teamId, filesBlob) : (files as DifferenceFile[]);
  return { ...toSummary(stored), files: all };
}

const toSummary = ({ version, base, label, authorName, createdAt }: StoredHead): HeadSummary => ({
  ...{ version, base, authorName, createdAt },
  ...(label && { label }),
});

/** Returns a difference's heads without their files, newest first. */
export async function queryHeads(sessionId: string): Promise<HeadSummary[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(HeadEntity)
    .query({ partition: sessionKey(sessionId), range: { beginsWith: "HEAD#" } })
    .options({ consistent: true, reverse: true, limit: LIMITS.difference.headsListed })
    .send();
  return Items.map(toSummary);
}

/** Stores a verdict; false where there is one of this id. */
export const writeVerdict = (sessionId: string, authorId: string, verdict: Verdict): Promise<boolean> =>
  conditionHeld(
    VerdictEntity.build(PutItemCommand)
      .item({ sessionId, authorId, ...verdict })
      .options({ condition: { attr: "id", exists: false } })
      .send(),
  );

/** Returns a session's verdicts, newest first. */
export async function queryVerdicts(sessionId: string): Promise<Verdict[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(VerdictEntity)
    .query({ partition: sessionKey(sessionId), range: { beginsWith: "VERDICT#" } })
    .options({ consistent: true, reverse: true, limit: LIMITS.verdict.pageSize })
    .send();
  return Items.map(({ id, kind, version, summary, authorName, createdAt }) => ({
    ...{ id, kind, version, summary, authorName, createdAt },
  }));
}
