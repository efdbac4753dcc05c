import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../text/index";
import { normaliseEdits, normaliseSuggestion } from "./normalise";
import type { SuggestedPatch } from "./suggestion";

const hash = (char: string) => char.repeat(64);
const A = { path: "src/a.ts", text: "one\ntwo\nthree\nfour\n", hash: hash("a") };
const B = { path: "src/b.ts", text: "eins\r\nzwei\r\ndrei", hash: hash("b") };
const base = { files: [A, B], otherPaths: ["src/unseen.ts"] };

const edit = (path: string, start: number, end: number, original: string, replacement: string) => ({
  path,
  start_line: start,
  end_line: end,
  original,
  replacement,
});

/** Path → text after the edits, null when deleted; or the reason of the refusal. */
function result(edits: Parameters<typeof normaliseEdits>[1], on: Parameters<typeof normaliseEdits>[0] = base) {
  return texts(normaliseEdits(on, edits));
}

function texts(normalised: ReturnType<typeof normaliseEdits>) {
  if (!normalised.ok) return normalised.reason;
  return Object.fromEntries(
    normalised.edits.map((each) => {
      const stored = [A, B].find((file) => file.path === each.path);
      expect(each.baseHash).toBe(stored?.hash ?? null);
      return [each.path, each.delete ? null : applyEdits(stored?.text ?? "", each.edits)];
    }),
  );
}

