import { describe, expect, it } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { csvLine } from "./csv";
import { exportCalls, getQuota, listCalls, listDays } from "./index";
import { reserveCall, settleCall } from "./internal";
import { type CallAbout, dayOf } from "./schema";
import { asMember, reservation, used } from "./usage.test-support";

const product = withProduct();
const today = () => dayOf(Date.now());
const range = (teamId: string) => ({ teamId, from: today(), to: dayOf(Date.now() + 60_000) });

async function calls(count: number, task: "reply" | "review" = "reply") {
  const { actor, teamId } = asMember();
  for (let at = 0; at < count; at += 1) {
    const call = await reserveCall(actor, { ...reservation(teamId), task: at % 10 === 0 ? "review" : task });
    if (at % 4 !== 0) await settleCall(call, used(at, 1));
  }
  return { actor, teamId };
}

describe("the list of calls", () => {
  it("comes newest first, 50 at a time, each row once", async () => {
    const { actor, teamId } = await calls(103);
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listCalls(actor, { teamId, cursor });
      seen.push(...page.calls.map((call) => call.id));
      sizes.push(page.calls.length);
      cursor = page.nextCursor;
    } while (cursor);
    expect(sizes).toEqual([50, 50, 3]);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it("can be narrowed to a purpose, a status and days", async () => {
    const { actor, teamId } = await calls(20);
    const reviews = await listCalls(actor, { teamId, task: "review" });
    expect(reviews.calls.map((call) => call.task)).toEqual(["review", "review"]);
    const open = await listCalls(actor, { ...range(teamId), status: "reserved" });
    expect(open.calls).toHaveLength(5);
    expect((await listCalls(actor, { teamId, to: "2026-01-01" })).calls).toEqual([]);
    expect((await listCalls(actor, { teamId, from: "2999-01-01" })).calls).toEqual([]);
  });

  it("refuses another list's cursor", async () => {
    const { actor, teamId } = await calls(52);
    const { nextCursor } = await listCalls(actor, { teamId });
    const other = listCalls(actor, { teamId, status: "done", cursor: nextCursor });
    await expect(other).rejects.toMatchObject({ code: "INVALID_INPUT", field: "cursor" });
  });
});

describe("a range of days", () => {
  it("sums calls by day and purpose", async () => {
    const { actor, teamId } = await calls(8);
    expect(await listDays(actor, range(teamId))).toMatchObject([
      { day: today(), task: "reply", calls: 6, inputTokens: 1 + 2 + 3 + 5 + 6 + 7, outputTokens: 6 },
    ]);
    expect(await listDays(actor, { teamId, from: "2026-01-01", to: "2026-01-02" })).toEqual([]);
  });

  it.each([
    ["2026-02-02", "2026-02-01", "to", "The end date is before the start date."],
    ["2024-01-01", "2025-02-01", "from", "A range is limited to 366 days."],
    ["2026-02-30", "2026-03-01", "from", "That day is not in the calendar."],
    ["yesterday", "2026-03-01", "from", "A day is written like 2026-01-31."],
  ])("from %s to %s is refused with a message", async (from, to, field, message) => {
    const { actor, teamId } = asMember();
    await expect(listDays(actor, { teamId, from, to })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field,
      message,
    });
  });

  it("may be a whole leap year", async () => {
    const { actor, teamId } = asMember();
    expect(await listDays(actor, { teamId, from: "2028-01-01", to: "2028-12-31" })).toEqual([]);
  });
});

describe("a team's usage", () => {
  it("is visible to its members only", async () => {
    const { teamId } = asMember();
    const days = { ...range(teamId) };
    for (const refused of [
      listDays(product.actor, days),
      listCalls(product.actor, { teamId }),
      getQuota(product.actor, { teamId }),
      exportCalls(product.actor, days),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });
});

describe("the ledger as CSV", () => {
  const parsed = async (lines: AsyncGenerator<string>) => {
    let text = "";
    for await (const chunk of lines) text += chunk;
    expect(text.endsWith("\r\n")).toBe(true);
    return text.slice(0, -2).split("\r\n");
  };

  it("has every row of the range, oldest first, with its purpose", async () => {
    const { actor, teamId } = asMember();
    const about: CallAbout = { kind: "message", sessionId: "ses_1", threadId: "thr_1", number: 7 };
    const call = await reserveCall(actor, { ...reservation(teamId), about, model: "openai:http://x/v1#a,b" });
    const usage = { ...used(10, 20).usage, cacheWriteTokens: 4 };
    const price = { input: 100, output: 0.5, cacheWrite: 112.5 };
    await settleCall(call, { ...used(10, 20), usage, model: 'm"1', price, firstTokenMs: 3 });
    await reserveCall(actor, {
      ...reservation(teamId),
      about: { kind: "review", sessionId: "s", reviewId: "r", path: "=1+1" },
    });
    const [head, first, second, ...rest] = await parsed(await exportCalls(actor, range(teamId)));
    expect(rest).toEqual([]);
    expect(head?.split(",")).toHaveLength(23);
    expect(first).toMatch(
      /^cal_\w+,2[^,]+Z,usr_[^,]+,reply,message,ses_1,thr_1,7,,,,"m""1",reply\/1,done,1000,10,0,20,false,0\.001060,3,5,4$/,
    );
    expect(second).toMatch(/,reply,review,s,,,r,'=1\+1,,m1,reply\/1,reserved,1000,0,0,0,false,,,,0$/);
  });

  it("has all rows of a ledger of many pages", async () => {
    const { actor, teamId } = await calls(120);
    expect(await parsed(await exportCalls(actor, range(teamId)))).toHaveLength(121);
  });

  it.each(["=cmd()", "+1", "-1+1", "@x", "\tx", "\rx"])("keeps a spreadsheet from running %j", (text) => {
    expect(csvLine([text]).replaceAll('"', "")).toBe(`'${text}\r\n`);
  });

  it("quotes where necessary and leaves unknown values empty", () => {
    expect(csvLine(["a,b", 'say "x"', "two\nlines", null, undefined, 0, -1, true])).toBe(
      '"a,b","say ""x""","two\nlines",,,0,-1,true\r\n',
    );
  });
});
