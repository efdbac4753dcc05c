/** What a user chose for all of their work. */
import type { Settings } from "./schema";

/** The settings of a user, with nothing set where they never chose. For core's own use; pages call `getSettings`. */
export async function settingsOf(_userId: string): Promise<Settings> {
  throw new Error("not written yet");
}
