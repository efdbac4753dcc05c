import { describe, expect, it } from "vitest";
import { merge } from "../text/index";
import { repeatsOfMerge } from "./repeats";

const filler = (sign: string) => Array.from({ length: 6 }, (_, at) => `${sign} line ${at}\n`).join("");

/** Merges what two people added at the two ends of a text, which is clean, and says what is twice. */
function added(
  language: string,
  first: string,
  last: string,
  around = filler("//"),
  [head, foot]: readonly [string, string] = ["", ""],
) {
  const base = `${head}${around}${foot}`;
  const mine = `${head}${first}${around}${foot}`;
  const theirs = `${head}${around}${last}${foot}`;
  return repeats(language, base, mine, theirs);
}

function repeats(language: string, base: string, mine: string, theirs: string) {
  const merged = merge(base, mine, theirs);
  if (!merged.clean) throw new Error("This merge has a conflict.");
  return repeatsOfMerge({ path: "a", language, mine, theirs, text: merged.text });
}

describe("a clean merge of two that each add the same name", () => {
  it("is reported to declare it twice, with its lines", async () => {
    const parse = "export function parse() {\n  return 1;\n}\n";
    expect(await added("typescript", parse, parse.replace("1", "2"))).toEqual([
      "`parse` is declared twice after the merge, lines 1 and 10",
    ]);
  });

  it.each([
    ["javascript", "function key() {}\n", "function key() {}\n", "`key` is declared twice"],
    ["javascript", "const a = 1;\n", "let a = 2;\n", "`a` is declared twice"],
    ["javascript", "const { a, b: [c] } = x;\n", "var c = 2;\n", "`c` is declared twice"],
    ["tsx", "class A {}\n", "export class A {}\n", "`A` is declared twice"],
    ["typescript", "type A = 1;\n", "export type A = 2;\n", "The type `A` is declared twice"],
    ["javascript", 'import { a } from "x";\n', 'import { b as a } from "y";\n', "`a` is imported twice"],
    ["typescript", 'import a from "x";\n', "export const a = 1;\n", "`a` is imported twice"],
    ["javascript", "export { a };\n", "export { b as a };\n", "`a` is exported twice"],
    ["javascript", "export default a;\n", "export default b;\n", "There are 2 default exports"],
  ])("in %s: %s", async (language, first, last, said) => {
    expect(await added(language, first, last)).toEqual([`${said} after the merge, lines 1 and 8`]);
  });

  it("in a class, an object, a dictionary, a mapping or a stylesheet", async () => {
    const within = (head: string, foot: string, sign = "//") => [filler(sign), [head, foot]] as const;
    const inClass = within("class A {\n", "}\n");
    expect(await added("typescript", "m() {}\n", "m() {}\n", ...inClass)).toEqual([
      "`m` is declared twice after the merge, lines 2 and 9",
    ]);
    const key = (name: string) => [`The key \`${name}\` is there twice after the merge, lines 2 and 9`];
    expect(await added("javascript", "a: 1,\n", '"a": 2,\n', ...within("f({\n", "});\n"))).toEqual(key("a"));
    expect(await added("python", '"a": 1,\n', "'a': 2,\n", ...within("d = {\n", "}\n", "#"))).toEqual(key("a"));
    const rows = Array.from({ length: 6 }, (_, at) => `"k${at}": 1,\n`).join("");
    expect(await added("json", '"a": 1,\n', '"a": 2,\n', rows, ["{\n", '"z": 1\n}\n'])).toEqual(key("a"));
    expect(await added("jsonc", '"a": 1,\n', '"a": 2,\n', filler("//"), ["{\n", '"z": 1\n}\n'])).toEqual(key("a"));
    expect(await added("yaml", "a: 1\n", "a: 2\n", filler("#"), ["b: 1\n", "c: 1\n"])).toEqual(key("a"));
    const rules = Array.from({ length: 6 }, (_, at) => `.k${at} { top: 0 }\n`).join("");
    expect(await added("css", ".a,\n.b { top: 0 }\n", ".a, .b { left: 0 }\n", rules)).toEqual([
      "The rule `.a, .b` is there twice after the merge, lines 1 and 9",
    ]);
  });

  it("in Python", async () => {
    const def = "def parse(x):\n    return x\n";
    expect(await added("python", def, def, filler("#"))).toEqual([
      "`parse` is declared twice after the merge, lines 1 and 9",
    ]);
    expect(await added("python", "from a import x\n", "from b import (y, x)\n", filler("#"))).toEqual([
      "`x` is imported twice after the merge, lines 1 and 8",
    ]);
    const method = (name: string) => `    def ${name}(self):\n        pass\n`;
    const base = `class A:\n${method("a")}${method("b")}${method("c")}`;
    const mine = base.replace(method("a"), method("new") + method("a"));
    const theirs = base + method("new");
    expect(await repeats("python", base, mine, theirs)).toEqual([
      "`new` is declared twice after the merge, lines 2 and 10",
    ]);
  });
});

