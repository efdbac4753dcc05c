import { describe, expect, it } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { saveBudget } from "../settings/index";
import { queryRollups } from "./day-items";
import { reserveCall, settleCall } from "./internal";
import { readQuota } from "./quota";
import { dayOf } from "./schema";
import { readCall } from "./store";
import { asMember, reservation, used } from "./usage.test-support";

const product = withProduct();

const today = () => dayOf(Date.now());

describe("the ledger", () => {
  it("reserves before a call and settles the usage after it, with its cost", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, { ...reservation(teamId), tokens: 5_000 });
    expect(await readQuota(actor, teamId, call.day)).toMatchObject({ committedTokens: 5_000, reservedTokens: 5_000 });
    expect(await readCall(call)).toMatchObject({
      status: "reserved",
      promptVersion: "reply/1",
      about: { kind: "test" },
    });
    const price = { input: 3, output: 15, cachedInput: 0.3 };
    const usage = { inputTokens: 1_000, outputTokens: 200, cachedTokens: 400, estimated: false };
    const cost = await settleCall(call, { status: "done", model: "m2", usage, price, firstTokenMs: 40, totalMs: 90 });
    expect(cost).toBe(600 * 3 + 400 * 0.3 + 200 * 15);
    expect(await readQuota(actor, teamId, call.day)).toMatchObject({ usedTokens: 1_200, reservedTokens: 0 });
    const row = {
      status: "done",
      model: "m2",
      costMicroUsd: cost,
      firstTokenMs: 40,
      totalMs: 90,
      reservedTokens: 5_000,
    };
    expect(await readCall(call)).toMatchObject({ ...row, ...usage });
    const [sums] = await queryRollups(teamId, call.day, call.day);
    expect(sums).toEqual({
      ...{ day: call.day, task: "reply", calls: 1, inputTokens: 1_000, outputTokens: 200, cachedTokens: 400 },
      ...{ costMicroUsd: cost, unpriced: 0, unknown: 0 },
    });
  });

  it("settles a call once, whatever the second settlement says", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, reservation(teamId));
    const priced = { ...used(70, 30), price: { input: 1, output: 1 } };
    expect(await Promise.all([settleCall(call, priced), settleCall(call, priced)])).toEqual([100, 100]);
    expect(await settleCall(call, { ...used(900, 900), status: "failed" })).toBe(100);
    expect(await readQuota(actor, teamId, call.day)).toMatchObject({ committedTokens: 100, reservedTokens: 0 });
    expect(await readCall(call)).toMatchObject({ status: "done", inputTokens: 70 });
    expect(await queryRollups(teamId, call.day, call.day)).toMatchObject([{ calls: 1, inputTokens: 70 }]);
  });

  it("has no cost where no price is configured, and counts that", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, reservation(teamId));
    expect(await settleCall(call, used(10, 5))).toBeNull();
    expect((await readCall(call))?.costMicroUsd).toBeNull();
    expect(await queryRollups(teamId, call.day, call.day)).toMatchObject([{ costMicroUsd: 0, unpriced: 1 }]);
  });

  it("refuses before spending, with the numbers in the message and as data", async () => {
    const { actor, teamId } = asMember();
    await saveBudget(actor, { dailyTokens: 10_000 });
    await reserveCall(actor, { ...reservation(teamId), tokens: 7_500 });
    const refused = await reserveCall(actor, { ...reservation(teamId), tokens: 2_501 }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({
      code: "QUOTA_EXCEEDED",
      message: expect.stringMatching(/2,501 tokens, and 2,500 of today's 10,000 are left.*Nothing was spent.*UTC, in /),
      details: { neededTokens: 2_501, usedTokens: 0, reservedTokens: 7_500, leftTokens: 2_500, limitTokens: 10_000 },
    });
    expect(await readQuota(actor, teamId, today())).toMatchObject({ committedTokens: 7_500, leftTokens: 2_500 });
    await reserveCall(actor, { ...reservation(teamId), tokens: 2_500 });
    expect(await readQuota(actor, teamId, today())).toMatchObject({ committedTokens: 10_000, leftTokens: 0 });
  });

  it("refuses the first call of a day that asks for more than the day has", async () => {
    const { actor, teamId } = asMember();
    await saveBudget(actor, { dailyTokens: 100 });
    await expect(reserveCall(actor, { ...reservation(teamId), tokens: 101 })).rejects.toMatchObject({
      code: "QUOTA_EXCEEDED",
    });
    expect((await readQuota(actor, teamId, today())).committedTokens).toBe(0);
  });

  it("has no limit where no budget was set", async () => {
    const { actor, teamId } = asMember();
    await reserveCall(actor, { ...reservation(teamId), tokens: 900_000_000 });
    expect(await readQuota(actor, teamId, today())).toMatchObject({ limit: null, leftTokens: null });
  });

  it("hides a team's tokens from other teams", async () => {
    const { teamId } = asMember();
    await expect(reserveCall(product.actor, reservation(teamId))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("gives 100 calls that start together at the edge of a quota exactly what the day has", async () => {
    const { actor, teamId } = asMember();
    await saveBudget(actor, { dailyTokens: 40_050 });
    const starts = Array.from({ length: 100 }, () => reserveCall(actor, { ...reservation(teamId), tokens: 1_000 }));
    const ends = await Promise.allSettled(starts);
    expect(ends.filter((each) => each.status === "fulfilled")).toHaveLength(40);
    expect(await readQuota(actor, teamId, today())).toMatchObject({ committedTokens: 40_000, reservedTokens: 40_000 });
  });
});
