import * as v from "valibot";
import { resolveTeam } from "../access/index";
import { TASKS } from "../ai/schema";
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import { operation } from "../platform/operation";
import { csvLine } from "./csv";
import { queryRollups } from "./day-items";
import { readQuota } from "./quota";
import { CALL_STATUSES, type Call, type DayUsage, dayOf, daySchema, dayStart, type Quota } from "./schema";
import { queryCalls } from "./store";

const TOO_LONG = `A range is limited to ${LIMITS.usage.maxDays} days.`;

const teamId = v.optional(v.string());

const rangeEntries = { teamId, from: daySchema, to: daySchema };

const byRange = v.pipe(
  v.object(rangeEntries),
  v.forward(
    v.partialCheck([["from"], ["to"]], ({ from, to }) => from <= to, "The end date is before the start date."),
    ["to"],
  ),
  v.forward(
    v.partialCheck([["from"], ["to"]], ({ from, to }) => dayStart(to) < dayStart(from, LIMITS.usage.maxDays), TOO_LONG),
    ["from"],
  ),
);

/** Returns tokens and cost of a range by day and task; a day without calls has no entry. */
export const listDays = operation(
  "usage.days",
  "usage.read",
  byRange,
  async (actor, { teamId, from, to }): Promise<DayUsage[]> => {
    return queryRollups(resolveTeam(actor, teamId), from, to);
  },
);

/** Returns ledger rows, newest first, a page at a time. */
export const listCalls = operation(
  "usage.calls",
  "usage.read",
  v.object({
    teamId,
    from: v.optional(daySchema),
    to: v.optional(daySchema),
    task: v.optional(v.picklist(TASKS)),
    status: v.optional(v.picklist(CALL_STATUSES)),
    cursor: v.optional(v.string()),
  }),
  async (actor, { cursor, ...input }): Promise<{ calls: Call[]; nextCursor?: string }> => {
    const filter = { ...input, teamId: resolveTeam(actor, input.teamId) };
    const scope = `calls\0${JSON.stringify([filter.teamId, filter.from, filter.to, filter.task, filter.status])}`;
    const startKey = cursor === undefined ? undefined : decodeCursor(cursor, scope);
    const { calls, lastKey } = await queryCalls(filter, { limit: LIMITS.usage.pageSize, startKey });
    return { calls, nextCursor: lastKey && encodeCursor(lastKey, scope) };
  },
);

/** Returns today's tokens: used, reserved, left. */
export const getQuota = operation("usage.quota", "models.use", v.object({ teamId }), async (actor, { teamId }) => {
  return readQuota(actor, resolveTeam(actor, teamId), dayOf(nowMs())) satisfies Promise<Quota>;
});

/** Streams every ledger row of a range as CSV, oldest first. */
export const exportCalls = operation(
  "usage.csv",
  "usage.read",
  byRange,
  async (actor, range): Promise<AsyncGenerator<string>> => {
    return csvOf({ ...range, teamId: resolveTeam(actor, range.teamId) });
  },
);

const COLUMNS: [string, (call: Call) => Parameters<typeof csvLine>[0][number]][] = [
  ["call", (call) => call.id],
  ["started_at", (call) => call.startedAt],
  ["user", (call) => call.userId],
  ["purpose", (call) => call.task],
  ["about", (call) => call.about.kind],
  ["session", ({ about }) => ("sessionId" in about ? about.sessionId : null)],
  ["thread", ({ about }) => ("threadId" in about ? about.threadId : null)],
  ["message", ({ about }) => ("threadId" in about ? about.number : null)],
  ["review", ({ about }) => ("reviewId" in about ? about.reviewId : null)],
  ["path", ({ about }) => (about.kind === "review" ? about.path : null)],
  ["change", ({ about }) => ("changeId" in about ? about.changeId : null)],
  ["model", (call) => call.model],
  ["prompt_version", (call) => call.promptVersion],
  ["status", (call) => call.status],
  ["reserved_tokens", (call) => call.reservedTokens],
  ["input_tokens", (call) => call.inputTokens],
  ["cached_tokens", (call) => call.cachedTokens],
  ["output_tokens", (call) => call.outputTokens],
  ["estimated", (call) => call.estimated],
  ["cost_usd", ({ costMicroUsd }) => (costMicroUsd === null ? null : (costMicroUsd / 1_000_000).toFixed(6))],
  ["first_token_ms", (call) => call.firstTokenMs],
  ["total_ms", (call) => call.totalMs],
  ["cache_write_tokens", (call) => call.cacheWriteTokens ?? 0],
];

async function* csvOf(range: { teamId: string; from: string; to: string }): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  let startKey: Record<string, unknown> | undefined;
  do {
    const page = await queryCalls(range, { limit: 500, startKey, oldestFirst: true });
    if (page.calls.length > 0) {
      yield page.calls.map((call) => csvLine(COLUMNS.map(([, field]) => field(call)))).join("");
    }
    startKey = page.lastKey;
  } while (startKey);
}
