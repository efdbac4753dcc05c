import { invocation } from "@redline/core/platform/invocation";
import { assertDataVersionSupported } from "@redline/core/platform/schema-version";
import { purgeTrash } from "@redline/core/sessions/internal";
import type { Context } from "aws-lambda";

/** Once a day: what was in the trash for a week goes for good, with the blobs that nothing names any more. */
export const handler = (_event: unknown, context: Context): Promise<{ sessions: number; blobs: number }> =>
  invocation("nightly", context, async () => {
    await assertDataVersionSupported();
    return purgeTrash(Date.now());
  });
