/** Texts for property tests: few distinct lines, so that they repeat and slide, with every kind of line end. */
import fc from "fast-check";

const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "", "}", "\tif (x) {", "  return 1;", "// same") },
  { weight: 2, arbitrary: fc.string({ maxLength: 12, unit: "grapheme" }).map((text) => text.replaceAll("\n", " ")) },
  { weight: 1, arbitrary: fc.constantFrom("😀", "👩‍👩‍👧", "\ud83d", "é", "\r", "\ufeff") },
);
const newline = fc.oneof({ weight: 8, arbitrary: fc.constant("\n") }, { weight: 2, arbitrary: fc.constant("\r\n") });

/** Up to 30 lines; mixed line ends, a byte order mark or no final newline now and then. */
export const textArbitrary: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, newline), { maxLength: 30 }), fc.option(line, { nil: "" }))
  .map(
    ([mark, lines, last]) =>
      (mark && lines.length > 25 ? "\ufeff" : "") + lines.map((pair) => pair.join("")).join("") + last,
  );

/** A text and one made from it by a few insertions, deletions and moves of lines. */
export function editedText(base: string): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(fc.nat(40), fc.nat(4), fc.array(line, { maxLength: 4 }), fc.boolean()), { maxLength: 5 })
    .map((operations) => {
      const lines = base.split("\n");
      for (const [at, count, added, moves] of operations) {
        const removed = lines.splice(at, count, ...added);
        if (moves) lines.splice(Math.floor(lines.length / 2), 0, ...removed);
      }
      return lines.join("\n");
    });
}

/** A base and two texts made from it. */
export const mergeTriple: fc.Arbitrary<[string, string, string]> = textArbitrary.chain((base) =>
  fc.tuple(fc.constant(base), editedText(base), editedText(base)),
);
