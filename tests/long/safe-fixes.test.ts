/**
 * Fixes that are applied without being read: programs are generated for each rule that has safe ones, and run before and
 * after all of their safe fixes. Some of them are made to be changed by a fix that looks at its place alone.
 */
import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import { createReviewer, type Reviewer, RULES } from "@redline/core/reviewers/index";
import { applyEdits } from "@redline/core/text/index";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Random } from "../support/random";

const PROGRAMS = 50;
const seed = testSeed(1);

type Kind = { language: string; make: (random: Random) => string };

const names = ["a", "b", "total", "$x", "_y"];
const word = (random: Random): string => random.pick(["cat", "a.c", "x+", "\\d", "[ab]", "(?:on)", "é", "y?"]);
const blanks = (random: Random): string => " ".repeat(random.between(1, 4));

function regularExpression(random: Random): string {
  const piece = () => random.pick([word(random), `[${blanks(random)}x]`, `[^${blanks(random)}]`, "\\ ", "^", "$", "|"]);
  const pattern = Array.from(
    { length: random.between(2, 5) },
    () => piece() + (random.chance(0.7) ? blanks(random) : ""),
  ).join("");
  const texts = Array.from({ length: 8 }, () =>
    JSON.stringify(Array.from({ length: 6 }, () => random.pick(["cat", " ", "  ", "x", "{2}", "abc", "on"])).join("")),
  );
  return `const found = /${pattern}/${random.pick(["", "g", "i", "u"])};\nfor (const text of [${texts.join(", ")}]) log(text.match(found));\n`;
}

function loop(random: Random): string {
  const inner = random.pick([
    "if (i % 2) {\n    log(i);\n    continue;\n  }",
    "if (i % 2) {\n    log(i);\n    continue;\n  } else {\n    log(-i);\n  }",
    "{\n    log(i);\n    continue;\n  }",
    "try {\n    log(i);\n    continue;\n  } finally {\n    log('f');\n  }",
    "switch (i) {\n    case 1:\n      log('one');\n      continue;\n    default:\n      log(i);\n  }",
    "log(i);\n  continue;",
  ]);
  const after = random.chance(0.4) ? "\n  log('after', i);" : "";
  const head = random.pick([
    "for (let i = 0; i < 4; i++) {",
    "for (const i of [1, 2, 3]) {",
    "let i = 0;\nwhile (i++ < 3) {",
  ]);
  return `function run() {\n${head}\n  ${inner}${after}\n}\n}\nrun();\n`;
}

function rename(random: Random): string {
  const name = random.pick(names);
  const other = random.pick(names);
  return `const { ${name}: ${name}, ...rest } = { ${name}: 1, z: 2 };\nfunction f({ ${other}: ${other} = 3 }) {\n  return ${other};\n}\nlog(${name}, rest, f({}));\n`;
}

function generic(random: Random): string {
  const bound = random.pick(["any", "unknown"]);
  return `function f<T extends ${bound}>(x: T): T {\n  return x;\n}\nclass A<T extends ${random.pick(["any", "unknown", "object"])}> {\n  value?: T;\n}\nlog(f(${random.below(9)}), new A());\n`;
}

function label(random: Random): string {
  const statement = random.pick([
    "for (const i of [1, 2]) log(i);",
    "{\n  log(1);\n}",
    "while (false) log(1);",
    "for (const i of [1, 2]) {\n  for (;;) {\n    if (i) break;\n    continue here;\n  }\n}",
    "if (Math.random() > 2) log(2);",
  ]);
  return `function run() {\nhere: ${statement}\nlog('end');\n}\nrun();\n`;
}

function binding(random: Random): string {
  const use = random.pick([
    "log(n);",
    "log((() => n + 1)());",
    "eval('n++');\nlog(n);",
    "new Function('return 1')();\nlog(n);",
    "for (let k of [1, 2]) log(k, n);",
    "for (let k in { a: 1 }) log(k, n);",
  ]);
  return `function run() {\nlet n = ${random.below(9)};\n${use}\n}\nrun();\n`;
}

