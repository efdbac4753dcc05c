import { purgeTrash } from "@redline/core/sessions/index";

/** Once a day: what was in the trash for a week goes for good, with the blobs that nothing names any more. */
export const handler = (): Promise<{ sessions: number; blobs: number }> => purgeTrash(Date.now());