describe("a declaration that may be repeated, or already was", () => {
  it("is not named: overloads, accessors, merged declarations, other scopes", async () => {
    for (const [language, first, last] of [
      ["typescript", "function f(a: 1): void;\n", "function f(a: any) {}\n"],
      ["typescript", "interface A {\n  a: 1;\n}\n", "interface A {\n  b: 1;\n}\n"],
      ["typescript", "class A {}\n", "namespace A {\n  export const a = 1;\n}\n"],
      ["typescript", "type A = 1;\n", "const A = 1;\n"],
      ["typescript", "enum A {\n  x,\n}\n", "enum A {\n  y = 1,\n}\n"],
      ["javascript", "for (const i of a) f(i);\n", "for (const i of b) f(i);\n"],
      ["javascript", "var i;\n", "var i = 1;\n"],
      ["javascript", "function f() {\n  const a = 1;\n}\n", "function g() {\n  const a = 1;\n}\n"],
      ["javascript", "if (x) {\n  var f = 1;\n}\n", "const f2 = () => {\n  var f = 2;\n};\n"],
      ["javascript", 'import { a } from "x";\n', 'import { b } from "x";\n'],
      ["css", "@media a {\n  .a { top: 0 }\n}\n", "@media b {\n  .a { top: 0 }\n}\n"],
    ] as const) {
      expect(await added(language, first, last), `${first}${last}`).toEqual([]);
    }
    const inClass = [filler("//"), ["class A {\n", "}\n"]] as const;
    expect(await added("typescript", "get a() { return 1 }\n", "set a(v) {}\n", ...inClass)).toEqual([]);
    expect(await added("typescript", "static a = 1;\n", "a = 2;\n", ...inClass)).toEqual([]);
    expect(await added("typescript", "m(a: 1): void;\n", "m(a: any) {}\n", ...inClass)).toEqual([]);
    for (const [first, last] of [
      ["@overload\ndef f(a: int): ...\n", "def f(a): ...\n"],
      ["@property\ndef f(self): ...\n", "@f.setter\ndef f(self, v): ...\n"],
      ["if a:\n    def f(): ...\n", "else_ = 1\ndef f(): ...\n"],
      ["import a.b\n", "import a.c\n"],
      ["@f.register\ndef _(a: int): ...\n", "@f.register\ndef _(a: str): ...\n"],
    ] as const) {
      expect(await added("python", first, last, filler("#")), `${first}${last}`).toEqual([]);
    }
    expect(await added("yaml", "<<: *a\n", "<<: *b\n", filler("#"), ["b: 1\n", "c: 1\n"])).toEqual([]);
  });

  it("is not named where one side had it twice", async () => {
    const twice = "function f() {}\nfunction f() {}\n";
    expect(await repeats("javascript", twice, `const a = 1;\n${twice}`, `${twice}const b = 1;\n`)).toEqual([]);
    const theirs = `${filler("//")}${twice}`;
    expect(await repeats("javascript", filler("//"), `const a = 1;\n${filler("//")}`, theirs)).toEqual([]);
  });

  it("is not looked for in a language without a grammar for it", async () => {
    expect(await added("text", "a\n", "a\n")).toEqual([]);
    expect(await added("markdown", "# a\n", "# a\n")).toEqual([]);
  });
});
