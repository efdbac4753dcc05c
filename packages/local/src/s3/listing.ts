/** Pages of a bucket's keys or versions, in the order of the keys' UTF-8 bytes, folded at a delimiter. */
import type { Store } from "../store";
import type { Bucket } from "./buckets";
import { type ObjectVersion, objectRows, versionRows } from "./objects";

export interface ListQuery {
  prefix: string;
  /** Keys that share what comes before its first occurrence after the prefix are shown as one common prefix. */
  delimiter?: string;
  /** Entries and common prefixes together. */
  limit: number;
  /** Begin after this key, or after this common prefix and everything in it. */
  after?: string;
  /** With versions: begin after this version of the key `after`, not after the whole key. */
  afterVersionId?: string;
}

export interface ListPage {
  entries: ObjectVersion[];
  commonPrefixes: string[];
  /** Cursor of the next page; absent on the last one. */
  next?: { after: string; afterVersionId?: string };
}

/** Sorts after every string that continues the one before it. */
const HIGHEST = "\u{10FFFF}";

/** Current objects only. */
export function listObjects(store: Store, bucket: Bucket, query: ListQuery): Promise<ListPage> {
  return list(store, objectRows(bucket.name), "", query);
}

/** All versions and delete markers, newest first within a key. */
export function listVersions(store: Store, bucket: Bucket, query: ListQuery): Promise<ListPage> {
  return list(store, versionRows(bucket.name), "\0", query);
}

async function list(store: Store, rows: string, keyEnd: string, query: ListQuery): Promise<ListPage> {
  const { prefix, delimiter, limit, after, afterVersionId } = query;
  const page: ListPage = { entries: [], commonPrefixes: [] };
  if (limit === 0) return page;
  let last: { after: string; afterVersionId?: string } | undefined;
  let start: { gt?: string; gte?: string } = { gte: rows + prefix };
  if (after !== undefined && after >= prefix)
    start = { gt: rows + startAfter(after, afterVersionId, keyEnd, delimiter) };
  // Each turn reads up to a common prefix and then jumps over everything in it.
  for (;;) {
    let jump: string | undefined;
    for await (const [row, version] of store.iterate<ObjectVersion>({ ...start, lt: rows + prefix + HIGHEST })) {
      const cut = delimiter ? version.key.indexOf(delimiter, prefix.length) : -1;
      const folded = cut < 0 ? undefined : version.key.slice(0, cut + (delimiter?.length ?? 0));
      if (page.entries.length + page.commonPrefixes.length === limit) return { ...page, next: last };
      if (folded !== undefined) {
        page.commonPrefixes.push(folded);
        last = { after: folded };
        jump = rows + folded + HIGHEST;
        break;
      }
      page.entries.push(version);
      last = { after: version.key, ...(keyEnd && { afterVersionId: row.slice(row.lastIndexOf(keyEnd) + 1) }) };
    }
    if (jump === undefined) return page;
    start = { gt: jump };
  }
}

function startAfter(after: string, afterVersionId: string | undefined, keyEnd: string, delimiter?: string): string {
  if (delimiter && after.endsWith(delimiter)) return after + HIGHEST;
  if (!keyEnd) return after;
  return after + keyEnd + (afterVersionId ?? HIGHEST);
}
