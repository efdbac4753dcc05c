import { sweepWork } from "@redline/core/jobs/index";
import { invocation } from "@redline/core/platform/invocation";
import { migrateData } from "@redline/core/platform/migrations";
import { assertDataVersionSupported } from "@redline/core/platform/schema-version";
import { sweepUnsettledCalls } from "@redline/core/usage/internal";
import type { Context } from "aws-lambda";

const MIGRATE_FOR_MS = 30_000;

type Swept = { work: Awaited<ReturnType<typeof sweepWork>>; calls: number; migrated: number };

/**
 * Runs every minute: requeues work whose worker died, starts work that was never claimed, and marks calls without an
 * outcome as unknown. Migrates data of a former version.
 */
export const handler = (_event: unknown, context: Context): Promise<Swept> =>
  invocation("sweep", context, async () => {
    await assertDataVersionSupported();
    // Each by itself: what one of them can't do must not keep the others, nor the data, from going on.
    const parts = [sweepWork(), sweepUnsettledCalls()] as const;
    await Promise.allSettled(parts);
    const migrated = await migrateData(Date.now() + MIGRATE_FOR_MS);
    const [work, calls] = await Promise.all(parts);
    return { work, calls, migrated };
  });
