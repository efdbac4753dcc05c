import * as v from "valibot";
import { LIMITS } from "../limits";

/** Browsers send a form's line ends as CRLF; they count as one character, as in the field where they were typed. */
export const instructionsSchema = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll("\r\n", "\n")),
  v.trim(),
  v.maxLength(
    LIMITS.model.instructionsChars,
    `Custom instructions are limited to ${LIMITS.model.instructionsChars.toLocaleString("en")} characters.`,
  ),
);

const BUDGET_RULE = `Enter a whole number of tokens from 1 to ${LIMITS.quota.maxBudgetTokens.toLocaleString("en")}. Leave the field empty for no limit.`;

export const dailyTokensSchema = v.nullable(
  v.pipe(
    v.number(BUDGET_RULE),
    v.integer(BUDGET_RULE),
    v.minValue(1, BUDGET_RULE),
    v.maxValue(LIMITS.quota.maxBudgetTokens, BUDGET_RULE),
  ),
);

/** A user's settings. `dailyTokens` is null without a budget. */
export type Settings = { instructions: string; dailyTokens: number | null };
