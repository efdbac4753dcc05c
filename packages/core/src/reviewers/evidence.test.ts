import { Script } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReviewer, type Evidence, type Reviewer, type SourceFile } from "./index";

let reviewer: Reviewer;
beforeAll(() => {
  reviewer = createReviewer();
});
afterAll(() => reviewer.close());

const languages: Record<string, string> = { ts: "typescript", mts: "typescript", cts: "typescript", py: "python" };
const file = (path: string, text: string): SourceFile => {
  const ending = path.split(".").at(-1) ?? "";
  return { path, text, language: languages[ending] ?? (/^[jt]sx$/.test(ending) ? ending : "javascript") };
};

/** Returns the evidence for a text that is new, or replaced `before`. */
const evidenceOf = (path: string, text: string, before?: string): Promise<Evidence> =>
  reviewer.evidence(before === undefined ? null : file(path, before), file(path, text));

async function verdict(path: string, text: string, before?: string): Promise<string> {
  const { parses, parseError, notChecked } = await evidenceOf(path, text, before);
  return parses ? (notChecked ?? "parses") : (parseError ?? "");
}

const table = async (cases: Record<string, string>) => {
  const verdicts: Record<string, string> = {};
  for (const [name, text] of Object.entries(cases)) {
    const [path = ""] = name.split(" ");
    verdicts[name] = await verdict(path, text);
  }
  return verdicts;
};

describe("evidence of code that no engine loads", () => {
  it.each([
    ["?? beside || without parentheses", "export const a = (x, y) => x ?? y || 1;\n"],
    ["a constructor that is an accessor", "export class A {\n  get constructor() {\n    return 1;\n  }\n}\n"],
    ["a static method named prototype", "export class A {\n  static prototype() {}\n}\n"],
  ])("reports %s", async (_, text) => {
    expect(await verdict("a.mjs", text)).not.toBe("parses");
    expect(await verdict("a.ts", text)).not.toBe("parses");
  });

  it("names what is declared or exported twice, and the line", async () => {
    expect(
      await table({
        "a.js constants": "const a = 1;\nconst a = 2;\nexport { a };\n",
        "a.ts constants": "export const a: number = 1;\nconst a = 2;\n",
        "a.tsx constants": "const a = <p />;\nlet a = <i />;\nexport { a };\n",
        "a.ts imports": 'import { a } from "./a";\nimport { a } from "./b";\nexport { a };\n',
        "a.ts classes": "export class A {}\nclass A {}\n",
        "a.js let over a parameter": "export function f(x) {\n  let x = 1;\n  return x;\n}\n",
        "a.js functions of a module": "function key() {}\nfunction key() {}\nexport { key };\n",
        "a.ts functions with bodies": "export function key() {}\nexport function key() {}\n",
        "a.mjs functions": "function key() {}\nfunction key() {}\n",
        "a.ts types": "export type A = 1;\ntype A = 2;\n",
        "a.js exports": "const a = 1;\nconst b = 2;\nexport { a };\nexport { b as a };\n",
        "a.js private names": "export class A {\n  #x = 1;\n  #x = 2;\n}\n",
        "a.js parameters": "export const f = (a, a) => a;\n",
      }),
    ).toEqual({
      "a.js constants": "`a` is declared twice (line 2)",
      "a.ts constants": "`a` is declared twice (line 2)",
      "a.tsx constants": "`a` is declared twice (line 2)",
      "a.ts imports": "`a` is declared twice (line 2)",
      "a.ts classes": "`A` is declared twice (line 2)",
      "a.js let over a parameter": "`x` is declared twice (line 1)",
      "a.js functions of a module": "`key` is declared twice (line 2)",
      "a.ts functions with bodies": "`key` is declared twice (line 2)",
      "a.mjs functions": "`key` is declared twice (line 2)",
      "a.ts types": "`A` is declared twice (line 2)",
      "a.js exports": "`a` is exported twice (line 4)",
      "a.js private names": 'Duplicate private class member "#x" (line 3)',
      "a.js parameters": "The parameter `a` is there twice (line 1)",
    });
  });

  it("reports everything else that is rejected before it runs", async () => {
    const refused = {
      "a.js break": "break;\n",
      "a.js label": "for (;;) break out;\n",
      "a.js await": "function f() {\n  await x;\n}\n",
      "a.js private": "class A {\n  m() {\n    return this.#x;\n  }\n}\n",
      "a.js constructors": "class A {\n  constructor() {}\n  constructor() {}\n}\n",
      "a.js super": "super.x();\n",
      "a.js octal": '"use strict";\nvar x = 010;\n',
      "a.js regular expression": "var x = /(/;\n",
      "a.js flags": "var x = /[\\q{a {2}b}]/v;\n",
      "a.mjs return": "return 1;\n",
      "a.js return": 'import "./a";\nreturn 1;\n',
      "a.js export": "export { nope };\n",
      "a.mjs octal": "export const x = 010;\n",
      "a.mjs with": "with (a) b();\n",
      "a.py return": "return 1\n",
      "a.py yield": "yield 1\n",
      "a.py break": "break\n",
      "a.py argument": "def f(a, a):\n    pass\n",
      "a.py nonlocal": "nonlocal x\n",
      "a.py unbound": "def f():\n    nonlocal x\n    x = 1\n",
      "a.py global": "def f():\n    print(x)\n    global x\n    x = 1\n",
      "a.py future": "x = 1\nfrom __future__ import annotations\n",
      "a.py except": "try:\n    f()\nexcept:\n    pass\nexcept ValueError:\n    pass\n",
    };
    const verdicts = await table(refused);
    expect(Object.entries(verdicts).filter(([, said]) => !/\(line \d+\)$/.test(said))).toEqual([]);
  });
});

