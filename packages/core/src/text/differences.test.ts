import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, diffEdits, diffLines, invertEdits, mapRange, mapRanges, splitLines, unifiedDiff } from "./index";
import { textArbitrary } from "./text.test-arbitraries";

const RUNS = { numRuns: 500 };

describe("splitLines", () => {
  it("keeps terminators, so that the lines join to the text", () => {
    fc.assert(
      fc.property(textArbitrary, (text) => {
        expect(splitLines(text).join("")).toBe(text);
      }),
      RUNS,
    );
  });

  it("ends lines at LF and CRLF, never at a lone CR", () => {
    expect(splitLines("a\r\nb\rc\n\nd")).toEqual(["a\r\n", "b\rc\n", "\n", "d"]);
    expect(splitLines("")).toEqual([]);
  });
});

describe("edits", () => {
  it("turn one text into the other, and inverted, back", () => {
    fc.assert(
      fc.property(textArbitrary, textArbitrary, (a, b) => {
        const edits = diffEdits(a, b);
        expect(applyEdits(a, edits)).toBe(b);
        expect(applyEdits(b, invertEdits(a, edits))).toBe(a);
      }),
      RUNS,
    );
  });

  it("are none between equal texts", () => {
    fc.assert(
      fc.property(textArbitrary, (text) => {
        expect(diffEdits(text, text)).toEqual([]);
      }),
    );
  });

  it("mark the word that changed, not its line", () => {
    expect(diffEdits("const total = 1;\nrest\n", "const sum = 1;\nrest\n")).toEqual([
      { start: 6, end: 11, text: "sum" },
    ]);
  });

  it("never cut a surrogate pair or a CRLF in two", () => {
    const a = "let face = '😀'; // one\r\n";
    const b = "let face = '😁'; // one\n";
    for (const { start, end } of diffEdits(a, b)) {
      for (const at of [start, end]) {
        expect(a.slice(at - 1, at + 1)).not.toBe("\r\n");
        expect(/[\ud800-\udbff]/.test(a[at - 1] ?? "")).toBe(false);
      }
    }
    expect(applyEdits(a, diffEdits(a, b))).toBe(b);
  });

  it.each([
    ["out of range", [{ start: 0, end: 9, text: "" }]],
    ["backwards", [{ start: 2, end: 1, text: "" }]],
    [
      "unsorted",
      [
        { start: 2, end: 3, text: "" },
        { start: 0, end: 1, text: "" },
      ],
    ],
    [
      "overlapping",
      [
        { start: 0, end: 2, text: "" },
        { start: 1, end: 3, text: "" },
      ],
    ],
  ])("are refused when %s", (_, edits) => {
    expect(() => applyEdits("abc", edits)).toThrow(RangeError);
    expect(() => invertEdits("abc", edits)).toThrow(RangeError);
  });
});

describe("diffLines", () => {
  it("gives hunks in order, outside of which the texts are equal", () => {
    fc.assert(
      fc.property(textArbitrary, textArbitrary, (a, b) => {
        const before = splitLines(a);
        const after = splitLines(b);
        let i = 0;
        let j = 0;
        for (const hunk of [
          ...diffLines(a, b),
          { aStart: before.length, aEnd: before.length, bStart: after.length, bEnd: 0 },
        ]) {
          expect(before.slice(i, hunk.aStart)).toEqual(after.slice(j, hunk.bStart));
          i = hunk.aEnd;
          j = hunk.bEnd;
        }
      }),
      RUNS,
    );
  });

  it("shows an added function whole, from its first line to the blank one after it", () => {
    const one = "function one() {\n  return 1;\n}\n";
    const two = "function two() {\n  return 2;\n}\n";
    expect(diffLines(`${one}\n`, `${one}\n${two}\n`)).toEqual([{ aStart: 4, aEnd: 4, bStart: 4, bEnd: 8 }]);
    expect(diffLines(`${one}\n${one}`, `${one}\n${two}\n${one}`)).toEqual([{ aStart: 4, aEnd: 4, bStart: 4, bEnd: 8 }]);
  });
});

describe("unifiedDiff", () => {
  it("prints what git prints", () => {
    const a = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    expect(unifiedDiff(a, a.replace("5\n", "five\n"), { path: "n.txt", context: 1 })).toBe(
      "--- a/n.txt\n+++ b/n.txt\n@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n",
    );
  });

  it("marks a missing final newline on either side", () => {
    expect(unifiedDiff("a", "a\n", { path: "x" })).toBe(
      "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
    );
  });

  it("is empty for equal texts, and names /dev/null for a new file", () => {
    expect(unifiedDiff("a\n", "a\n", { path: "x" })).toBe("");
    expect(unifiedDiff("", "a\n", { path: "x" })).toBe("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
  });
});

describe("mapRange", () => {
  it("shifts a range past changes before it", () => {
    expect(mapRange("one\ntwo\n", "zero\none\ntwo\n", 4, 7)).toEqual({ start: 9, end: 12 });
  });

  it("gives null where the text in the range changed", () => {
    expect(mapRange("one\ntwo\n", "one\ntoo\n", 4, 7)).toBeNull();
  });

  it("maps many ranges to the same text", () => {
    fc.assert(
      fc.property(textArbitrary, textArbitrary, fc.array(fc.tuple(fc.nat(200), fc.nat(20))), (a, b, spans) => {
        const ranges = spans
          .map(([start, length]) => ({ start, end: start + length }))
          .filter((range) => range.end <= a.length);
        for (const [at, mapped] of mapRanges(a, b, ranges).entries()) {
          if (mapped) expect(b.slice(mapped.start, mapped.end)).toBe(a.slice(ranges[at]?.start, ranges[at]?.end));
        }
      }),
      RUNS,
    );
  });
});
