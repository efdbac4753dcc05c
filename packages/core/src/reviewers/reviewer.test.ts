import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyEdits } from "../text/index";
import { createReviewer, type FileReport, highlightClassName, type Reviewer, type SourceFile } from "./index";

let reviewer: Reviewer;
beforeAll(() => {
  reviewer = createReviewer();
});
afterAll(() => reviewer.close());

const file = (path: string, language: string, text: string): SourceFile => ({ path, language, text });
const rulesOf = (report: FileReport) => report.problems.map(({ rule }) => rule);

/** The text with each fix of the report applied alone, by rule. */
function fixed(source: SourceFile, report: FileReport): Record<string, string> {
  return Object.fromEntries(
    report.problems.flatMap(({ rule, fix }) => (fix ? [[rule, applyEdits(source.text, fix.edits)]] : [])),
  );
}

const cart = `import { sum } from "./sum";

export class Cart {
  total(price: number) {
    if (price == 1) return 1;
    if (price == 2) return 2;
    let tax = 0.2;
    return price * tax;
  }
}
`;

describe("a finding", () => {
  it("has its offsets, lines and enclosing symbol", async () => {
    const report = await reviewer.check(file("cart.ts", "typescript", cart));
    const equals = report.problems.filter(({ rule }) => rule === "biome/suspicious/noDoubleEquals");
    expect(equals.map(({ startLine, endLine, symbol }) => [startLine, endLine, symbol])).toEqual([
      [5, 5, "Cart.total"],
      [6, 6, "Cart.total"],
    ]);
    expect(cart.slice(equals[0]?.start, equals[0]?.end)).toBe("==");
  });

  it.each([
    ["LF", "\n", ""],
    ["CRLF", "\r\n", ""],
    ["a BOM", "\n", "\uFEFF"],
    ["a BOM and CRLF", "\r\n", "\uFEFF"],
  ])("has offsets and fixes that keep every other byte with %s, tabs and emoji", async (_, newline, bom) => {
    const script = ["const 名 = '😀é';", "export const f = (x: unknown) =>", "\tx == 名 + '👍🏽'; // 😀", ""];
    const scriptFile = file("a.ts", "typescript", bom + script.join(newline));
    const scriptReport = await reviewer.check(scriptFile);
    const [problem] = scriptReport.problems;
    expect(scriptFile.text.slice(problem?.start, problem?.end)).toBe("==");
    expect(problem?.startLine).toBe(3);
    expect(Object.values(fixed(scriptFile, scriptReport))).toEqual([scriptFile.text.replace("==", "===")]);

    const python = ["名 = '😀é'", "if 名:", "\tx = '👍🏽'; print(x == None) # 😀", ""];
    const pythonFile = file("a.py", "python", bom + python.join(newline));
    const pythonReport = await reviewer.check(pythonFile);
    expect(rulesOf(pythonReport)).toEqual(["ruff/E711"]);
    expect(Object.values(fixed(pythonFile, pythonReport))).toEqual([pythonFile.text.replace("== None", "is None")]);
  });

  it("is not reported when a comment of its engine suppresses it", async () => {
    const script =
      "// biome-ignore lint/suspicious/noDoubleEquals: loose on purpose\nexport const f = (x: unknown) => x == 1;\n";
    expect((await reviewer.check(file("a.ts", "typescript", script))).problems).toEqual([]);
    expect((await reviewer.check(file("a.py", "python", "import os  # noqa: F401\n"))).problems).toEqual([]);
  });
});

