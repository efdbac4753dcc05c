import { expect, test } from "vitest";
import { buildFileRows } from "./file-rows";
import { splitSide } from "./lines";
import type { Line, Row } from "./rows";

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}\n`);
const rowsOf = (before: string, after: string, maxRows = 1_000) =>
  buildFileRows(splitSide(before, []), splitSide(after, []), maxRows);
const textOf = (line?: Line) => line?.pieces.map(({ text }) => text).join("");
const shown = (rows: Row[]) =>
  rows.map((row) => (row.isSame ? "=" : "") + [textOf(row.before), textOf(row.after)].join("|"));

test("shows a change with three unchanged lines around it and folds the rest", () => {
  const lines = numbered(20);
  const changed = lines.with(9, "line ten\n");
  const { blocks, isPart } = rowsOf(lines.join(""), changed.join(""));
  expect(isPart).toBe(false);
  expect(blocks.map((block) => [block.kind, block.rows.length])).toEqual([
    ["folded", 6],
    ["shown", 7],
    ["folded", 7],
  ]);
  expect(shown(blocks[1]?.rows ?? [])[3]).toBe("line 10|line ten");
});

test("does not fold one or two lines: that would take as much room", () => {
  const { blocks } = rowsOf("a\nb\nc\nd\n", "a\nb\nc\nD\n");
  expect(blocks).toHaveLength(1);
  expect(shown(blocks[0]?.rows ?? [])).toEqual(["=a|", "=b|", "=c|", "d|D"]);
});

test("a new file is all added lines, numbered from 1", () => {
  const { blocks } = rowsOf("", "a\nb");
  expect(blocks[0]?.rows.map(({ after }) => after?.number)).toEqual([1, 2]);
  expect(shown(blocks[0]?.rows ?? [])).toEqual(["|a", "|b"]);
});

test("line ends are not shown, and a changed line end is a change", () => {
  const { blocks } = rowsOf("a\r\n", "a\n");
  expect(shown(blocks[0]?.rows ?? [])).toEqual(["a|a"]);
});

test("stops at the maximum number of rows, with a notice", () => {
  const { blocks, isPart } = rowsOf("", numbered(50).join(""), 10);
  expect(isPart).toBe(true);
  expect(blocks[0]?.rows).toHaveLength(10);
});

test("a fold too long to send has its count and no rows", () => {
  const lines = numbered(1_000);
  const { blocks } = rowsOf(lines.join(""), [...lines, "more\n"].join(""));
  expect(blocks[0]).toEqual({ kind: "folded", lines: 997, rows: [] });
});

test("equal texts have only folded lines", () => {
  const text = numbered(10).join("");
  expect(rowsOf(text, text).blocks.every(({ kind }) => kind === "folded")).toBe(true);
});
