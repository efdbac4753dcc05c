import * as v from "valibot";
import { LIMITS } from "../limits";

export const instructionsSchema = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(
    LIMITS.model.instructionsChars,
    `Custom instructions have at most ${LIMITS.model.instructionsChars.toLocaleString("en")} characters.`,
  ),
);

/** What a user chose for all of their work. `dailyTokens` is null where they set no budget. */
export type Settings = { instructions: string; dailyTokens: number | null };