describe("a fix", () => {
  it("that would delete a comment is never safe", async () => {
    const plain = file(
      "a.ts",
      "typescript",
      "export function f(steps: number[]) {\n  for (const s of steps) {\n    g(s);\n    continue;\n  }\n}\ndeclare function g(s: number): void;\n",
    );
    const commented = { ...plain, text: plain.text.replace("continue;", "/* next */ continue;") };
    const safety = async (source: SourceFile) => (await reviewer.check(source)).problems.map(({ fix }) => fix?.safety);
    expect(await safety(plain)).toEqual(["safe"]);
    const [after] = (await reviewer.check(commented)).problems;
    const keepsComment = applyEdits(commented.text, after?.fix?.edits ?? []).includes("/* next */");
    expect(keepsComment || after?.fix?.safety === "unsafe").toBe(true);
  });

  it("is refused when its result does not parse or has a new finding", async () => {
    const source = file("a.ts", "typescript", "export const f = (x: unknown) => x == 1;\n");
    const report = await reviewer.check(source);
    const [problem] = report.problems;
    if (!problem?.fix) throw new Error("expected a finding with a fix");
    const withEdit = (text: string): FileReport => ({
      ...report,
      problems: [
        { ...problem, fix: { ...problem.fix, summary: "", safety: "safe", edits: [{ start: 33, end: 39, text }] } },
      ],
    });
    const reasonFor = async (text: string) => (await reviewer.prove(source, withEdit(text))).rejected[0]?.reason;
    expect(await reasonFor("x === (1")).toMatch(/does not parse/);
    expect(await reasonFor("eval(String(x))")).toMatch(/add a finding/);
    expect(await reasonFor("x == 1")).toMatch(/changes nothing/);
    expect(await reviewer.prove(source, report)).toEqual({ proven: [problem.identity], rejected: [] });
  });
});

describe("composing changes", () => {
  const source = file(
    "a.ts",
    "typescript",
    "export const a = (x: unknown) => x == 1;\nexport const b = (x: unknown) => x == 2;\n",
  );
  const second = source.text.indexOf("==", 50);
  const good = { id: "good", edits: [{ start: second, end: second + 2, text: "===" }] };

  it("keeps compatible changes in order, and the reason for each skipped one", async () => {
    const result = await reviewer.compose(source, [
      { id: "broken", edits: [{ start: 0, end: 6, text: "export (" }] },
      good,
      { id: "same place", edits: [{ start: second, end: second + 2, text: "!=" }] },
      { id: "outside", edits: [{ start: 10_000, end: 10_001, text: "" }] },
      {
        id: "worse",
        edits: [
          { start: source.text.indexOf("x == 1"), end: source.text.indexOf("x == 1") + 6, text: "eval(String(x))" },
        ],
      },
    ]);
    expect(result.kept).toEqual(["good"]);
    expect(result.text).toBe(applyEdits(source.text, good.edits));
    expect(result.skipped.map(({ id }) => id).sort()).toEqual(["broken", "outside", "same place", "worse"]);
  });

  it("of nothing gives the same text", async () => {
    expect(await reviewer.compose(source, [])).toEqual({ text: source.text, kept: [], skipped: [] });
  });
});

describe("evidence", () => {
  it("lists the findings that a change adds and removes", async () => {
    const before = file("a.ts", "typescript", "export const f = (x: unknown) => x == 1;\nexport const g = 1;\n");
    const after = { ...before, text: "export const f = (x: unknown) => x === 1;\nexport const g = eval('1');\n" };
    const evidence = await reviewer.evidence(before, after);
    expect(evidence.parses).toBe(true);
    expect(evidence.added.map(({ rule }) => rule)).toEqual(["biome/security/noGlobalEval"]);
    expect(evidence.removed.map(({ rule }) => rule)).toEqual(["biome/suspicious/noDoubleEquals"]);
  });

  it("reports a result that does not parse, and counts all findings of a new file", async () => {
    const broken = await reviewer.evidence(null, file("a.py", "python", "def f(:\n    pass\n"));
    expect(broken.parses).toBe(false);
    expect(broken.parseError).toBeTruthy();
    expect((await reviewer.evidence(null, file("a.py", "python", "import os\n"))).added).toHaveLength(1);
  });
});

describe("coverage", () => {
  it("is partial where no rules read the language, and secrets are found all the same", async () => {
    const report = await reviewer.check(file("a.less", "less", `// ${["AKIA", "QX4T7RNB2LWPZ5VD"].join("")}\n`));
    expect(report.coverage).toEqual({
      path: "a.less",
      state: "partly",
      reason: "no rules for Less, so only secrets, merge markers and hidden characters were looked for",
    });
    expect(rulesOf(report)).toEqual(["redline/secret"]);
  });

  it("is partial for a file that does not parse, with one finding at the error", async () => {
    const report = await reviewer.check(file("a.ts", "typescript", "export const a = 1;\nexport const b = (;\n"));
    expect(report.coverage.state).toBe("partly");
    expect(report.coverage.reason).toMatch(/line 2/);
    expect(rulesOf(report)).toEqual(["redline/parse-error"]);
  });

  it("reads a CommonJS script in sloppy mode as a script", async () => {
    const report = await reviewer.check(file("a.js", "javascript", "var static = 010;\nmodule.exports = static;\n"));
    expect(report.coverage.state).toBe("covered");
  });
});

