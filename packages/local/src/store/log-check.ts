/**
 * Checks the logs that LevelDB will replay when it is opened, and truncates them before damage.
 *
 * LevelDB passes over what it cannot read in a log, without a word, and goes on behind it: the result may lack a write in
 * the middle. Here a log ends at its first damage, as in RocksDB's point-in-time recovery, and the caller is
 * told.
 */
import { existsSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import { FieldReader, HEADER_BYTES, readLog } from "./level-log";

/** Sorts before all keys of the services. Its value is the number of the last write, put first in every batch. */
export const COMMIT_KEY = "\0commit";

const COMMIT_KEY_BYTES = Buffer.from(COMMIT_KEY);
/** A batch begins with its sequence number and its count of operations. */
const BATCH_HEADER_BYTES = 12;
const PUT = 1;
const LOG_NUMBER = 2;
/** Fields that follow each of a manifest's other tags: numbers and strings. */
const MANIFEST_FIELDS: Record<number, string> = { 1: "s", 3: "n", 4: "n", 5: "ns", 6: "nn", 7: "nnnss", 9: "n" };

export interface LogCheck {
  /** Logs with bytes that are no whole records. */
  damaged: string[];
  /** Logs to truncate, with the byte offset at which each is to end. */
  cuts: { path: string; end: number }[];
}

/**
 * Returns where the logs are to be cut: at the first damage, and behind the last acknowledged write where that is given,
 * as later ones were refused to those who sent them. Logs after a cut one are cut to nothing.
 */
export function checkLogs(levelFolder: string, lastAcknowledged = Number.POSITIVE_INFINITY): LogCheck {
  const check: LogCheck = { damaged: [], cuts: [] };
  let isOver = false;
  for (const path of liveLogs(levelFolder)) {
    const bytes = readFileSync(path);
    const records = readLog(bytes);
    const refused = records.findIndex(({ payload }) => (commitIn(payload) ?? 0) > lastAcknowledged);
    const kept = isOver ? 0 : refused < 0 ? records.length : refused;
    const isDamaged = !isPadding(bytes, records.at(-1)?.end ?? 0);
    if (isDamaged) check.damaged.push(path);
    isOver ||= isDamaged || refused >= 0;
    const end = records[kept - 1]?.end ?? 0;
    if (isOver && end < bytes.length) check.cuts.push({ path, end });
  }
  return check;
}

/** The caller holds the store's lock. */
export function cutLogs({ cuts }: LogCheck): void {
  for (const { path, end } of cuts) truncateSync(path, end);
}

/** The logs from the manifest's log number on, oldest first; none before LevelDB made its first manifest. */
function liveLogs(levelFolder: string): string[] {
  const current = join(levelFolder, "CURRENT");
  if (!existsSync(current)) return [];
  const first = firstLiveLog(readFileSync(join(levelFolder, basename(readFileSync(current, "utf8").trim()))));
  return readdirSync(levelFolder)
    .filter((name) => /^\d+\.log$/.test(name) && Number.parseInt(name, 10) >= first)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => join(levelFolder, name));
}

/** Reads only the log number of a manifest; other fields are skipped. */
function firstLiveLog(manifest: Buffer): number {
  let logNumber = 0;
  for (const { payload } of readLog(manifest)) {
    const fields = new FieldReader(payload);
    while (!fields.isAtEnd) {
      const tag = fields.number();
      if (tag === LOG_NUMBER) logNumber = fields.number();
      else if (!fields.skip(MANIFEST_FIELDS[tag])) return logNumber;
    }
  }
  return logNumber;
}

function commitIn(payload: Buffer): number | undefined {
  const fields = new FieldReader(payload, BATCH_HEADER_BYTES);
  if (fields.byte() !== PUT || !fields.string().equals(COMMIT_KEY_BYTES)) return undefined;
  return Number(fields.string().toString("utf8"));
}

/** LevelDB fills up a block that has no room for a header with zeros. */
const isPadding = (bytes: Buffer, from: number) =>
  bytes.length - from < HEADER_BYTES && bytes.subarray(from).every((byte) => byte === 0);
