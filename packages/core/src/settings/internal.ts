import type { Settings } from "./schema";
import { readSettings } from "./store";

/** Returns a user's settings, with defaults where nothing is set. For core's own use; pages call `getSettings`. */
export async function settingsOf(userId: string): Promise<Settings> {
  return readSettings(userId);
}
