import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, normalisePatch, type PatchFormat, unifiedDiff } from "./index";
import { editedText, textArbitrary } from "./text.test-arbitraries";

const BASE = `import fs from "node:fs";

export function read(path) {
	const text = fs.readFileSync(path);
	return text;
}

export function write(path, text) {
	fs.writeFileSync(path, text);
	return text;
}
`;

/** The base with the patch applied; throws with the reason of a refusal. */
function applied(format: PatchFormat, patch: unknown, base = BASE): string {
  const result = normalisePatch(base, format, patch);
  if (!result.ok) throw new Error(result.reason);
  return applyEdits(base, result.edits);
}

function refusal(format: PatchFormat, patch: unknown, base = BASE): string {
  const result = normalisePatch(base, format, patch);
  return result.ok ? "applied" : result.reason;
}

describe("a unified diff", () => {
  const CHANGED = BASE.replace("readFileSync(path)", 'readFileSync(path, "utf8")');
  const DIFF = unifiedDiff(BASE, CHANGED, { path: "io.js" });

  it("applies where it was made, whatever the texts", () => {
    const pair = textArbitrary.chain((base) => fc.tuple(fc.constant(base), editedText(base)));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        fc.pre(a !== b);
        const diff = unifiedDiff(a, b, { path: "x" });
        const result = normalisePatch(a, "unified", diff);
        // A diff that fits at several places may be refused; it is never applied at a wrong one.
        if (result.ok) expect(applyEdits(a, result.edits)).toBe(b);
        else
          expect(result.reason).toMatch(
            /stand at \d+ places|leaves code out|indented by other blanks than the file|has no lines/,
          );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["wrong line numbers", (diff: string) => diff.replace("-1,7 +1,7", "-40,7 +40,7")],
    ["wrong counts", (diff: string) => diff.replace("-1,7 +1,7", "-1,9 +1,4")],
    ["a bare header", (diff: string) => diff.replace(/@@.*@@/, "@@ ... @@")],
    ["no file header", (diff: string) => diff.slice(diff.indexOf("@@"))],
    ["CRLF line ends", (diff: string) => diff.replaceAll("\n", "\r\n")],
    ["lost spaces on blank lines", (diff: string) => diff.replaceAll("\n \n", "\n\n")],
    [
      "spaces for tabs and at line ends in its context",
      (diff: string) => diff.replaceAll("\n \treturn text;", "\n     return text; "),
    ],
    ["a fence around it", (diff: string) => `\`\`\`diff\n${diff}\`\`\`\n`],
  ])("applies with %s", (_, damage) => {
    expect(damage(DIFF)).not.toBe(DIFF);
    expect(applied("unified", damage(DIFF))).toBe(CHANGED);
  });

  it("keeps the line ends of the file", () => {
    const base = BASE.replaceAll("\n", "\r\n");
    expect(applied("unified", DIFF, base)).toBe(CHANGED.replaceAll("\n", "\r\n"));
  });

  it("adds and removes a final newline as marked", () => {
    expect(applied("unified", unifiedDiff("a\nb", "a\nb\n", { path: "x" }), "a\nb")).toBe("a\nb\n");
    expect(applied("unified", unifiedDiff("a\nb\n", "a\nb", { path: "x" }), "a\nb\n")).toBe("a\nb");
  });

  it("makes a new file", () => {
    expect(applied("unified", "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n", "")).toBe("a\nb\n");
  });

  it("is refused where its lines stand at several places and its numbers are no help", () => {
    const twice = "x\nsame\ny\nsame\nz\n";
    expect(refusal("unified", "@@ -9 +9 @@\n-same\n+other\n", twice)).toContain("2 places");
  });

  it.each([
    [
      "omitted code",
      "@@ -3,4 +3,4 @@\n export function read(path) {\n-\tconst text = fs.readFileSync(path);\n+\t// ... rest of the code unchanged ...\n \treturn text;\n }\n",
      "leaves code out",
    ],
    ["a broken header", "@@ -1,3 // ... rest unchanged ... @@\n-a\n+b\n", "no hunk header"],
    ["lines that never were in the file", "@@ -1 +1 @@\n-nowhere\n+b\n", "do not stand in the file"],
    ["no hunks", "Sure, here is the change.", "no hunks"],
    ["two files", `${DIFF}--- a/other\n+++ b/other\n@@ -1 +1 @@\n-a\n+b\n`, "more than one file"],
    ["nothing to go by", "@@ -3,0 +4 @@\n+added\n", "add context"],
  ])("is refused for %s", (_, patch, reason) => {
    expect(refusal("unified", patch)).toContain(reason);
  });
});

