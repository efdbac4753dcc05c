import { highlightClassName } from "@redline/core/reviewers/schema";
import type { Document } from "./document";

/** A highlighted range of a document. */
export type Span = { from: number; to: number; className: string };

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));
const BASE = 32;

/**
 * Highlighting as it travels in a page: the classes that occur, and per span its gap to the one before, its length and
 * the number of its class, in a few characters each (triples of numbers would weigh more than the code).
 */
export type PackedSpans = { classes: string[]; spans: string };

/** Packs triples of from, to and class set (offsets of the stored text) as spans of the document. */
export function packSpans(document: Document, triples: ArrayLike<number>): PackedSpans {
  const numbers = new Map<number, number>();
  const parts: string[] = [];
  let at = 0;
  for (let i = 0; i + 2 < triples.length; i += 3) {
    const from = document.offset(triples[i] ?? 0);
    const to = document.offset(triples[i + 1] ?? 0);
    const set = triples[i + 2] ?? 0;
    if (to <= from || from < at) continue;
    const number = numbers.get(set) ?? numbers.size;
    numbers.set(set, number);
    parts.push(packNumber(from - at), packNumber(to - from), packNumber(number));
    at = to;
  }
  return { classes: [...numbers.keys()].map(highlightClassName), spans: parts.join("") };
}

export function unpackSpans({ classes, spans }: PackedSpans): Span[] {
  const unpacked: Span[] = [];
  let at = 0;
  let end = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; at < spans.length; scale *= BASE) {
      const digit = VALUES.get(spans[at++] ?? "") ?? 0;
      value += (digit % BASE) * scale;
      if (digit < BASE) return value;
    }
    return value;
  };
  while (at < spans.length) {
    const from = end + next();
    end = from + next();
    unpacked.push({ from, to: end, className: classes[next()] ?? "" });
  }
  return unpacked;
}

/** Encodes a number in base 32, least significant digit first; the alphabet's upper half marks a continuation. */
function packNumber(value: number): string {
  let rest = value;
  let packed = "";
  while (rest >= BASE) {
    packed += DIGITS[BASE + (rest % BASE)];
    rest = Math.floor(rest / BASE);
  }
  return packed + DIGITS[rest];
}
