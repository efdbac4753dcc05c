import { describe, expect, it } from "vitest";
import { detectLanguage } from "./detection";
import { languages } from "./registry";

describe("a file's language", () => {
  it.each([
    ["src/a.ts", "typescript"],
    ["a.d.mts", "typescript"],
    ["A.TSX", "tsx"],
    ["a.cjs", "javascript"],
    ["tsconfig.base.json", "jsonc"],
    ["package.json", "json"],
    ["deploy/Dockerfile", "dockerfile"],
    [".env.local", "properties"],
    [".github/workflows/test.yml", "workflow"],
    ["app/.github/workflows/test.yaml", "workflow"],
    ["workflows/test.yml", "yaml"],
    [".zshrc", "zsh"],
    ["a.unknown", "text"],
    ["noending", "text"],
  ])("of %s is detected by its name: %s", (path, language) => {
    expect(detectLanguage(path, "")).toBe(language);
  });

  it.each([
    ["#!/usr/bin/env python3\nprint(1)\n", "python"],
    ["#!/usr/bin/env node\n", "javascript"],
    ["def total(prices):\n    return sum(prices)\n", "python"],
    ["import os\n\nprint(os.name)\n", "python"],
    ['import { a } from "./a";\nexport const b = a;\n', "javascript"],
    ["export function f(x: number): string {\n  return String(x);\n}\n", "typescript"],
    ["export const Box = () => {\n  return <p>Hello</p>;\n};\n", "jsx"],
    ['{\n  "a": 1\n}\n', "json"],
    [".box {\n  color: red;\n}\n", "css"],
    ["<!doctype html>\n<html></html>\n", "html"],
    ["# Title\n\nSome words.\n", "markdown"],
    ["just some words\n", "text"],
    ["#!/bin/zsh\necho $@\n", "zsh"],
    ["#!/bin/sh\necho\n", "shell"],
  ])("of pasted text %j is detected by its beginning: %s", (text, language) => {
    expect(detectLanguage("pasted", text)).toBe(language);
  });

  it("of a header is C++ where it holds what C has not", () => {
    expect(detectLanguage("shop.h", "struct shop { int orders; };\n")).toBe("c");
    expect(detectLanguage("shop.h", "namespace shop {\nclass Order {};\n}\n")).toBe("cpp");
  });

  it("has one owner for each file ending", () => {
    const endings = languages.flatMap(({ extensions }) => extensions);
    expect(new Set(endings).size).toBe(endings.length);
  });
});
