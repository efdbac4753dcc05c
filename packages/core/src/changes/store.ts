import { Entity } from "dynamodb-toolbox/entity";
import { BatchPutRequest } from "dynamodb-toolbox/entity/actions/batchPut";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { batchWriteAll } from "../platform/batch";
import { getJson, putJson } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import { packed } from "../platform/compressed-json";
import { conditionHeld } from "../platform/dynamo-errors";
import { entityDefaults, prefixed, table } from "../platform/table";
import type { Change, ChangeStatus } from "./schema";

export const ChangeEntity = new Entity({
  ...entityDefaults,
  name: "change",
  schema: item({
    codebaseId: string().key().savedAs("pk").transform(prefixed("CODE")),
    id: string().key().savedAs("sk").transform(prefixed("CHANGE")),
    base: number(),
    edits: any().transform(packed).optional(),
    editsBlob: string().optional(),
    summary: string(),
    author: any().transform(packed),
    origin: any().transform(packed),
    safety: string().enum("safe", "unsafe"),
    evidence: any().transform(packed).optional(),
    status: string().enum("proposed", "applied", "conflicted", "rejected", "superseded"),
    appliedAs: number().optional(),
    merged: boolean().optional(),
    supersededBy: list(string()).optional(),
    createdAt: string(),
    updatedAt: string(),
    gsi1pk: string().optional(),
    gsi1sk: string().optional(),
    v: number().default(1),
  }),
});

type StoredEdits = { edits?: unknown; editsBlob?: string };

/** Edits up to 32 KB are in the item; longer ones in a blob that the item names. */
async function pack(teamId: string, change: Change) {
  const { edits, ...rest } = change;
  const bytes = Buffer.byteLength(JSON.stringify(edits));
  const stored: StoredEdits =
    bytes <= LIMITS.codebase.maxInlineBodyBytes ? { edits } : { editsBlob: await putJson(teamId, edits) };
  return { ...rest, ...stored };
}

async function unpack(teamId: string, stored: StoredEdits & Record<string, unknown>): Promise<Change> {
  const { editsBlob, ...rest } = stored;
  const edits = editsBlob ? await getJson<Change["edits"]>(teamId, editsBlob) : stored.edits;
  return { ...rest, edits } as Change;
}

export async function readChange(teamId: string, codebaseId: string, id: string): Promise<Change | undefined> {
  const get = ChangeEntity.build(GetItemCommand).key({ codebaseId, id });
  const { Item } = await get.options({ consistent: true }).send();
  return Item && unpack(teamId, Item);
}

/** Writes a change that is not there yet; false when one with its id is there already. */
export async function createChange(teamId: string, change: Change): Promise<boolean> {
  const put = ChangeEntity.build(PutItemCommand).item(await pack(teamId, change));
  return conditionHeld(put.options({ condition: { attr: "id", exists: false } }).send());
}

/** Writes many changes whose ids follow from what they are, so that writing them twice changes nothing. */
export async function writeChanges(teamId: string, changes: Change[]): Promise<void> {
  const packed = await Promise.all(changes.map((change) => pack(teamId, change)));
  await batchWriteAll(packed.map((each) => ChangeEntity.build(BatchPutRequest).item(each)));
}

/** Returns all changes of a codebase with a status, oldest first. */
export async function queryChanges(teamId: string, codebaseId: string, status: ChangeStatus): Promise<Change[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(ChangeEntity)
    .query({ partition: `CODE#${codebaseId}`, range: { beginsWith: "CHANGE#" } })
    .options({
      consistent: true,
      maxPages: Number.POSITIVE_INFINITY,
      filters: { change: { attr: "status", eq: status } },
    })
    .send();
  return Promise.all(Items.map((stored) => unpack(teamId, stored)));
}

type Transition = {
  codebaseId: string;
  id: string;
  from: ChangeStatus[];
  to: ChangeStatus;
  appliedAs?: number;
  merged?: boolean;
  supersededBy?: string[];
};

const transitionOf = ({ codebaseId, id, to, appliedAs, merged, supersededBy }: Transition) => ({
  codebaseId,
  id,
  status: to,
  updatedAt: nowIso(),
  ...(appliedAs !== undefined && { appliedAs, merged }),
  ...(supersededBy && { supersededBy: $set(supersededBy) }),
});

const fromAny = (from: ChangeStatus[]) => ({ attr: "status" as const, in: from as [ChangeStatus, ...ChangeStatus[]] });

/** Sets a change's status. Returns false when its current status does not allow that. */
export function transition(move: Transition): Promise<boolean> {
  const update = ChangeEntity.build(UpdateItemCommand).item(transitionOf(move));
  return conditionHeld(update.options({ condition: fromAny(move.from) }).send());
}

export const transitionWrite = (move: Transition) =>
  ChangeEntity.build(UpdateTransaction)
    .item(transitionOf(move))
    .options({ condition: fromAny(move.from) });

/** Returns the write that adds a change, for a transaction; it fails when a change with its id exists. */
export async function createWrite(teamId: string, change: Change) {
  return ChangeEntity.build(PutTransaction)
    .item(await pack(teamId, change))
    .options({ condition: { attr: "id", exists: false } });
}
