import { readFileSync } from "node:fs";
import { tags } from "@lezer/highlight";
import { highlightClasses } from "@redline/core/reviewers/schema";
import { expect, test } from "vitest";
import { codeHighlighter } from "./code-highlighter";

test("every class that highlighted code carries has a look of its own", () => {
  const css = readFileSync(new URL("../ui/code.css", import.meta.url), "utf8");
  const plain = highlightClasses.filter((name) => !new RegExp(`\\.tok-${name}\\b`).test(css));
  expect(plain).toEqual([]);
});

test("names, operators and punctuation carry none, definitions only theirs", () => {
  const looks = [tags.keyword, tags.variableName, tags.operator, tags.definition(tags.variableName)];
  expect(looks.map((tag) => codeHighlighter.style([tag]))).toEqual(["tok-keyword", null, null, "tok-definition"]);
});
