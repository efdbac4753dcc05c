import { afterEach, describe, expect, it, vi } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { saveBudget } from "../settings/index";
import { queryRollups } from "./day-items";
import { reserveCall, settleCall, sweepUnsettledCalls } from "./internal";
import { readQuota } from "./quota";
import { readCall } from "./store";
import { asMember, reservation, used } from "./usage.test-support";

withProduct();
afterEach(() => void vi.useRealTimers());

describe("an unsettled call", () => {
  const minutes = (count: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + count * 60_000 });
  const sweep = async () => {
    // The index is late in these tests: the sweeper comes again each minute.
    await new Promise((resolve) => setTimeout(resolve, 400));
    return sweepUnsettledCalls();
  };

  it("is left alone while it may still be in progress", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, reservation(teamId));
    minutes(14);
    await sweep();
    expect((await readCall(call))?.status).toBe("reserved");
  });

  it("is marked unknown once it can't be running, and its reservation stays counted", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, { ...reservation(teamId), tokens: 3_000 });
    minutes(16);
    await sweep();
    await sweep();
    expect((await readCall(call))?.status).toBe("unknown");
    const numbers = { committedTokens: 3_000, reservedTokens: 0, unknownTokens: 3_000, usedTokens: 0 };
    expect(await readQuota(actor, teamId, call.day)).toMatchObject(numbers);
    expect(await queryRollups(teamId, call.day, call.day)).toMatchObject([{ calls: 1, unknown: 1, inputTokens: 0 }]);
  });

  it("can still be settled when its producer returns", async () => {
    const { actor, teamId } = asMember();
    const call = await reserveCall(actor, { ...reservation(teamId), tokens: 3_000 });
    minutes(16);
    await sweep();
    await settleCall(call, used(40, 2));
    expect((await readCall(call))?.status).toBe("done");
    const numbers = { committedTokens: 42, reservedTokens: 0, unknownTokens: 0, usedTokens: 42 };
    expect(await readQuota(actor, teamId, call.day)).toMatchObject(numbers);
    expect(await queryRollups(teamId, call.day, call.day)).toMatchObject([{ calls: 1, unknown: 0, inputTokens: 40 }]);
  });
});

// After the others, and in this order: ids of a process never go back in time.
describe("a day", () => {
  /** The clock of this process, also where a clock on the wall is put forward or back that night. */
  const at = (iso: string) => vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(iso) });

  it.each([
    ["an ordinary midnight", "2027-02-10T23:59:59.999Z", "2027-02-11T00:00:00.000Z"],
    ["the night that Berlin's clocks go forward", "2027-03-27T23:59:59.999Z", "2027-03-28T00:00:00.000Z"],
    ["the night that Berlin's clocks go back", "2027-10-30T23:59:59.999Z", "2027-10-31T00:00:00.000Z"],
    ["New Year", "2027-12-31T23:59:59.999Z", "2028-01-01T00:00:00.000Z"],
  ])("ends at midnight UTC, and a call settles on the day it started: %s", async (_night, before, after) => {
    const { actor, teamId } = asMember();
    await saveBudget(actor, { dailyTokens: 1_000 });
    at(before);
    const late = await reserveCall(actor, { ...reservation(teamId), tokens: 1_000 });
    expect(late.day).toBe(before.slice(0, 10));
    at(after);
    const early = await reserveCall(actor, { ...reservation(teamId), tokens: 600 });
    expect(early.day).toBe(after.slice(0, 10));
    await settleCall(late, used(300, 100));
    expect(await readQuota(actor, teamId, late.day)).toMatchObject({ committedTokens: 400, resetsAt: after });
    expect(await readQuota(actor, teamId, early.day)).toMatchObject({ committedTokens: 600, reservedTokens: 600 });
    expect((await queryRollups(teamId, late.day, early.day)).map((each) => each.day)).toEqual([late.day]);
  });
});
