import { expect, test } from "vitest";
import { highlighterByExample, insertedLines } from "./inserted-text";

test("inserted lines are split at their tokens and changed words", () => {
  const text = "const a = 1;\nlet b;\n";
  const tokens = [
    { from: 0, to: 5, className: "tok-keyword" },
    { from: 13, to: 16, className: "tok-keyword" },
  ];
  expect(insertedLines(text, tokens, [{ from: 0, to: 7 }])).toEqual([
    [
      { text: "const", className: "tok-keyword redline-added-text" },
      { text: " a", className: "redline-added-text" },
      { text: " = 1;", className: "" },
    ],
    [
      { text: "let", className: "tok-keyword" },
      { text: " b;", className: "" },
    ],
  ]);
  expect(insertedLines("", [])).toEqual([]);
});

test("without a grammar, inserted words look like the same words in the text around them", () => {
  const text = 'const name = "one";';
  const highlight = highlighterByExample(text, [
    { from: 0, to: 5, className: "tok-keyword" },
    { from: 13, to: 18, className: "tok-string" },
  ]);
  expect(highlight('const other = "two" + constant;')).toEqual([
    { from: 0, to: 5, className: "tok-keyword" },
    { from: 14, to: 19, className: "tok-string" },
  ]);
});
