/** The identity of a finding: what stays the same while the code around it changes. */
import { createHash } from "node:crypto";

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
