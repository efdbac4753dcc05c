import { decodeTime } from "ulid";
import { authorize } from "../access/index";
import type { Price, Task, TokenUsage } from "../ai/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { currentRequestId } from "../platform/correlation";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { newId } from "../platform/ids";
import { runExclusive } from "../platform/keyed-mutex";
import { retryOnConflict, type Write, writeAll } from "../platform/transaction";
import { quotaWrite, rollupWrite } from "./day-items";
import { costOf } from "./price";
import { quotaExceeded, readDailyLimit, readQuota } from "./quota";
import { type CallAbout, type CallStatus, type DayUsage, dayOf } from "./schema";
import { closeCallWrite, openCallWrite, queryUnsettledCalls, readCall } from "./store";

export type Reservation = {
  teamId: string;
  task: Task;
  about: CallAbout;
  promptVersion: string;
  model: string;
  /** The maximum that the call may use: its estimated input, and its whole output limit. */
  tokens: number;
};

export type ReservedCall = { teamId: string; id: string; day: string; task: Task; reservedTokens: number };

/** Returns a call's start (epoch ms), which is encoded in its id, so that its row, day and ledger position agree. */
const startOf = (callId: string) => decodeTime(callId.slice("cal_".length));

/**
 * Reserves tokens of the team's day and opens a ledger row. Throws QUOTA_EXCEEDED with the numbers; nothing is spent
 * then.
 */
export async function reserveCall(actor: Actor, reservation: Reservation): Promise<ReservedCall> {
  authorize(actor, "models.use", { teamId: reservation.teamId });
  const limit = await readDailyLimit(actor);
  return runExclusive(`TEAM#${reservation.teamId}`, () => openCall(actor, reservation, limit));
}

async function openCall(actor: Actor, reservation: Reservation, limit: number | null): Promise<ReservedCall> {
  const { tokens, ...facts } = reservation;
  const id = newId("cal");
  const day = dayOf(startOf(id));
  const startedAt = new Date(startOf(id)).toISOString();
  const nothing = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false, costMicroUsd: null };
  const requestId = currentRequestId();
  const row = {
    ...facts,
    ...nothing,
    ...(requestId && { requestId }),
    id,
    userId: actor.userId,
    startedAt,
    reservedTokens: tokens,
  };
  const failed = await write([
    quotaWrite(facts.teamId, day, { committed: tokens, reserved: tokens }, limit),
    openCallWrite({ ...row, status: "reserved" }),
  ]);
  if (failed?.includes(0) && limit !== null) {
    throw quotaExceeded(tokens, { ...(await readQuota(actor, facts.teamId, day)), limit });
  }
  // The row's own condition can fail only for an id that was given twice.
  if (failed) throw new AppError("DATABASE_ERROR", "The model was not asked: its call could not be recorded.");
  return { teamId: facts.teamId, id, day, task: facts.task, reservedTokens: tokens };
}

export type Settlement = {
  status: Exclude<CallStatus, "reserved" | "unknown">;
  model: string;
  usage: TokenUsage;
  price?: Price;
  firstTokenMs?: number;
  totalMs: number;
};

/**
 * Settles a call once; settling it again changes nothing. Returns its cost, null where there is no price. A call that
 * the sweeper gave up on is settled still: what is known is better than what was reserved.
 */
export async function settleCall(call: ReservedCall, settlement: Settlement): Promise<number | null> {
  return runExclusive(`TEAM#${call.teamId}`, async () => {
    for (const from of ["reserved", "unknown"] as const) {
      if (await closeCall(call, from, settlement)) return costOf(settlement.usage, settlement.price);
    }
    return (await readCall(call))?.costMicroUsd ?? null;
  });
}

async function closeCall(call: ReservedCall, from: "reserved" | "unknown", end: Settlement): Promise<boolean> {
  const { usage, status, model, firstTokenMs, totalMs } = end;
  const cost = costOf(usage, end.price);
  const used = usage.inputTokens + usage.outputTokens;
  const freed =
    from === "reserved" ? { reserved: -call.reservedTokens } : { reserved: 0, unknown: -call.reservedTokens };
  const sums: DayUsage = {
    day: call.day,
    task: call.task,
    calls: from === "reserved" ? 1 : 0,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cachedTokens: usage.cachedTokens,
    costMicroUsd: cost ?? 0,
    unpriced: cost === null && used > 0 ? 1 : 0,
    unknown: from === "reserved" ? 0 : -1,
  };
  const costs = cost === null ? {} : { costMicroUsd: cost };
  const times = firstTokenMs === undefined ? { totalMs } : { firstTokenMs, totalMs };
  const failed = await write([
    closeCallWrite(call, from, status, { ...usage, ...costs, ...times, model }),
    quotaWrite(call.teamId, call.day, { committed: used - call.reservedTokens, ...freed }),
    rollupWrite(call.teamId, sums),
  ]);
  return failed === null;
}

/**
 * Marks unsettled calls that can't be alive any more as unknown; their reservations stay. Returns their number. Idempotent.
 * @param seconds the longest time a live call may take; 0 where all processes are known to be dead
 */
export async function sweepUnsettledCalls(seconds: number = LIMITS.quota.unsettledSeconds): Promise<number> {
  let marked = 0;
  for (const { teamId, id, task } of await queryUnsettledCalls(seconds)) {
    const row = await readCall({ teamId, id });
    if (row?.status !== "reserved") continue;
    const nothing = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costMicroUsd: 0, unpriced: 0 };
    const day = dayOf(startOf(id));
    const failed = await write([
      closeCallWrite({ teamId, id }, "reserved", "unknown", {}),
      quotaWrite(teamId, day, { committed: 0, reserved: -row.reservedTokens, unknown: row.reservedTokens }),
      rollupWrite(teamId, { day, task, calls: 1, unknown: 1, ...nothing }),
    ]);
    if (failed === null) marked += 1;
  }
  return marked;
}

/** Retries on conflict: a team's day is one item that all of its calls write. */
const MAX_TRIES = 40;

/** Writes all or nothing. Null when it was written; else the positions whose conditions did not hold. */
async function write(writes: Write[]): Promise<number[] | null> {
  try {
    await retryOnConflict(() => writeAll(writes), MAX_TRIES);
    return null;
  } catch (error) {
    const cancelled = failedTransactionItems(error);
    if (cancelled && cancelled.condition.length > 0) return cancelled.condition;
    if (!cancelled?.conflict) throw error;
    throw new AppError("DATABASE_ERROR", "The ledger is too busy. Try again in a minute.", { cause: error });
  }
}
