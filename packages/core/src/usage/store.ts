import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $remove } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { encodeTime } from "ulid";
import { TASKS, type Task } from "../ai/schema";
import { nowMs } from "../platform/clock";
import { entityDefaults, table } from "../platform/table";
import { CALL_STATUSES, type Call, type CallAbout, type CallStatus, dayStart } from "./schema";

export const teamKey = (teamId: string) => `TEAM#${teamId}`;
const callKey = (id: string) => `CALL#${id}`;
const RESERVED = "STATUS#call#reserved";

export const CallEntity = new Entity({
  ...entityDefaults,
  name: "call",
  schema: item({
    teamId: string().key(),
    id: string().key(),
    userId: string(),
    task: string().enum(...TASKS),
    about: any(),
    promptVersion: string(),
    model: string(),
    status: string().enum(...CALL_STATUSES),
    reservedTokens: number(),
    inputTokens: number(),
    outputTokens: number(),
    cachedTokens: number(),
    cacheWriteTokens: number().optional(),
    estimated: boolean(),
    costMicroUsd: number().optional(),
    startedAt: string(),
    requestId: string().optional(),
    firstTokenMs: number().optional(),
    totalMs: number().optional(),
    gsi1pk: string().optional(),
    gsi1sk: string().optional(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
  computeKey: ({ teamId, id }: { teamId: string; id: string }) => ({ pk: teamKey(teamId), sk: callKey(id) }),
});

/** The row of a call that starts; it fails when one with its id is there. */
export function openCallWrite(call: Call) {
  const { costMicroUsd: _none, ...row } = call;
  return CallEntity.build(PutTransaction)
    .item({
      ...row,
      gsi1pk: `USER#${call.userId}`,
      gsi1sk: `CALL#${call.id}`,
      gsi2pk: RESERVED,
      gsi2sk: call.startedAt,
    })
    .options({ condition: { attr: "id", exists: false } });
}

type CallEnd = Partial<
  Pick<Call, "inputTokens" | "outputTokens" | "cachedTokens" | "cacheWriteTokens" | "estimated" | "model">
> & {
  costMicroUsd?: number;
  firstTokenMs?: number;
  totalMs?: number;
};

/** Ends a call's row; it fails unless the row is in the status it is expected in. */
export function closeCallWrite(key: { teamId: string; id: string }, from: CallStatus, to: CallStatus, end: CallEnd) {
  return CallEntity.build(UpdateTransaction)
    .item({ ...key, ...end, status: to, gsi2pk: $remove(), gsi2sk: $remove() })
    .options({ condition: { attr: "status", eq: from } });
}

export async function readCall(key: { teamId: string; id: string }): Promise<Call | undefined> {
  const { Item } = await CallEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
  return Item && toCall(Item);
}

type StoredCall = Omit<Call, "costMicroUsd" | "about"> & { about?: unknown; costMicroUsd?: number };

export function toCall(stored: StoredCall): Call {
  const { id, teamId, userId, task, promptVersion, model, status, reservedTokens, startedAt } = stored;
  const { inputTokens, outputTokens, cachedTokens, estimated, firstTokenMs, totalMs } = stored;
  const { cacheWriteTokens } = stored;
  const written = cacheWriteTokens === undefined ? {} : { cacheWriteTokens };
  const numbers = { reservedTokens, inputTokens, outputTokens, cachedTokens, ...written, estimated };
  return {
    ...{ id, teamId, userId, task, promptVersion, model, status, startedAt, ...numbers },
    about: stored.about as CallAbout,
    ...(stored.requestId !== undefined && { requestId: stored.requestId }),
    costMicroUsd: stored.costMicroUsd ?? null,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(totalMs !== undefined && { totalMs }),
  };
}

const ledgerKey = ({ teamId, id }: Call) => ({ pk: teamKey(teamId), sk: callKey(id) });

type CallFilter = { teamId: string; from?: string; to?: string; task?: Task; status?: CallStatus };

/** The maximum number of rows that one page with filters scans. */
const MAX_SCANNED_ROWS = 2_000;

/** Returns a team's calls of whole days, newest first by default. `lastKey` is set when more may follow. */
export async function queryCalls(
  { teamId, from, to, task, status }: CallFilter,
  page: { limit: number; startKey?: Record<string, unknown>; oldestFirst?: true },
): Promise<{ calls: Call[]; lastKey?: Record<string, unknown> }> {
  const start = `CALL#cal_${from ? encodeTime(dayStart(from)) : ""}`;
  const end = `CALL#cal_${to ? encodeTime(dayStart(to, 1)) : "~"}`;
  const conditions = [
    ...(task ? [{ attr: "task" as const, eq: task }] : []),
    ...(status ? [{ attr: "status" as const, eq: status }] : []),
  ];
  const calls: Call[] = [];
  let startKey = page.startKey;
  let scanned = 0;
  do {
    const limit = conditions.length > 0 ? 200 : page.limit + 1;
    const { Items = [], LastEvaluatedKey } = await table
      .build(QueryCommand)
      .entities(CallEntity)
      .query({ partition: teamKey(teamId), range: { between: [start, end] } })
      .options({
        consistent: true,
        reverse: !page.oldestFirst,
        limit,
        exclusiveStartKey: startKey,
        ...(conditions.length > 0 && { filters: { call: { and: conditions } } }),
      })
      .send();
    for (const stored of Items) {
      const last = calls.at(-1);
      if (last && calls.length === page.limit) return { calls, lastKey: ledgerKey(last) };
      calls.push(toCall(stored));
    }
    startKey = LastEvaluatedKey;
    scanned += limit;
  } while (startKey && scanned < MAX_SCANNED_ROWS);
  return { calls, lastKey: startKey };
}

/** Returns unsettled calls older than this many seconds. The index may lag: the row's status decides. */
export async function queryUnsettledCalls(seconds: number): Promise<{ teamId: string; id: string; task: Task }[]> {
  const before = new Date(nowMs() - seconds * 1_000).toISOString();
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(CallEntity)
    .query({ index: "gsi2", partition: RESERVED, range: { lt: before } })
    .options({ limit: 100 })
    .send();
  return Items.map(({ teamId, id, task }) => ({ teamId, id, task }));
}
