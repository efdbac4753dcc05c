import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { getJson, putJson } from "../platform/blobs";
import { nowSeconds } from "../platform/clock";
import { packed } from "../platform/compressed-json";
import { padNumber } from "../platform/ids";
import { entityDefaults, table } from "../platform/table";
import { codeKey, DraftEntity, type StoredDraft } from "./drafts";
import { type CodebaseOwner, type TreeEntry, VERSION_KINDS, type Version } from "./schema";

const versionKey = (number: number) => `VERSION#${padNumber(number)}`;

/** A tree is stored in the item up to 8 KB, else in a blob that the item names. */
const treeAttributes = { tree: any().transform(packed).optional(), treeBlob: string().optional() };

export const HeadEntity = new Entity({
  ...entityDefaults,
  name: "codebase",
  schema: item({
    id: string().key(),
    teamId: string(),
    ownerKind: string(),
    ownerId: string(),
    number: number(),
    message: string(),
    v: number().default(1),
    ...treeAttributes,
  }),
  computeKey: ({ id }: { id: string }) => ({ pk: codeKey(id), sk: "HEAD" }),
});

export const VersionEntity = new Entity({
  ...entityDefaults,
  name: "version",
  schema: item({
    codebaseId: string().key(),
    number: number().key(),
    kind: string().enum(...VERSION_KINDS),
    message: string(),
    authorId: string(),
    authorName: string(),
    changeId: string().optional(),
    createdAt: string(),
    outboxId: string().optional(),
    outboxJob: any().optional(),
    v: number().default(1),
    ...treeAttributes,
  }),
  computeKey: ({ codebaseId, number }: { codebaseId: string; number: number }) => ({
    pk: codeKey(codebaseId),
    sk: versionKey(number),
  }),
});

type StoredTree = { tree?: unknown; treeBlob?: string };

export async function packTree(teamId: string, tree: TreeEntry[]): Promise<StoredTree> {
  const bytes = Buffer.byteLength(JSON.stringify(tree));
  return bytes <= LIMITS.codebase.maxInlineTreeBytes ? { tree } : { treeBlob: await putJson(teamId, tree) };
}

export async function unpackTree(teamId: string, stored: StoredTree): Promise<TreeEntry[]> {
  return stored.treeBlob ? getJson<TreeEntry[]>(teamId, stored.treeBlob) : ((stored.tree ?? []) as TreeEntry[]);
}

export type Head = {
  id: string;
  teamId: string;
  owner: CodebaseOwner;
  number: number;
  message: string;
} & StoredTree;

export async function readHead(id: string): Promise<Head | undefined> {
  const { Item } = await HeadEntity.build(GetItemCommand).key({ id }).options({ consistent: true }).send();
  return Item && toHead(Item);
}

function toHead({ ownerKind, ownerId, ...head }: Omit<Head, "owner"> & { ownerKind: string; ownerId: string }): Head {
  return { ...head, owner: { kind: ownerKind as CodebaseOwner["kind"], id: ownerId } };
}

export type StoredVersion = Version & StoredTree & { outboxId?: string; outboxJob?: unknown; v?: number };

export function toVersion({ tree, treeBlob, outboxId, outboxJob, v, ...version }: StoredVersion): Version {
  return version;
}

export async function readVersionItem(codebaseId: string, number: number): Promise<StoredVersion | undefined> {
  const get = VersionEntity.build(GetItemCommand).key({ codebaseId, number });
  return (await get.options({ consistent: true }).send()).Item;
}

export async function queryVersions(
  codebaseId: string,
  options: { limit: number; startKey?: Record<string, unknown> },
): Promise<{ versions: StoredVersion[]; lastKey?: Record<string, unknown> }> {
  const { Items = [], LastEvaluatedKey } = await table
    .build(QueryCommand)
    .entities(VersionEntity)
    .query({ partition: codeKey(codebaseId), range: { beginsWith: "VERSION#" } })
    .options({ consistent: true, reverse: true, limit: options.limit, exclusiveStartKey: options.startKey })
    .send();
  return { versions: Items, lastKey: LastEvaluatedKey };
}

/** Returns versions `from` to `to` inclusive, oldest first. */
export async function queryVersionsBetween(codebaseId: string, from: number, to: number): Promise<StoredVersion[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(VersionEntity)
    .query({ partition: codeKey(codebaseId), range: { between: [versionKey(from), versionKey(to)] } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items;
}

/** Returns the two writes that create a codebase, its head and the version there, for a transaction. */
export function firstVersionWrites(head: Head, version: Version, tree: StoredTree, outbox: object) {
  const { owner, ...rest } = head;
  return [
    HeadEntity.build(PutTransaction)
      .item({ ...rest, ...tree, ownerKind: owner.kind, ownerId: owner.id })
      .options({ condition: { attr: "id", exists: false } }),
    versionWrite(version, tree, outbox),
  ];
}

/** Returns the write of one version, for a transaction that fails when there is such a version. */
export const versionWrite = (version: Version, tree: StoredTree, outbox: object) =>
  VersionEntity.build(PutTransaction)
    .item({ ...version, ...tree, ...outbox })
    .options({ condition: { attr: "codebaseId", exists: false } });

/**
 * Returns the two writes that commit a version, for a transaction that fails when the head is not the one that was read.
 */
export function nextVersionWrites(head: Head, version: Version, tree: StoredTree, outbox: object) {
  const { owner, ...rest } = head;
  return [
    HeadEntity.build(PutTransaction)
      .item({
        ...rest,
        tree: undefined,
        treeBlob: undefined,
        ...tree,
        ownerKind: owner.kind,
        ownerId: owner.id,
        number: version.number,
        message: version.message,
      })
      .options({ condition: { attr: "number", eq: head.number } }),
    versionWrite(version, tree, outbox),
  ];
}

/** Returns the head with a user's drafts, in one query: their keys are adjacent but for a few drafts of others. */
export async function readHeadWithDrafts(
  codebaseId: string,
  userId: string,
): Promise<{ head: Head | undefined; drafts: StoredDraft[] }> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(DraftEntity, HeadEntity)
    .query({ partition: codeKey(codebaseId), range: { between: [`DRAFT#${userId}#`, "HEAD"] } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY, showEntityAttr: true })
    .send();
  let head: Head | undefined;
  const drafts: StoredDraft[] = [];
  for (const { entity, ...each } of Items) {
    if (entity === "codebase") head = toHead(each as unknown as Parameters<typeof toHead>[0]);
    else drafts.push(each as unknown as StoredDraft);
  }
  return { head, drafts: drafts.filter((draft) => draft.userId === userId && draft.ttl > nowSeconds()) };
}