describe("metrics", () => {
  it("count lines, code, functions, paths and repeated lines", async () => {
    const block = Array.from({ length: 10 }, (_, n) => `  call${n}(alpha, beta, gamma, ${n});`).join("\n");
    const text = `// a comment\nexport function one(x: number) {\n  if (x > 1 && x < 5) return 1;\n${block}\n  return x ? 2 : 3;\n}\n\nexport function two() {\n${block}\n}\n`;
    const { metrics } = await reviewer.check(file("a.ts", "typescript", text));
    expect(metrics).toMatchObject({ functions: 2, complexityMax: 4, complexityMean: 2.5, duplicatedLines: 20 });
    expect(metrics.lines).toBe(text.split("\n").length - 1);
    expect(metrics.codeLines).toBe(metrics.lines - 2);
  });

  it("count Python's branches too", async () => {
    const text =
      "def f(x):\n    if x and x > 1:\n        return 1\n    elif x:\n        return [y for y in x if y]\n    return 2 if x else 3\n";
    expect((await reviewer.check(file("a.py", "python", text))).metrics).toMatchObject({
      functions: 1,
      complexityMax: 7,
    });
  });

  it("find blocks that files share", async () => {
    const block = Array.from({ length: 12 }, (_, n) => `print("a line that says something", ${n})`).join("\n");
    const report = await reviewer.duplication([
      file("a.py", "python", block),
      file("b.py", "python", `x = 1\n${block}\n`),
    ]);
    expect(report.blocks).toEqual([
      {
        lines: 12,
        places: [
          { path: "a.py", startLine: 1, endLine: 12 },
          { path: "b.py", startLine: 2, endLine: 13 },
        ],
      },
    ]);
    expect(report.duplicatedLines).toEqual({ "a.py": 12, "b.py": 12 });
  });
});

describe("highlighting", () => {
  it("gives the editor's classes by place", async () => {
    const spans = await reviewer.highlight({ text: "const a = 'é';", language: "typescript" });
    const named: [number, number, string][] = [];
    for (let at = 0; at < spans.length; at += 3) {
      named.push([spans[at] ?? 0, spans[at + 1] ?? 0, highlightClassName(spans[at + 2] ?? 0)]);
    }
    expect(named).toContainEqual([0, 5, "tok-keyword"]);
    expect(named).toContainEqual([6, 7, "tok-definition"]);
    expect(named).toContainEqual([10, 13, "tok-string"]);
  });

  it("is empty past 5,000 lines and for unknown languages", async () => {
    expect(await reviewer.highlight({ text: "1;\n".repeat(5_001), language: "typescript" })).toHaveLength(0);
    expect((await reviewer.highlight({ text: "1;\n".repeat(5_000), language: "typescript" })).length).toBeGreaterThan(
      0,
    );
    expect(await reviewer.highlight({ text: "a", language: "text" })).toHaveLength(0);
  });
});

describe("an unusual text", () => {
  it.each([
    ["unpaired surrogates", file("odd.ts", "typescript", "export const a = '\uD800' == '\uDC00';\n")],
    ["unpaired surrogates in Python", file("odd.py", "python", "x = '\uD800' == None\n")],
    ["nothing at all", file("odd.ts", "typescript", "")],
    ["only a BOM", file("odd.ts", "typescript", "\uFEFF")],
    ["lone carriage returns", file("odd.py", "python", "import os\rimport sys\r")],
  ])("with %s is reviewed within its own bounds", async (_, source) => {
    const report = await reviewer.check(source);
    expect(report.coverage.state).toBe("covered");
    const proof = await reviewer.prove(source, report);
    expect(proof.proven.length + proof.rejected.length).toBe(report.problems.filter(({ fix }) => fix).length);
    for (const { start, end } of report.problems) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(source.text.length);
    }
  });

  it("that UTF-8 cannot encode is changed only where it is fixed", async () => {
    const source = file("odd.ts", "typescript", "export const a = (x: unknown) => x == 0 || x === '\uD800';\n");
    const { problems } = await reviewer.check(source);
    const changes = problems.map(({ identity, fix }) => ({ id: identity, edits: fix?.edits ?? [] }));
    expect((await reviewer.compose(source, changes)).text).toBe(source.text.replace("==", "==="));
  });
});