describe("line edits", () => {
  const edit = (start: number, end: number, original: string, replacement: string) => ({
    start_line: start,
    end_line: end,
    original,
    replacement,
  });

  it("replace, insert and delete by line, given as JSON or as a value", () => {
    const edits = [
      edit(2, 1, "", "// first"),
      edit(5, 5, "\treturn text;", "\treturn String(text);"),
      edit(9, 9, "\tfs.writeFileSync(path, text);", ""),
    ];
    const expected = BASE.replace("\n\n", "\n// first\n\n")
      .replace("return text", "return String(text)")
      .replace("\tfs.writeFileSync(path, text);\n", "");
    expect(applied("edits", edits)).toBe(expected);
    expect(applied("edits", JSON.stringify(edits))).toBe(expected);
  });

  it("go to the one place where the original stands, when their numbers are off", () => {
    expect(
      applied("edits", [
        edit(12, 12, "import fs from 'x';", "").original && edit(12, 12, 'import fs from "node:fs";', "a"),
      ]),
    ).toMatch(/^a\n/);
  });

  it("go by a common shift when each alone would be uncertain", () => {
    const edits = [edit(7, 7, "\treturn text;", "\treturn 1;"), edit(12, 12, "\treturn text;", "\treturn 2;")];
    expect(applied("edits", edits)).toContain(
      "return 1;\n}\n\nexport function write(path, text) {\n\tfs.writeFileSync(path, text);\n\treturn 2;",
    );
  });

  it("give a block the indentation that its original lost", () => {
    const base = "if (a) {\n    one();\n    two();\n}\n";
    expect(applied("edits", [edit(2, 3, "one();\ntwo();", "one();\nthree();")], base)).toBe(
      "if (a) {\n    one();\n    three();\n}\n",
    );
  });

  it("make a new file, and reach the line after the last newline", () => {
    expect(applied("edits", [edit(1, 0, "", "a\nb")], "")).toBe("a\nb\n");
    expect(applied("edits", [edit(2, 1, "", "b")], "a")).toBe("a\nb");
    expect(applied("edits", [edit(2, 2, "", "")], "a\n")).toBe("a");
  });

  it.each([
    ["an original that is not there", [edit(4, 4, "never was here", "x")], "does not stand in the file"],
    ["an original at several places, none of them stated", [edit(1, 1, "\treturn text;", "x")], "not certain"],
    ["an insertion past the end", [edit(99, 98, "", "x")], "inserts at line 99"],
    [
      "an insertion beside edits whose numbers are off",
      [edit(1, 0, "", "x"), edit(9, 9, 'import fs from "node:fs";', "y")],
      "numbers of the other edits are off",
    ],
    [
      "overlapping edits",
      [edit(4, 5, "\tconst text = fs.readFileSync(path);\n\treturn text;", "a"), edit(5, 5, "\treturn text;", "b")],
      "another block changes too",
    ],
    [
      "omitted code",
      [edit(4, 4, "\tconst text = fs.readFileSync(path);", "\t# ... existing code ...")],
      "leaves code out",
    ],
    ["an empty list", [], "at least one"],
    ["a wrong shape", [{ start_line: "4" }], "whole numbers"],
  ])("are refused for %s", (_, edits, reason) => {
    expect(refusal("edits", edits)).toContain(reason);
  });

  it("are refused when they are not JSON", () => {
    expect(refusal("edits", "[{")).toContain("not valid JSON");
  });
});

describe("search and replace", () => {
  it("replaces several blocks in any order", () => {
    const blocks = [
      { search: "\tfs.writeFileSync(path, text);", replace: "\tfs.appendFileSync(path, text);" },
      { search: 'import fs from "node:fs";\n', replace: 'import * as fs from "node:fs";\n' },
    ];
    expect(applied("search_replace", blocks)).toBe(
      BASE.replace("writeFileSync", "appendFileSync").replace("import fs", "import * as fs"),
    );
  });

  it("finds whole lines but for white space, and keeps the base's unchanged lines", () => {
    const blocks = [
      {
        search: "export function read(path) {\n    const text = fs.readFileSync(path); \n    return text;",
        replace: "export function read(path) {\n    const text = fs.readFileSync(path); \n\treturn text.trim();",
      },
    ];
    expect(applied("search_replace", blocks)).toBe(BASE.replace("return text", "return text.trim()"));
  });

  it.each([
    ["text that is not there", [{ search: "nowhere", replace: "x" }], "does not stand in the file"],
    ["text at several places", [{ search: "\treturn text;\n}", replace: "x" }], "more than one place"],
    ["an empty search", [{ search: "", replace: "x" }], "is empty"],
    ["a wrong shape", [{ find: "a" }], "needs texts"],
  ])("is refused for %s", (_, blocks, reason) => {
    expect(refusal("search_replace", blocks)).toContain(reason);
  });
});

describe("hostile patches", () => {
  const size = 2_000_000;
  it.each([
    [
      "a search of repeated text",
      "search_replace",
      [{ search: `b${"a".repeat(size / 2)}`, replace: "" }],
      "a".repeat(size),
    ],
    [
      "a search of repeated lines",
      "search_replace",
      [{ search: `${"a\n".repeat(size / 8)}b`, replace: "" }],
      "a\n".repeat(size / 2),
    ],
    [
      "many blocks",
      "search_replace",
      Array.from({ length: 5_000 }, (_, at) => ({ search: `x${at}`, replace: "" })),
      "y\n".repeat(size / 2),
    ],
    [
      "many edits with wrong lines",
      "edits",
      Array.from({ length: 2_000 }, (_, at) => ({
        start_line: at + 1,
        end_line: at + 1,
        original: "a",
        replacement: "b",
      })),
      `b\n${"a\nb\n".repeat(size / 4)}`,
    ],
    ["white space without end", "unified", `@@ -1 +1 @@\n-${" ".repeat(size)}x\n+y\n`, `${" ".repeat(size)}z\n`],
  ] as const)("end with %s", (_, format, patch, base) => {
    expect(normalisePatch(base, format, patch).ok).toBe(false);
  });
});
