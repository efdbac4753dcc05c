/**
 * Keeps pages as React rendered them, by all that they were rendered from: address, data and minute. Access is checked
 * before: the data is what this request's loaders returned. What is each response's own (its nonce, and ids for plain
 * forms) is cut out of what is kept, and filled in again.
 */
import { hashText } from "@redline/core/platform/blobs";
import { LRUCache } from "lru-cache";

const MAX_CHARS = (process.env.REDLINE_LOCAL === "1" ? 2 : 8) * 1024 * 1024;

/** A page's HTML; a number stands for the fresh value of that index. */
type Cut = readonly (string | number)[];

const pages = new LRUCache<string, Cut>({
  maxSize: MAX_CHARS,
  maxEntrySize: MAX_CHARS / 4,
  sizeCalculation: (parts) => parts.reduce<number>((sum, part) => sum + String(part).length, 1),
});

/** Returns the key of a page; undefined where data that is still awaited is a part of it. `fresh` does not count. */
export function pageKey(
  address: string,
  loaderData: Record<string, unknown>,
  fresh: readonly string[],
): string | undefined {
  const isAwaited = Object.values(loaderData).some((data) => Object.values(data ?? {}).some(isPromise));
  if (isAwaited) return undefined;
  return hashText(JSON.stringify(cut(`${address}\n${JSON.stringify(loaderData)}`, fresh)));
}

const isPromise = (value: unknown): boolean => typeof (value as Promise<unknown> | null)?.then === "function";

export const keepPage = (key: string, html: string, fresh: readonly string[]): void =>
  void pages.set(key, cut(html, fresh));

/** Returns a page that was kept, with this response's fresh values. */
export const keptPage = (key: string, fresh: readonly string[]): string | undefined =>
  pages
    .get(key)
    ?.map((part) => (typeof part === "number" ? fresh[part] : part))
    .join("");

function cut(text: string, fresh: readonly string[]): Cut {
  const anyOf = new RegExp(`(${fresh.map(escapeRegExp).join("|")})`);
  return text.split(anyOf).map((part, at) => (at % 2 === 1 ? fresh.indexOf(part) : part));
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
