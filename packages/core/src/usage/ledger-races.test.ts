/** The ledger as many processes write it: none of them waits its turn. */
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { saveBudget } from "../settings/index";
import { queryRollups } from "./day-items";
import { type ReservedCall, reserveCall, settleCall } from "./internal";
import { readQuota } from "./quota";
import { dayOf } from "./schema";
import { queryCalls } from "./store";
import { asMember, reservation, used } from "./usage.test-support";

vi.mock("../platform/keyed-mutex", () => ({ runExclusive: (_key: string, run: () => unknown) => run() }));
const product = withProduct();

/** DynamoDB's own way with transactions that meet on a day: it cancels one of them. */
beforeEach(() =>
  product.cloud.setFaults({ ...LATE_READS, rules: [{ ...transactions, kind: "conflict", probability: 0.4 }] }),
);
const transactions = { service: "dynamodb", operation: "TransactWriteItems" } as const;

const today = () => dayOf(Date.now());

/** The call, or null where the day had no tokens left for it. */
async function start(actor: Actor, teamId: string, tokens: number): Promise<ReservedCall | null> {
  try {
    return await reserveCall(actor, { ...reservation(teamId), tokens });
  } catch (error) {
    if (error instanceof AppError && error.code === "QUOTA_EXCEEDED") return null;
    throw error;
  }
}

describe("100 calls that start at once in as many processes", () => {
  it("get exactly the day's budget, and all return", async () => {
    const { actor, teamId } = asMember();
    await saveBudget(actor, { dailyTokens: 40_050 });
    const calls = await Promise.all(Array.from({ length: 100 }, () => start(actor, teamId, 1_000)));
    expect(calls.filter((call) => call !== null)).toHaveLength(40);
    expect(await readQuota(actor, teamId, today())).toMatchObject({ committedTokens: 40_000, reservedTokens: 40_000 });
    const ends = calls.filter((call) => call !== null).map((call) => settleCall(call, used(60, 40)));
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 40 }, () => null));
    expect(await readQuota(actor, teamId, today())).toMatchObject({ committedTokens: 4_000, reservedTokens: 0 });
    expect(await queryRollups(teamId, today(), today())).toMatchObject([{ calls: 40, inputTokens: 2_400 }]);
  });
});

type Fate = { tokens: number; input: number; output: number; end: "settled" | "settled twice" | "lost"; late: boolean };

const fate: fc.Arbitrary<Fate> = fc.record({
  tokens: fc.integer({ min: 1, max: 4_000 }),
  input: fc.integer({ min: 0, max: 3_000 }),
  output: fc.integer({ min: 0, max: 2_000 }),
  end: fc.constantFrom("settled", "settled twice", "lost"),
  /** Ends after others have started, or at once. */
  late: fc.boolean(),
});

describe("calls with any outcome", () => {
  it("a day's tokens are the sum of its rows, and a reservation never takes it past its limit", async () => {
    const limit = 10_000;
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 12 }), async (fates) => {
        const { actor, teamId } = asMember();
        await saveBudget(actor, { dailyTokens: limit });
        const started = await Promise.all(
          fates.map(async (each) => {
            const call = await start(actor, teamId, each.tokens);
            if (call && !each.late) await end(call, each);
            return { call, each };
          }),
        );
        await Promise.all(started.map(({ call, each }) => call && each.late && end(call, each)));
        const { calls } = await queryCalls({ teamId }, { limit: 100 });
        const spent = calls.map((row) =>
          row.status === "reserved" ? row.reservedTokens : row.inputTokens + row.outputTokens,
        );
        const quota = await readQuota(actor, teamId, today());
        expect(quota.committedTokens).toBe(sum(spent));
        expect(quota.reservedTokens).toBe(
          sum(calls.map((row) => (row.status === "reserved" ? row.reservedTokens : 0))),
        );
        expect(calls).toHaveLength(started.filter(({ call }) => call).length);
        // Only what a call used beyond what it had reserved can take a day past its limit.
        const beyond = sum(
          started.map(({ call, each }) => (call ? Math.max(each.input + each.output - each.tokens, 0) : 0)),
        );
        expect(quota.committedTokens).toBeLessThanOrEqual(limit + beyond);
        const settled = calls.filter((row) => row.status === "done");
        const [sums] = await queryRollups(teamId, today(), today());
        expect(sums?.calls ?? 0).toBe(settled.length);
        expect(sums?.inputTokens ?? 0).toBe(sum(settled.map((row) => row.inputTokens)));
      }),
      { numRuns: 25 },
    );
  });
});

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);

async function end(call: ReservedCall, { end, input, output }: Fate): Promise<void> {
  if (end === "lost") return;
  await Promise.all(Array.from({ length: end === "settled" ? 1 : 2 }, () => settleCall(call, used(input, output))));
}

describe("a ledger whose database loses responses", () => {
  it("has no token that no row accounts for", async () => {
    const lost = { ...transactions, kind: "drop", probability: 0.3 } as const;
    product.cloud.setFaults({ ...LATE_READS, rules: [lost] });
    const { actor, teamId } = asMember();
    const calls = await Promise.allSettled(Array.from({ length: 40 }, () => start(actor, teamId, 1_000)));
    const known = calls.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value] : []));
    await Promise.allSettled(known.map((call) => settleCall(call, used(60, 40))));
    product.cloud.setFaults(LATE_READS);
    // A call whose settlement failed is settled by who comes back to it.
    await Promise.all(known.map((call) => settleCall(call, used(60, 40))));
    const { calls: rows } = await queryCalls({ teamId }, { limit: 100 });
    const open = rows.filter((row) => row.status === "reserved");
    expect(rows.length - open.length).toBe(known.length);
    const numbers = { committedTokens: known.length * 100 + open.length * 1_000, reservedTokens: open.length * 1_000 };
    expect(await readQuota(actor, teamId, today())).toMatchObject(numbers);
    expect(await queryRollups(teamId, today(), today())).toMatchObject([{ calls: known.length }]);
  });
});
