/** Conditions and ranges of reads and writes. */
import { invalidArgument, notImplemented, preconditionFailed, S3Error } from "./errors";
import type { ObjectVersion, WriteCondition } from "./objects";
import type { Headers } from "./request";

/** @throws {S3Error} for conditions that S3 does not know for writes */
export function writeCondition(headers: Headers): WriteCondition {
  const { "if-none-match": ifNoneMatch, "if-match": ifMatch } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*")
    throw notImplemented("If-None-Match with anything but * on a write");
  return { absent: ifNoneMatch === "*", etag: ifMatch === undefined ? undefined : withoutQuotes(ifMatch) };
}

/** @throws {S3Error} PreconditionFailed, or 304 when the reader has it already */
export function checkReadConditions(headers: Headers, { etag, lastModifiedMs }: ObjectVersion): void {
  const modifiedS = Math.floor(lastModifiedMs / 1_000);
  const matches = (list: string) => list.split(",").some((one) => one.trim() === "*" || withoutQuotes(one) === etag);
  const seconds = (date: string | undefined) => (date === undefined ? Number.NaN : Date.parse(date) / 1_000);
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && !matches(ifMatch)) throw preconditionFailed();
  if (ifMatch === undefined && modifiedS > seconds(headers["if-unmodified-since"])) throw preconditionFailed();
  const ifNoneMatch = headers["if-none-match"];
  const known = ifNoneMatch === undefined ? modifiedS <= seconds(headers["if-modified-since"]) : matches(ifNoneMatch);
  if (known) throw new S3Error(304, "NotModified", "Not Modified", { etag: `"${etag}"` });
}

const COPY_SOURCE = "x-amz-copy-source-";

/** Checks a copy's conditions on its source, as a reader's. @throws {S3Error} PreconditionFailed, never 304 */
export function checkCopyConditions(headers: Headers, source: ObjectVersion): void {
  const sourceConditions = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(COPY_SOURCE) ? [[name.slice(COPY_SOURCE.length), value] as const] : [],
  );
  try {
    checkReadConditions(Object.fromEntries(sourceConditions), source);
  } catch (error) {
    throw error instanceof S3Error ? preconditionFailed() : error;
  }
}

/** First and last byte. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The bytes asked for, or undefined for all of them: as HTTP wants it, a range that is not understood is ignored.
 * @throws {S3Error} InvalidRange
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, from = "", to = ""] = match;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < first) return undefined;
  if (first > last || first >= size)
    throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
      "content-range": `bytes */${size}`,
    });
  return { first, last };
}

/** @throws {S3Error} when a whole number is not one */
export function wholeNumber(text: string | undefined, name: string): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw invalidArgument(`${name} must be a whole number.`);
  return Number(text);
}

const withoutQuotes = (etag: string) => etag.trim().replace(/^"|"$/g, "");