describe("evidence of code that tools load", () => {
  it("does not call declarations broken that TypeScript merges", async () => {
    const fine = {
      "a.ts overloads":
        "export function f(a: string): void;\nexport function f(a: number): void;\nexport function f() {}\n",
      "a.ts default overloads":
        "export default function f(a: string): void;\nexport default function f(a: number): void;\nexport default function f() {}\n",
      "a.ts method overloads":
        "export class A {\n  m(a: string): void;\n  m(a: number): void;\n  m() {}\n  constructor(a: string);\n  constructor() {}\n}\n",
      "a.ts interfaces": "export interface A {\n  a: 1;\n}\nexport interface A {\n  b: 2;\n}\n",
      "a.ts namespaces":
        "namespace N {\n  export const a = 1;\n}\nnamespace N {\n  export const b = 1;\n}\nexport { N };\n",
      "a.ts class and namespace": "export class A {}\nexport namespace A {\n  export const x = 1;\n}\n",
      "a.ts function and namespace": "export function A() {}\nexport namespace A {\n  export const x = 1;\n}\n",
      "a.ts enum and namespace": "export enum A {\n  x,\n}\nexport namespace A {\n  export const y = 1;\n}\n",
      "a.ts enums": "enum A {\n  x,\n}\nenum A {\n  y = 1,\n}\nexport { A };\n",
      "a.ts type and value": "type A = 1;\nconst A = 1;\nexport { A };\n",
      "a.ts interface and class": "export interface A {\n  a: 1;\n}\nexport class A {}\n",
      "a.ts imported type": 'import type { A } from "./a";\nexport { A };\n',
      "a.ts declared":
        "declare function f(): void;\ndeclare function f(a: string): void;\ndeclare var a: 1;\ndeclare var a: 1;\n",
      "a.ts global": "export {};\ndeclare global {\n  interface Window {\n    a: 1;\n  }\n}\n",
      "a.ts exported global": "export { Array };\n",
      "a.ts abstract": "export abstract class A {\n  abstract m(): void;\n  abstract m(a: string): void;\n}\n",
      "a.ts decorators":
        "@D()\nexport class A {\n  @P() p = 1;\n  constructor(@I() private a: string) {}\n}\nexport @D() class B {}\n",
      "a.d.ts declarations": "export const a: string;\nexport function f(): void;\nexport function f(a: 1): void;\n",
      "a.cts imports": 'import fs = require("node:fs");\nimport x from "./x";\nexport = { fs, x };\n',
      "a.mts await": "export const x = await f();\n",
      "a.ts accessors":
        "export class A {\n  accessor x = 1;\n  get y() {\n    return 1;\n  }\n  set y(v) {}\n  static y = 2;\n}\n",
      "a.tsx generics": "export const f = <T,>(a: T) => <p>{String(a)}</p>;\n",
      "a.ts using": "export function f() {\n  using x = open();\n  return x;\n}\n",
    };
    const broken = Object.entries(await table(fine)).filter(([, said]) => said !== "parses");
    expect(broken).toEqual([]);
  });

  it("takes a script for a script and a CommonJS module for the body of a function, as V8 does", async () => {
    const sloppy = {
      "a.js return": "if (process.argv.length < 3) return;\nmodule.exports = 1;\n",
      "a.cjs return": "return;\n",
      "a.js with": "with (Math) exports.x = floor(1.5);\n",
      "a.js octal": "exports.x = 010;\n",
      "a.js functions": "function key() {}\nfunction key() {}\nexports.key = key;\n",
      "a.js parameters": "function f(a, a) {\n  return a;\n}\nexports.f = f;\n",
      "a.js var": "var a = 1;\nvar a = 2;\nfunction a() {}\n",
      "a.js words": "var yield = 1, await = 2, package = 3;\n",
      "a.js catch": "try {\n} catch (e) {\n  var e = 1;\n}\n",
      "a.js new.target": "exports.x = new.target;\n",
      "a.js group": "exports.x = /(?<year>\\d{4})-\\k<year>/;\n",
    };
    for (const text of Object.values(sloppy)) new Script(`(function (exports, require, module) {${text}\n})`);
    const broken = Object.entries(await table(sloppy)).filter(([, said]) => said !== "parses");
    expect(broken).toEqual([]);
    expect(await verdict("a.js", "const x = await f();\n")).toBe("parses");
    expect(await verdict("a.jsx", "export const A = () => <p>{`a`}</p>;\n")).toBe("parses");
    expect(await verdict("a.js", "exports.x = /(?i:a)b/;\n")).toBe("parses");
    expect(
      await verdict("a.py", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    return g\n"),
    ).toBe("parses");
  });
});

describe("evidence of a change to code that was broken before", () => {
  const twice = "const a = 1;\nconst a = 2;\nexport { a };\n";

  it("is not blamed for an error that was there", async () => {
    const said = await verdict("a.js", `${twice}export const b = 1;\n`, twice);
    expect(said).toBe("the file had an error before this change, and has one now. `a` is declared twice (line 2)");
    expect(await verdict("a.js", "export const b = (;\n// b\n", "export const b = (;\n")).toMatch(
      /^the file had an error/,
    );
    const flow = "// @flow\ntype A = {| a: number |};\nexport const f = (x: ?A): ?string => null;\n";
    expect(await verdict("a.js", `${flow}export const b = 1;\n`, flow)).toMatch(/^is written in Flow/);
  });

  it("is blamed for one that it adds", async () => {
    expect(await verdict("a.js", `${twice}let b;\nlet b;\n`, twice)).toBe("`b` is declared twice (line 5)");
    expect(await verdict("a.js", `${twice}const a = 3;\n`, twice)).toBe("`a` is declared twice (line 4)");
    expect(await verdict("a.js", `${twice}const (;\n`, twice)).toMatch(/\(line 4\)$/);
  });

  it("parses when it mends it", async () => {
    expect(await verdict("a.js", "const a = 1;\nexport { a };\n", twice)).toBe("parses");
  });
});

describe("evidence of what cannot be judged", () => {
  it("is said not to be checked where no engine reads the language", async () => {
    const markdown = { path: "a.md", language: "markdown", text: "# a\n" };
    expect((await reviewer.evidence(null, markdown)).notChecked).toMatch(/^no rules for Markdown/);
  });

  it("blames no change for all the problems of a file that could not be looked at before", async () => {
    const before = file("a.js", `export const x = "${"x".repeat(3_000)}";\neval(x);\n${"\n".repeat(20)}`);
    const { added, notChecked } = await reviewer.evidence(before, file("a.js", 'export const x = "";\neval(x);\n'));
    expect(added).toEqual([]);
    expect(notChecked).toMatch(/^the code before it could not be: has a line longer/);
  });
});

it("finds code that is refused in a review, too, beside what its rules find", async () => {
  const report = await reviewer.check(file("a.js", "const a = 1;\nconst a = eval('2');\nexport { a };\n"));
  expect(report.coverage.state).toBe("covered");
  expect(report.problems.map(({ rule, title, startLine }) => [rule, title, startLine])).toEqual(
    expect.arrayContaining([
      ["redline/early-error", "`a` is declared twice", 2],
      ["biome/security/noGlobalEval", expect.any(String), 2],
    ]),
  );
});
