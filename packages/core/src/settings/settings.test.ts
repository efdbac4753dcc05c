import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { getSettings, saveBudget, saveInstructions } from "./index";
import { settingsOf } from "./internal";

withProduct();
const someone = (): Actor => ({ userId: `usr_${randomUUID()}`, name: "Someone", personalTeamId: "tea_x", teams: {} });

describe("settings", () => {
  it("are empty at first, and separate for each user", async () => {
    const [one, other] = [someone(), someone()];
    await saveBudget(one, { dailyTokens: 5_000 });
    expect(await getSettings(one, {})).toEqual({ instructions: "", dailyTokens: 5_000 });
    expect(await settingsOf(other.userId)).toEqual({ instructions: "", dailyTokens: null });
  });

  it("are saved one by one, so that two tabs don't overwrite each other", async () => {
    const actor = someone();
    await Promise.all([saveInstructions(actor, { instructions: "Be brief." }), saveBudget(actor, { dailyTokens: 7 })]);
    expect(await getSettings(actor, {})).toEqual({ instructions: "Be brief.", dailyTokens: 7 });
    await saveBudget(actor, { dailyTokens: null });
    await saveInstructions(actor, { instructions: "  " });
    expect(await getSettings(actor, {})).toEqual({ instructions: "", dailyTokens: null });
  });

  it("count a form's line ends as one character, and take 4,000", async () => {
    const actor = someone();
    const lines = (count: number) => `${"x\r\n".repeat(count - 1)}xx`;
    await saveInstructions(actor, { instructions: lines(2_000) });
    expect((await getSettings(actor, {})).instructions).toHaveLength(4_000);
    const tooLong = saveInstructions(actor, { instructions: `${lines(2_000)}x` });
    await expect(tooLong).rejects.toMatchObject({ code: "INVALID_INPUT", field: "instructions" });
  });

  it.each([0, -5, 1.5, Number.NaN, 2_000_000_000])("refuse a budget of %s tokens", async (dailyTokens) => {
    const refused = saveBudget(someone(), { dailyTokens });
    await expect(refused).rejects.toMatchObject({ code: "INVALID_INPUT", field: "dailyTokens" });
  });
});