describe("edits of a tool call", () => {
  it("apply where their original stands, several to a file and to several files", () => {
    expect(
      result([
        edit("src/a.ts", 1, 1, "one", "1"),
        edit("src/b.ts", 2, 2, "zwei", "2"),
        edit("src/a.ts", 3, 4, "three\nfour", "3\n4"),
      ]),
    ).toEqual({ "src/a.ts": "1\ntwo\n3\n4\n", "src/b.ts": "eins\r\n2\r\ndrei" });
  });

  it("keep the line ends of the file and its missing last newline", () => {
    expect(result([edit("src/b.ts", 3, 3, "drei", "3\nvier")])).toEqual({ "src/b.ts": "eins\r\nzwei\r\n3\r\nvier" });
  });

  it("insert a line", () => {
    expect(result([edit("src/a.ts", 2, 2, "two", "two\nand a half")])).toEqual({
      "src/a.ts": "one\ntwo\nand a half\nthree\nfour\n",
    });
    expect(result([edit("src/a.ts", 3, 2, "", "and a half")])).toEqual({
      "src/a.ts": "one\ntwo\nand a half\nthree\nfour\n",
    });
  });

  it("add a file, ended by a newline, and delete one", () => {
    expect(result([edit("src/c.ts", 1, 0, "", "new")])).toEqual({ "src/c.ts": "new\n" });
    expect(result([{ path: "src/a.ts", delete: true }])).toEqual({ "src/a.ts": null });
  });

  it("report when a location matched by words and not exactly", () => {
    expect(normaliseEdits(base, [edit("src/a.ts", 1, 1, "one", "1")])).toMatchObject({ ok: true, exact: true });
    expect(normaliseEdits(base, [edit("src/a.ts", 1, 1, "  one", "  1")])).toMatchObject({ ok: true, exact: false });
  });

  const refused: [string, Parameters<typeof normaliseEdits>[1], RegExp][] = [
    [
      "lines between code fences, which would go into the file",
      [edit("src/a.ts", 1, 1, "one", "```ts\n1\n```")],
      /between code fences/,
    ],
    ["an original that does not stand there", [edit("src/a.ts", 1, 1, "other", "1")], /does not stand/],
    [
      "lines that two edits change",
      [edit("src/a.ts", 1, 2, "one\ntwo", "1"), edit("src/a.ts", 2, 2, "two", "2")],
      /another block changes/,
    ],
    [
      "the same edit twice",
      [edit("src/a.ts", 1, 1, "one", "1"), edit("src/a.ts", 1, 1, "one", "1")],
      /another block changes/,
    ],
    [
      "the same edit under two spellings of a path",
      [edit("src/a.ts", 1, 1, "one", "1"), edit("./src/a.ts", 1, 1, "one", "2")],
      /another block changes/,
    ],
    [
      "omitted code",
      [edit("src/a.ts", 1, 4, "one\ntwo\nthree\nfour", "1\n// ... rest unchanged ...")],
      /leaves code out/,
    ],
    ["edits that change nothing", [edit("src/a.ts", 1, 1, "one", "one")], /change nothing/],
    ["lines that a missing file has", [edit("src/c.ts", 1, 1, "one", "1")], /no file src\/c.ts/],
    [
      "a new file given twice",
      [edit("src/c.ts", 1, 0, "", "1"), edit("src/c.ts", 1, 0, "", "2")],
      /no file|more than once/,
    ],
    ["a file that was not shown", [edit("src/unseen.ts", 1, 1, "x", "y")], /was not shown/],
    ["deleting a file that was not shown", [{ path: "src/unseen.ts", delete: true }], /was not shown/],
    ["deleting what is not there", [{ path: "src/c.ts", delete: true }], /no file src\/c.ts/],
    [
      "changing and deleting a file",
      [edit("src/a.ts", 1, 1, "one", "1"), { path: "src/a.ts", delete: true }],
      /both changed and deleted/,
    ],
    ["a file where a folder is", [edit("src", 1, 0, "", "1")], /beside/],
    ["a file in a file", [edit("src/a.ts/b.ts", 1, 0, "", "1")], /beside/],
    ["a path out of its folder", [edit("../a.ts", 1, 0, "", "1")], /leads out/],
    ["an absolute path", [edit("/etc/passwd", 1, 0, "", "1")], /absolute/],
    ["NUL bytes", [edit("src/a.ts", 1, 1, "one", "o\0ne")], /NUL/],
    ["a file over 5 MB", [edit("src/c.ts", 1, 0, "", "x".repeat(5 * 1024 * 1024))], /5 MB/],
    ["the numbers of the material as code", [edit("src/a.ts", 1, 2, "one\ntwo", "1 | eins\n2 | zwei")], /line numbers/],
  ];
  for (const [name, edits, reason] of refused) {
    it(`are refused for ${name}`, () => {
      expect(result(edits)).toMatch(reason);
    });
  }

  it("are all refused when one is", () => {
    expect(result([edit("src/a.ts", 1, 1, "one", "1"), edit("src/b.ts", 1, 1, "wrong", "1")])).toMatch(/src\/b.ts/);
  });

  it("add no file where none may be added", () => {
    expect(result([edit("src/c.ts", 1, 0, "", "1")], { ...base, mayAddFiles: false })).toMatch(/no file/);
  });

  it("never throw, and never touch another path", () => {
    const path = fc.constantFrom(
      "src/a.ts",
      "src/b.ts",
      "src/unseen.ts",
      "new.ts",
      "../x",
      "/x",
      "",
      "src\\a.ts",
      "a\nb",
    );
    const text = fc.constantFrom("", "one", "two", "one\ntwo", "zwei", "zwei\r", "\n", "x\n", "// ...");
    const anyEdit = fc.record({
      path,
      start_line: fc.integer({ min: -1, max: 7 }),
      end_line: fc.integer({ min: -1, max: 7 }),
      original: text,
      replacement: text,
    });
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 4 }), (edits) => {
        const normalised = normaliseEdits(base, edits);
        if (!normalised.ok) return normalised.reason.length > 0;
        return normalised.edits.every((each) => ["src/a.ts", "src/b.ts", "new.ts"].includes(each.path));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a suggestion by line numbers alone", () => {
  const lines = (startLine: number, endLine: number, replacement: string): SuggestedPatch => ({
    format: "lines",
    startLine,
    endLine,
    replacement,
  });
  const on = (path: string, patch: SuggestedPatch) => texts(normaliseSuggestion(base, { patches: [patch] }, path));

  it("replaces exactly those lines of the file asked about", () => {
    expect(on("src/a.ts", lines(2, 3, "2\n3"))).toEqual({ "src/a.ts": "one\n2\n3\nfour\n" });
    expect(on("src/a.ts", lines(2, 3, "2\n3\n"))).toEqual({ "src/a.ts": "one\n2\n3\nfour\n" });
    expect(on("src/a.ts", lines(4, 4, "4"))).toEqual({ "src/a.ts": "one\ntwo\nthree\n4\n" });
    expect(on("src/b.ts", lines(1, 2, "1\n2"))).toEqual({ "src/b.ts": "1\r\n2\r\ndrei" });
    expect(on("src/b.ts", lines(3, 3, "3"))).toEqual({ "src/b.ts": "eins\r\nzwei\r\n3" });
  });

  it("inserts before a line, and deletes", () => {
    expect(on("src/a.ts", lines(2, 1, "new"))).toEqual({ "src/a.ts": "one\nnew\ntwo\nthree\nfour\n" });
    expect(on("src/a.ts", lines(2, 1, "new\n"))).toEqual({ "src/a.ts": "one\nnew\ntwo\nthree\nfour\n" });
    expect(on("src/a.ts", lines(2, 3, ""))).toEqual({ "src/a.ts": "one\nfour\n" });
  });

  it("is refused for lines that the file does not have", () => {
    for (const [start, end] of [
      [5, 5],
      [0, 1],
      [3, 1],
      [1, 99],
    ] as const) {
      expect(on("src/a.ts", lines(start, end, "x"))).toMatch(/no lines/);
    }
  });

  it("is refused for lines that were not shown, or not whole", () => {
    const shown = { ...A, shown: { startLine: 2, endLine: 3 } };
    const refusal = (file: typeof A, at: number) =>
      texts(normaliseSuggestion({ files: [file] }, { patches: [lines(at, at, "x")] }, "src/a.ts"));
    expect(refusal(shown, 1)).toMatch(/not all shown/);
    expect(refusal(shown, 4)).toMatch(/not all shown/);
    expect(refusal({ ...A, text: `${"x".repeat(5_000)}\ntwo\n` }, 1)).toMatch(/only a part/);
  });

  it("goes by the original where one is given", () => {
    const patch = { ...lines(1, 1, "3"), original: "three" } as SuggestedPatch;
    expect(on("src/a.ts", patch)).toEqual({ "src/a.ts": "one\ntwo\n3\nfour\n" });
  });
});

describe("suggestions that match too much", () => {
  const refusedFor = (patches: SuggestedPatch[]) => texts(normaliseSuggestion(base, { patches }, "src/a.ts"));
  it("are refused", () => {
    const diff = "--- /dev/null\n+++ b/src/a.ts\n@@ -0,0 +1 @@\n+x\n";
    expect(refusedFor([{ format: "unified", path: "src/a.ts", diff }])).toMatch(/exists already/);
    const part = "--- a/src/a.ts\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n";
    expect(refusedFor([{ format: "unified", path: "src/a.ts", diff: part }])).toMatch(/leaves a part/);
    expect(refusedFor([{ format: "search_replace", blocks: [{ search: "", replace: "x\n" }] }])).toMatch(/empty/);
    const twice: SuggestedPatch = { format: "lines", startLine: 2, endLine: 2, replacement: "2" };
    expect(refusedFor([twice, { ...twice, replacement: "zwei" }])).toMatch(/same lines/);
  });
});
