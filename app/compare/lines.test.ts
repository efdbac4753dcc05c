import { highlightClasses } from "@redline/core/reviewers/schema";
import { expect, test } from "vitest";
import { buildLine, splitSide } from "./lines";

const bit = (name: (typeof highlightClasses)[number]) => 1 << highlightClasses.indexOf(name);

test("cuts a line at its tokens and at its changed words", () => {
  const text = "x\nconst a = 1;\n";
  const side = splitSide(text, [2, 7, bit("keyword"), 12, 13, bit("number")]);
  const line = buildLine(side, 1, [{ from: 8, to: 13 }]);
  expect(line.number).toBe(2);
  expect(line.pieces).toEqual([
    { text: "const", className: "tok-keyword" },
    { text: " " },
    { text: "a = ", isChanged: true },
    { text: "1", className: "tok-number", isChanged: true },
    { text: ";" },
  ]);
});

test("a token over several lines colours its part of each", () => {
  const side = splitSide("/* a\nb */ c\n", [0, 9, bit("comment")]);
  expect(buildLine(side, 0).pieces).toEqual([{ text: "/* a", className: "tok-comment" }]);
  expect(buildLine(side, 1).pieces).toEqual([{ text: "b */", className: "tok-comment" }, { text: " c" }]);
});

test("a very long line is cut, with a notice", () => {
  const line = buildLine(splitSide("y".repeat(5_000), []), 0);
  expect(line.isCut).toBe(true);
  expect(line.pieces[0]?.text).toHaveLength(2_000);
});

test("a text without a last line end has that line, and an empty one has none", () => {
  expect(splitSide("a\nb", []).starts).toEqual([0, 2, 3]);
  expect(splitSide("a\n", []).starts).toEqual([0, 2]);
  expect(splitSide("", []).starts).toEqual([0]);
});
