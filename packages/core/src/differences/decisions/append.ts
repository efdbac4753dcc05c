import type { Actor } from "../../auth/schema";
import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import { nowIso } from "../../platform/clock";
import { failedTransactionItems } from "../../platform/dynamo-errors";
import { runExclusive } from "../../platform/keyed-mutex";
import { CONTENTION, retryUntilDefined } from "../../platform/retry";
import { writeAll } from "../../platform/transaction";
import { entryWrite, queryEntries } from "./log";
import type { LogEntry } from "./schema";

/** Fields that all entries have. */
export type EntryHead = Pick<LogEntry, "number" | "id" | "authorName" | "createdAt">;

/**
 * Appends an entry to a session's log: `write` gets the log as it is, and writes its entry on condition that no other has its
 * number; it returns undefined where one has, and is called again with the log as it is then. Idempotent by id. Throws
 * VERSION_CONFLICT when others kept winning.
 */
export function appendEntry(
  actor: Actor,
  sessionId: string,
  id: string,
  write: (log: LogEntry[], head: EntryHead) => Promise<LogEntry | undefined>,
): Promise<LogEntry> {
  return runExclusive(`DECISIONS#${sessionId}`, async () => {
    const attempt = async () => {
      const log = await queryEntries(sessionId);
      const done = log.find((entry) => entry.id === id);
      if (done) return done;
      const { maxPerSession } = LIMITS.hunkDecision;
      if (log.length >= maxPerSession)
        throw new AppError("CHANGE_REFUSED", `Decision limit reached (${maxPerSession} per session).`);
      const number = (log.at(-1)?.number ?? 0) + 1;
      return write(log, { number, id, authorName: actor.name, createdAt: nowIso() });
    };
    const entry = await retryUntilDefined(attempt, { ...CONTENTION, attempts: 20 });
    if (!entry) throw new AppError("VERSION_CONFLICT", "Too many concurrent decisions. Nothing was saved. Try again.");
    return entry;
  });
}

/** Writes an entry by itself; undefined where another has its number. */
export async function putEntry(actor: Actor, sessionId: string, entry: LogEntry): Promise<LogEntry | undefined> {
  try {
    await writeAll([entryWrite(sessionId, actor.userId, entry)]);
    return entry;
  } catch (error) {
    if (!failedTransactionItems(error)) throw error;
    return undefined;
  }
}
