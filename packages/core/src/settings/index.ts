/** What a user chose for all of their work. */
import * as v from "valibot";
import { authorize } from "../access/index";
import type { Actor } from "../auth/schema";
import { operation } from "../platform/operation";
import { dailyTokensSchema, instructionsSchema } from "./schema";
import { readSettings, writeSetting } from "./store";

export const getSettings = operation("settings.get", "settings.edit", v.object({}), async (actor) =>
  readSettings(ownerOf(actor)),
);

/** Keeps what every prompt of this user ends with. Empty text removes it. */
export const saveInstructions = operation(
  "settings.saveInstructions",
  "settings.edit",
  v.object({ instructions: instructionsSchema }),
  async (actor, { instructions }) => {
    await writeSetting(ownerOf(actor), { instructions });
    return { instructions };
  },
);

/** Bounds the tokens that models may use in a day; null removes the bound. It holds from the next call on. */
export const saveBudget = operation(
  "settings.saveBudget",
  "settings.edit",
  v.object({ dailyTokens: dailyTokensSchema }),
  async (actor, { dailyTokens }) => {
    await writeSetting(ownerOf(actor), { dailyTokens });
    return { dailyTokens };
  },
);

/** Settings are the actor's own: returns whose, once that is authorized. */
function ownerOf(actor: Actor): string {
  const { userId } = actor;
  authorize(actor, "settings.edit", { userId });
  return userId;
}
