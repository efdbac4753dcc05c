import { diffLines } from "@redline/core/text/index";
import { describe, expect, it } from "vitest";
import { blankHunks, type DiffRow, enclosingLine, layOutRows } from "./layout";
import { findMovedLines } from "./moved";

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`);
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

const rowsOf = (before: string[], after: string[], more: Partial<Parameters<typeof layOutRows>[0]> = {}) =>
  layOutRows({
    hunks: diffLines(text(before), text(after)),
    ...{ aCount: before.length, bCount: after.length, shown: [], folded: new Set<number>() },
    ...more,
  });

const brief = (rows: readonly DiffRow[]) =>
  rows.map((row) => {
    if (row.kind === "same") return `${row.a}=${row.b}`;
    if (row.kind === "change") return `-${row.aLines?.first ?? ""} +${row.bLines?.first ?? ""}`;
    return `${row.kind} ${row.lines}`;
  });

describe("the rows of a difference", () => {
  it("are a change with three lines around it, and folds for the rest", () => {
    const before = numbered(20);
    const rows = rowsOf(before, before.with(9, "ten"));
    expect(brief(rows)).toEqual(["fold 6", "7=7", "8=8", "9=9", "-10 +10", "11=11", "12=12", "13=13", "fold 7"]);
    expect(rows[0]).toMatchObject({ isFirst: true, isLast: false });
  });

  it("show lines that were asked for out of a fold", () => {
    const before = numbered(30);
    const rows = rowsOf(before, before.with(0, "one"), { shown: [{ first: 20, last: 21 }] });
    expect(brief(rows)).toEqual([...["-1 +1", "2=2", "3=3", "4=4"], ...["fold 15", "20=20", "21=21", "fold 9"]]);
  });

  it("say where lines are not here, and fold nothing of what is", () => {
    const before = ["", "", "", "", "x", "y", "z"];
    const parts = [{ aStart: 4, aEnd: 7, bStart: 4, bEnd: 7 }];
    const rows = rowsOf(before, before.with(5, "Y"), { parts });
    expect(brief(rows)).toEqual(["unknown 4", "5=5", "-6 +6", "7=7", "unknown null"]);
  });

  it("fold a change of blanks alone on wish", () => {
    const [before, after] = [
      ["if (a) {", "b();", "}"],
      ["if (a) {", "  b();", "}"],
    ];
    const folded = blankHunks(diffLines(text(before), text(after)), before, after);
    expect(brief(rowsOf(before, after, { folded }))).toEqual(["1=1", "blanks 1", "3=3"]);
  });
});

it("a moved block is recognised, a moved bracket is not", () => {
  const block = ["function total(list) {", "  return list.reduce(sum, 0);", "}", ""];
  const rest = numbered(6);
  const [before, after] = [
    [...block, ...rest],
    [...rest, ...block],
  ];
  const { toHead, toBase } = findMovedLines(diffLines(text(before), text(after)), before, after);
  const other = findMovedLines(diffLines("}\na\nb\n", "a\nb\n}\n"), ["}", "a", "b"], ["a", "b", "}"]);
  expect([toHead.get(1), toBase.get(7), toHead.size >= 3]).toEqual([7, 1, true]);
  expect(other.toHead.size).toBe(0);
});

it("what encloses a line is the function around it, not the block", () => {
  const lines = ["class A {", "  run(list) {", "    if (list) {", "      go();", "    }", "  }", "}"];
  expect(enclosingLine(lines, 4)).toBe(2);
  expect(enclosingLine(lines, 2)).toBe(1);
  expect(enclosingLine(lines, 1)).toBeUndefined();
  expect(enclosingLine(["def f():", "", "    x = 1"], 3)).toBe(1);
});
