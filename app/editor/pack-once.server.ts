import { Document } from "./document";
import { type PackedSpans, packSpans } from "./spans";

/** Packed spans by the array that they were made from, which belongs to one text. */
const packed = new WeakMap<ArrayLike<number>, PackedSpans>();

/** Returns a text's highlighting as it travels in a page. */
export function packOnce(text: string, spans: ArrayLike<number>): PackedSpans {
  const known = packed.get(spans);
  if (known) return known;
  const made = packSpans(new Document(text), spans);
  packed.set(spans, made);
  return made;
}
