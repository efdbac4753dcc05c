import { createHash } from "node:crypto";
import { monotonicFactory } from "ulid";

const nextUlid = monotonicFactory();

/** Prefixes of every id; an id is `<prefix>_<ulid>`, so ids sort by when they were made. */
export type IdPrefix =
  | "usr"
  | "tea"
  | "ses"
  | "cod"
  | "chg"
  | "rev"
  | "upl"
  | "req"
  | "ann"
  | "thr"
  | "msg"
  | "cal"
  | "dec"
  | "inv";

export function newId(prefix: IdPrefix): string {
  return `${prefix}_${nextUlid()}`;
}

/** Returns the same id for the same facts, so that repeating an action refers to the same thing. */
export function derivedId(prefix: IdPrefix, ...facts: string[]): string {
  return `${prefix}_${createHash("sha256").update(facts.join("\0")).digest("hex").slice(0, 26)}`;
}

/** Version and sequence numbers in sort keys: zero-padded to eight digits. */
export function padNumber(number: number): string {
  return String(number).padStart(8, "0");
}