function escapes(random: Random): string {
  const piece = () =>
    random.pick(["\\a", "\\-", "\\n", "\\\\", "\\'", '\\"', "\\x41", "\\u0041", "\\.", "b", " ", "\\ ", "\\#"]);
  const text = () => Array.from({ length: random.between(1, 6) }, piece).join("");
  const clean = (value: string) => value.replaceAll("\\n", "\\n");
  return `log("${clean(text())}", '${clean(text())}', \`${clean(text())}\`, String.raw\`${clean(text())}\`);\n`;
}

function styleEscapes(random: Random): string {
  const piece = () => random.pick(["\\2014\\ x", "\\A\\ b", "\\-", "\\x", "\\.", "\\2014 x", "a", "\\#", "\\g", "\\ "]);
  const text = Array.from({ length: random.between(1, 5) }, piece).join("");
  return `.a::before {\n  content: "${text}";\n}\n`;
}

function pythonString(random: Random): string {
  const text = random.pick(["Run.", "a {{b}}", "é", "x'y", "\\n", ""]);
  const prefix = random.pick(["f", "F", "rf", "fr"]);
  const literal = `${prefix}"${prefix.length > 1 ? text.replace("\\n", "n") : text}"`;
  const use = random.pick([
    `print(${literal})`,
    `${literal}\n    print(run.__doc__)`,
    `x = ${literal} "more"\n    print(x)`,
    `print(len(${literal}), "y"${literal})`,
  ]);
  return `def run():\n    ${use}\n\n\nrun()\nprint(run.__doc__)\n`;
}

function pythonNot(random: Random): string {
  const left = random.pick(["x", "x + 1", "(x, y)", "x or y", "lambda: x", "not x", "x == y"]);
  const operator = random.pick(["in", "is"]);
  const right =
    operator === "in"
      ? random.pick(["[1, 2]", "{x}", "[y] == [1]", "[1] if y else [2]"])
      : random.pick(["None", "y", "y is True", "(y or x)"]);
  const wrapped = random.chance(0.5) ? `(${left} ${operator} ${right})` : `${left} ${operator} ${right}`;
  return `for x in (1, None, 0):\n    for y in (1, True, None):\n        try:\n            print(bool(not ${wrapped}))\n        except TypeError:\n            print("error")\n`;
}

function pythonConversion(random: Random): string {
  const call = random.pick([
    'str("a")',
    "str()",
    'bytes(b"a")',
    "int(1)",
    "int(-1)",
    "float(1.0)",
    "bool(True)",
    'str("a" "b")',
    "int()",
    "float(-1.0)",
  ]);
  const use = random.pick([
    `print(${call})`,
    `print(${call} * 2)`,
    `print([${call}][0])`,
    `${call}`,
    `print(-${call.startsWith("s") || call.startsWith("by") ? "1" : call} ** 2)`,
    `print((${call}).__class__)`,
    `print(${call} ** 2 if ${JSON.stringify(call)}[0] in "if" else 0)`,
  ]);
  const shadow = random.chance(0.2) ? "    str = int = float = bool = bytes = lambda *args: 'other'\n" : "";
  return `def run():\n${shadow}    ${use}\n\n\nrun()\nprint(run.__doc__)\n`;
}

function pythonParentheses(random: Random): string {
  const inner = random.pick([
    "1",
    "1, 2",
    "x",
    "x for x in [1]",
    "x := 3",
    "1 if x else 2",
    "lambda: 1",
    '"a" "b"',
    "[1][0]",
    "yield",
  ]);
  const body =
    inner === "yield"
      ? "    y = ((yield))\n    print(y)\n"
      : `    x = 1\n    print((${inner}), x)\n    print((${inner}))\n`;
  return `def run():\n${body}\n\nprint(type(run()).__name__)\n`.replace(/<generator object [^>]*>/g, "");
}

