import { describe, expect, it } from "vitest";
import { applyEdits, normalisePatch } from "./index";
import { edited, replaced } from "./patches.test-support";

function applied(base: string, diff: string): string {
  const result = normalisePatch(base, "unified", diff);
  return result.ok ? applyEdits(base, result.edits) : `[${result.reason}]`;
}

const MAKEFILE = "all: a.c\n\tgcc a.c\n\nclean:\n\trm a.out\n";

/** Mended after the fuzzing of `npm run bench:text -- --fuzz` found them. */
describe("a damaged answer", () => {
  it("inserts behind the last line of a CRLF file, and leaves that line alone", () => {
    expect(edited("a\r\nb\r\n}", 4, 3, "", "c\n}")).toBe("a\r\nb\r\n}\r\nc\r\n}");
  });

  it("keeps the blanks at the end of the line that stays, not of another like it", () => {
    const base = "order:\n  count:  \n    a: 1\n";
    const search = "order:\n  count:\n    a: 1";
    expect(replaced(base, { search, replace: "order:\ncount:\n  count:\n    a: 1" })).toBe(
      "order:\ncount:\n  count:  \n    a: 1\n",
    );
  });

  it("removes a blank line that the file fills with blanks", () => {
    expect(replaced("a\nb\n  \nc\n", { search: "a\nb\n", replace: "a" })).toBe("a\nc\n");
  });

  it("is refused where a level is taken away in a quote that is indented otherwise", () => {
    const base = "  if a:\n    b()\n  c: 1\n";
    expect(replaced(base, { search: "if a:\n  b()\nc: 1", replace: "  b()\n  c: 1" })).toMatch(/^\[Block 1/);
  });

  it("is refused where one of its blocks would change nothing", () => {
    const blocks = [
      { search: "b()", replace: "    b()" },
      { search: "c: 1", replace: "c: 2" },
    ];
    expect(replaced("if a:\n    b()\nc: 1\n", ...blocks)).toMatch(/^\[Block 1 would change nothing/);
  });

  it("is refused where its new lines are indented by blanks that the file has in continued lines alone not", () => {
    const base = "A = a.c \\\n\tb.c\n\nB = 40\n";
    expect(edited(base, 4, 4, "B = 40", "all: b.c\n        rm b.o\nB = 40")).toMatch(/^\[Block 1/);
    const yaml = 'a: "b"\nc:\n- d: "e"\n  f: 12\n';
    expect(edited(yaml, 1, 1, 'a: "b"', 'g:\n\th: 71\na: "b"')).toMatch(/^\[Block 1/);
  });

  it("takes no blanks from a line that another takes the place of", () => {
    const search = "all: a.c\n\tgcc a.c \\\n\t\t-o a";
    const base = "all: a.c\n\tgcc a.c \\\n\t\t-o   a\n";
    expect(replaced(base, { search, replace: "key: b.c\n\tcp c.c\n\trm d.c" })).not.toContain("rm   d.c");
  });

  it("is refused when a file of two styles leaves the indentation of a new line uncertain", () => {
    const base = "f(\n\t<p>\n\t\t<b />\n\t</p>\n);\nif (a) {\n    b();\n    c();\n}\n";
    const patch = "--- a/f\n+++ b/f\n@@ -2 +2,2 @@\n <p>\n+\t<i />\n";
    expect(normalisePatch(base, "unified", patch)).toMatchObject({ ok: false });
  });

  it("is refused where one of two lines goes that differ in blanks at their ends, and the quote has others", () => {
    const search = "return a  \nreturn a    \nif b:  ";
    expect(replaced("return a\nreturn a  \nif b:\n", { search, replace: "return a  \nif b:" })).toMatch(/^\[Block 1/);
  });

  it("is refused when its line matches exactly elsewhere, and except for white space at the stated line", () => {
    const base = "if a:\n\tx = 1  \n\ny = 2\nif a:\n\tx = 1\n";
    expect(applied(base, "@@ -1,2 +1,2 @@\n if a:\n-\tx = 1\n+\tx = 3\n")).toMatch(/^\[The old lines of hunk 1 stand/);
  });

  it("does not take order from line numbers that contradict the answer's own", () => {
    const base = "a\n\nb\nc\n\na\nd\n";
    const edits = [
      { start_line: 12, end_line: 13, original: "b\nc", replacement: "b\nx" },
      { start_line: 9, end_line: 9, original: "a", replacement: "y" },
    ];
    expect(normalisePatch(base, "edits", edits)).toMatchObject({ ok: false });
  });

  it("takes no common shift of its numbers where a line stands as stated", () => {
    const base = "a\n\na\n\nb\nc\nd\n";
    const edits = [
      { start_line: 1, end_line: 1, original: "a", replacement: "x" },
      { start_line: 3, end_line: 3, original: "b", replacement: "y" },
    ];
    expect(normalisePatch(base, "edits", edits)).toMatchObject({ ok: false });
  });
});

describe("a diff that a model wrote", () => {
  it.each([
    ["spaces into a Makefile", MAKEFILE, "@@ -1 +1,3 @@\n+run: all\n+    ./a.out\n all: a.c\n"],
    ["another width", "a:\n  b: 1\n", "@@ -1 +1,3 @@\n+c:\n+    d: 1\n a:\n"],
    ["one space for a level", "a:\n  b: 1\n", "@@ -1 +1,3 @@\n+c:\n+ d: 1\n a:\n"],
    [
      "CRLF with nothing that shows the file's",
      "a\nb",
      "@@ -2 +2,2 @@\n-b\n\\ No newline at end of file\n+b\r\n+c\n\\ No newline at end of file\n",
    ],
  ])("is refused where it writes %s", (_, base, diff) => {
    expect(applied(base, diff)).toMatch(/^\[/);
  });

  it("keeps its context as the file has it, whatever its changes are indented by", () => {
    const base = "limit:\n  # gamma\nkey:\n  user: >-\n    a\n";
    const diff = "@@ -1,5 +1,4 @@\n-limit:\n-    # gamma\n+# gamma\n key:\n     user: >-\n         a\n";
    expect(applied(base, diff)).toMatch(/^\[|^# gamma\nkey:\n {2}user: >-\n {4}a\n$/);
  });

  it("loses the CRLF that it was passed on with", () => {
    expect(applied("a\nb\n", "@@ -1,2 +1,2 @@\r\n a\r\n-b\r\n+c\r\n")).toBe("a\nc\n");
  });
});

describe("text inside a string", () => {
  it("is not indented anew with the code around it", () => {
    const base = "function a() {\n\tb();\n}\n";
    const code = "if (c) {\n    const d = `\n    e\n`;\n}\n";
    expect(replaced(base, { search: "function a() {", replace: `${code}function a() {` })).toMatch(/^\[Block 1/);
  });

  it("is unchanged inside a template that holds another", () => {
    const base = "if (a) {\n\tb = `\n   c\n`;\n}\n";
    expect(replaced(base, { search: "c", replace: "   c\n\td = `\n   e\n`;" })).toMatch(/^\[|\n {3}e\n/);
  });

  it("does not begin at a quotation mark in a comment", () => {
    const base = "if (a) {\n\tb();\n}\n";
    const code = "if (c) {\n    // the `name\n    d();\n}";
    expect(replaced(base, { search: "if (a) {", replace: `${code}\nif (a) {` })).toBe(
      `if (c) {\n\t// the \`name\n\td();\n}\n${base}`,
    );
  });
});
