import fc from "fast-check";
import { expect, test } from "vitest";
import { changedWords } from "./changed-words";

const marked = (text: string, ranges: { from: number; to: number }[]) =>
  ranges.map(({ from, to }) => text.slice(from, to));

test("marks the word that changed, not the line", () => {
  const before = "const total = a + b;\n";
  const after = "const sum = a + b;\n";
  const found = changedWords(before, after);
  expect(marked(before, found?.before ?? [])).toEqual(["total"]);
  expect(marked(after, found?.after ?? [])).toEqual(["sum"]);
});

test("marks changed white space and line endings", () => {
  const found = changedWords("if (a)\n  go(a);\n", "if (a) go(a);\n");
  expect(marked("if (a)\n  go(a);\n", found?.before ?? []).join("")).toContain("\n");
});

test("marks nothing in unrelated blocks", () => {
  expect(changedWords("import a from 'b';\n", "while (next()) run();\n")).toBeNull();
});

test("marks nothing where one side is empty or the blocks are huge", () => {
  expect(changedWords("", "x\n")).toBeNull();
  expect(changedWords("a b ".repeat(5_000), "a c ".repeat(5_000))).toBeNull();
});

test("what is not marked is the same on both sides, whatever the texts", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "=", "\n", "é", "😀"), maxLength: 40 });
  fc.assert(
    fc.property(line, line, (before, after) => {
      const found = changedWords(before, after);
      if (!found) return;
      const rest = (text: string, ranges: { from: number; to: number }[]) =>
        [...ranges].reverse().reduce((left, { from, to }) => left.slice(0, from) + left.slice(to), text);
      expect(rest(before, found.before)).toBe(rest(after, found.after));
    }),
  );
});
