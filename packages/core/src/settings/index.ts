/** What a user chose for all of their work. */
import * as v from "valibot";
import { operation } from "../platform/operation";
import { dailyTokensSchema, instructionsSchema } from "./schema";
import { readSettings, writeSetting } from "./store";

export const getSettings = operation("settings.get", v.object({}), (actor) => readSettings(actor.userId));

/** Keeps what every prompt of this user ends with. Empty text removes it. */
export const saveInstructions = operation(
  "settings.saveInstructions",
  v.object({ instructions: instructionsSchema }),
  async (actor, { instructions }) => {
    await writeSetting(actor.userId, { instructions });
    return { instructions };
  },
);

/** Bounds the tokens that models may use in a day; null removes the bound. It holds from the next call on. */
export const saveBudget = operation(
  "settings.saveBudget",
  v.object({ dailyTokens: dailyTokensSchema }),
  async (actor, { dailyTokens }) => {
    await writeSetting(actor.userId, { dailyTokens });
    return { dailyTokens };
  },
);
