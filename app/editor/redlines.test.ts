import { applyEdits } from "@redline/core/text/index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document } from "./document";
import { buildRedlines, isRejectableInline, type ProposedFix } from "./redlines";

const fix = (identity: string, edits: ProposedFix["fix"]["edits"]): ProposedFix => ({
  identity,
  fix: { changeId: `chg_${identity}`, safety: "safe", summary: "", edits },
});

describe("redlines", () => {
  it("strike words where a fix stays inside a line", () => {
    const document = new Document("if (a == b) {\n}\n");
    const [redline] = buildRedlines(document, [fix("one", [{ start: 6, end: 8, text: "===" }])]);
    expect(redline).toMatchObject({ form: "inline", firstLine: 1, lastLine: 1, hunk: 0, hunks: 1 });
    expect(redline?.parts).toEqual([{ start: 6, end: 8, text: "===" }]);
  });

  it("keep the change's own numbers of their hunks, or are taken whole where those do not hold", () => {
    const document = new Document("a\nb\nc\nd\n");
    const edits = [
      { start: 0, end: 1, text: "A" },
      { start: 6, end: 7, text: "D" },
    ];
    const proposed = (hunks: ProposedFix["fix"]["hunks"]): ProposedFix => ({
      fix: { changeId: "chg_one", safety: "unsafe", summary: "", edits, hunks },
    });
    const numbered = buildRedlines(document, [proposed({ first: 3, count: 5 })]);
    expect(numbered.map(({ hunk, hunks }) => [hunk, hunks])).toEqual([
      [3, 5],
      [4, 5],
    ]);
    expect(numbered.map(isRejectableInline)).toEqual([true, true]);
    const whole = buildRedlines(document, [proposed(null)]);
    expect(whole.map(({ hunks }) => hunks)).toEqual([1, 1]);
  });

  it("strike whole lines where a fix reaches over them, without the lines that stay", () => {
    const document = new Document("a\nb\nc\nd\n");
    const [redline] = buildRedlines(document, [fix("one", [{ start: 0, end: 6, text: "a\nB\nnew\nc\n" }])]);
    expect(redline).toMatchObject({ form: "block", firstLine: 2, lastLine: 2 });
    expect(redline?.parts).toEqual([{ start: 2, end: 4, text: "B\nnew\n" }]);
  });

  it("stand on the line after a pure insertion, and strike a deleted line whole", () => {
    const document = new Document("a\nb\nc\n");
    const [inserted] = buildRedlines(document, [fix("one", [{ start: 2, end: 2, text: "new\n" }])]);
    expect(inserted).toMatchObject({ form: "block", from: 2, to: 2, firstLine: 2, lastLine: 2 });
    const [deleted] = buildRedlines(document, [fix("one", [{ start: 2, end: 4, text: "" }])]);
    expect(deleted).toMatchObject({
      form: "block",
      parts: [{ start: 2, end: 4, text: "" }],
      firstLine: 2,
      lastLine: 2,
    });
  });

  it("number the hunks of a change as it is accepted by", () => {
    const document = new Document("a\nb\nc\nd\ne\n");
    const redlines = buildRedlines(document, [
      fix("one", [
        { start: 0, end: 1, text: "A" },
        { start: 8, end: 9, text: "E" },
      ]),
    ]);
    expect(redlines.map(({ hunk, hunks, firstLine }) => [hunk, hunks, firstLine])).toEqual([
      [0, 2, 1],
      [1, 2, 5],
    ]);
  });

  it("never meet on a line: the selected finding's is drawn", () => {
    const document = new Document("a b\n");
    const fixes = [fix("one", [{ start: 0, end: 1, text: "x" }]), fix("two", [{ start: 2, end: 3, text: "y" }])];
    expect(buildRedlines(document, fixes).map((each) => each.identity)).toEqual(["one"]);
    expect(buildRedlines(document, fixes, "two").map((each) => each.identity)).toEqual(["two"]);
  });

  const struckIn = (text: string, edits: ProposedFix["fix"]["edits"]) => {
    const document = new Document(text);
    return buildRedlines(document, [fix("one", edits)]).flatMap(({ struck }) =>
      struck.map(({ from, to }) => document.text.slice(from, to)),
    );
  };

  it("strike the changed words of a line that becomes a similar one, and other lines whole", () => {
    const text = "  let sum = total(items);\n  old();\n";
    const edits = [
      { start: 0, end: text.length, text: "  const sum = total(items, 0);\n  await renewed.everything;\n" },
    ];
    expect(struckIn(text, edits)).toEqual(["let", "old();"]);
    const [redline] = buildRedlines(new Document(text), [fix("one", edits)]);
    const inserted = redline?.parts[0]?.text ?? "";
    expect(redline?.added.map(({ from, to }) => inserted.slice(from, to))).toEqual(["const", ", 0"]);
  });

  it("never strike blanks: those at the ends of a line or word, and lines of nothing else", () => {
    expect(struckIn("a\n    gone();  \nb\n", [{ start: 2, end: 16, text: "" }])).toEqual(["gone();"]);
    expect(struckIn("a\n   \nb\n", [{ start: 2, end: 6, text: "" }])).toEqual([]);
    expect(struckIn("call(a,  b );\n", [{ start: 7, end: 11, text: "" }])).toEqual(["b"]);
    expect(struckIn("call(a  );\n", [{ start: 6, end: 8, text: "" }])).toEqual([]);
  });

  it("show in any form what accepting them gives", () => {
    const line = fc.constantFrom("a\n", "bb\n", "\n", "c d\n");
    fc.assert(
      fc.property(
        fc.array(line),
        fc.nat(),
        fc.nat(),
        fc.array(fc.constantFrom("x", "\n", "bb\n")),
        (lines, a, b, put) => {
          const text = lines.join("");
          const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
          const edits = [{ start, end, text: put.join("") }];
          const redlines = buildRedlines(new Document(text), [fix("one", edits)]);
          const shown = redlines.reduceRight((result, redline) => applyEdits(result, redline.parts), text);
          expect(shown).toBe(applyEdits(text, edits));
        },
      ),
    );
  });
});
