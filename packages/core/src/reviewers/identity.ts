/** The identity of a finding: what stays the same while the code around it changes. */
import { createHash } from "node:crypto";
import type { CodePlace } from "./schema";

export type Place = { rule: string; path: string; symbol: string; context: string };

/** Identities in the order of `places`; equal places are told apart by their ordinal from the top of the file. */
export function identify(places: readonly Place[]): string[] {
  const seen = new Map<string, number>();
  return places.map(({ rule, path, symbol, context }) => {
    const key = JSON.stringify([rule, path, symbol, context]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return createHash("sha256").update(`${key}#${ordinal}`).digest("hex").slice(0, 16);
  });
}

const maxContextChars = 400;

/** A place in code that nothing parses: its whole lines, without their white space. */
export function plainPlaceOf(text: string, start: number, end: number): CodePlace {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", Math.max(start, end - 1));
  const lines = text.slice(from, to < 0 ? text.length : to);
  return { symbol: "", context: lines.replace(/\s+/g, "").slice(0, maxContextChars) };
}
