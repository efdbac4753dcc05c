import fc from "fast-check";
import { expect, it } from "vitest";
import { encoded, encodedStart, HIGHEST, justAfter } from "./keys";
import type { AttributeValue } from "./model";

const bytes = (text: string) => Buffer.from(text);
const order = (a: AttributeValue, b: AttributeValue) => Math.sign(Buffer.compare(bytes(encoded(a)), bytes(encoded(b))));

/** Text with many equal beginnings and with NULs, which the end mark is made of. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "\u0000", "\u0001", "é", "\uffff", "😀"), maxLength: 5 }),
  fc.string({ unit: "grapheme" }),
);

it("sorts strings by their bytes", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(order({ S: a }, { S: b })).toBe(Math.sign(Buffer.compare(bytes(a), bytes(b))));
    }),
    { numRuns: 2_000 },
  );
});

it("sorts numbers by their size", () => {
  const number = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 1000),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e120, max: 1e120 })
      .filter((n) => n === 0 || Math.abs(n) > 1e-120),
  );
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(order({ N: String(a) }, { N: String(b) })).toBe(Math.sign(a - b));
    }),
    { numRuns: 2_000 },
  );
});

it("never makes one key the beginning of another, and ends every range right behind its key", () => {
  fc.assert(
    fc.property(text, text, text, (a, b, rest) => {
      const [left, right] = [encoded({ S: a }), encoded({ S: b })];
      expect(left.startsWith(right)).toBe(a === b);
      const inside = bytes(left + encoded({ S: rest }));
      expect(Buffer.compare(inside, bytes(left))).toBe(1);
      expect(Buffer.compare(inside, bytes(justAfter(left)))).toBe(-1);
    }),
    { numRuns: 2_000 },
  );
});

it("finds what begins with a text between its start and the highest key", () => {
  fc.assert(
    fc.property(text, text, (whole, start) => {
      const [key, from] = [bytes(encoded({ S: whole })), encodedStart({ S: start })];
      const found = Buffer.compare(key, bytes(from)) >= 0 && Buffer.compare(key, bytes(from + HIGHEST)) < 0;
      expect(found).toBe(whole.startsWith(start));
    }),
    { numRuns: 2_000 },
  );
});