const kinds: Record<string, Kind> = {
  "biome/complexity/noAdjacentSpacesInRegex": { language: "javascript", make: regularExpression },
  "biome/complexity/noUselessContinue": { language: "javascript", make: loop },
  "biome/complexity/noUselessRename": { language: "javascript", make: rename },
  "biome/complexity/noUselessTypeConstraint": { language: "typescript", make: generic },
  "biome/correctness/noUnusedLabels": { language: "javascript", make: label },
  "biome/style/useConst": { language: "javascript", make: binding },
  "biome/suspicious/noUselessEscapeInString": {
    language: "javascript",
    make: escapes,
  },
  "ruff/F541": { language: "python", make: pythonString },
  "ruff/E713": { language: "python", make: pythonNot },
  "ruff/E714": { language: "python", make: pythonNot },
  "ruff/UP018": { language: "python", make: pythonConversion },
  "ruff/UP034": { language: "python", make: pythonParentheses },
};

let reviewer: Reviewer;
beforeAll(() => {
  reviewer = createReviewer();
});
afterAll(() => reviewer.close());

it("covers each rule that has safe fixes", () => {
  const safe = RULES.filter(({ safety }) => safety === "safe").map(({ id }) => id);
  expect(Object.keys(kinds).sort()).toEqual(safe.sort());
});

it.each(Object.entries(kinds))(
  `%s changes none of ${PROGRAMS} generated programs (REDLINE_SEED=${seed})`,
  async (rule, { language, make }) => {
    const { changed, fixed } = await fixAll(rule, language, make);
    expect(changed).toEqual([]);
    expect(fixed).toBeGreaterThan(PROGRAMS / 10);
  },
);

it(`no fix of an escape changes a value in ${PROGRAMS} generated style sheets`, async () => {
  const { changed } = await fixAll("biome/suspicious/noUselessEscapeInString", "css", styleEscapes);
  expect(changed).toEqual([]);
});

/** Programs that run otherwise after the rule's safe fixes, and the number of those that had any. */
async function fixAll(rule: string, language: string, make: Kind["make"]) {
  const random = new Random(seed);
  const pairs: [before: string, after: string][] = [];
  for (let made = 0; made < PROGRAMS; made++) {
    const text = make(random);
    const { problems } = await reviewer.check({ path: `program.${language}`, language, text });
    const safe = problems.filter((problem) => problem.rule === rule && problem.fix?.safety === "safe");
    const edits = safe.flatMap(({ fix }) => fix?.edits ?? []).sort((a, b) => a.start - b.start);
    if (edits.length > 0) pairs.push([text, applyEdits(text, edits)]);
  }
  const outputs = run(language, pairs.flat());
  const changed = pairs.filter((_, at) => outputs[2 * at] !== outputs[2 * at + 1]);
  return { changed, fixed: pairs.length };
}

function run(language: string, programs: string[]): string[] {
  if (language === "python") return runPython(programs);
  if (language === "css") return programs.map((text) => transformSync(text, { loader: "css", minify: true }).code);
  return programs.map((text) => runScript(transformSync(text, { loader: "ts" }).code));
}

/** What a program logs, and the error that ends it. */
function runScript(code: string): string {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(JSON.stringify(values));
  try {
    runInNewContext(code, { log }, { timeout: 10_000 });
  } catch (error) {
    lines.push((error as Error).name);
  }
  return lines.join("\n");
}

const harness = `
import contextlib, io, json, sys, warnings
warnings.simplefilter("ignore")
outputs = []
for program in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(program, "program", "exec"), {})
        except Exception as error:
            print(type(error).__name__)
    outputs.append(out.getvalue())
print(json.dumps(outputs))
`;

import { testSeed } from "../support/seed";

function runPython(programs: string[]): string[] {
  const output = execFileSync("python3", ["-c", harness], { input: JSON.stringify(programs), encoding: "utf8" });
  return (JSON.parse(output) as string[]).map((text) => text.replace(/ at 0x[0-9a-f]+/g, ""));
}
