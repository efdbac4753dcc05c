import type { Settings } from "./schema";
import { readSettings } from "./store";

/** The settings of a user, with nothing set where they never chose. For core's own use; pages call `getSettings`. */
export async function settingsOf(userId: string): Promise<Settings> {
  return readSettings(userId);
}
