/** A user's own settings. */
import * as v from "valibot";
import { authorize } from "../access/index";
import type { Actor } from "../auth/schema";
import { operation } from "../platform/operation";
import { dailyTokensSchema, instructionsSchema } from "./schema";
import { readSettings, writeSetting } from "./store";

export const getSettings = operation("settings.get", "settings.edit", v.object({}), async (actor) =>
  readSettings(settingsOwner(actor)),
);

/** Stores the custom instructions that end every prompt of this user. Empty text removes them. */
export const saveInstructions = operation(
  "settings.saveInstructions",
  "settings.edit",
  v.object({ instructions: instructionsSchema }),
  async (actor, { instructions }) => {
    await writeSetting(settingsOwner(actor), { instructions });
    return { instructions };
  },
);

/** Sets the user's daily token budget; null removes it. It applies from the next model call on. */
export const saveBudget = operation(
  "settings.saveBudget",
  "settings.edit",
  v.object({ dailyTokens: dailyTokensSchema }),
  async (actor, { dailyTokens }) => {
    await writeSetting(settingsOwner(actor), { dailyTokens });
    return { dailyTokens };
  },
);

/** Returns the id of the user whose settings they are: the actor, once authorized. */
function settingsOwner(actor: Actor): string {
  const { userId } = actor;
  authorize(actor, "settings.edit", { userId });
  return userId;
}
