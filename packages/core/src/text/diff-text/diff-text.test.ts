/** Tests the diff of one file, and refusals by name. Captured from git 2.39, GNU diff 3.8, svn 1.14, hg 6.3. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, normalisePatch } from "../index";
import { isBlob } from "./git-blob";

/** The base with the diff applied, or the reason of the refusal. */
function applied(base: string, diff: string): string {
  const result = normalisePatch(base, "unified", diff);
  return result.ok ? applyEdits(base, result.edits) : result.reason;
}

const FILE = "diff --git a/x b/x\nindex 0000001..0000002 100644\n--- a/x\n+++ b/x\n";

describe("the end of a hunk", () => {
  it("is where its counts are used up, whatever follows", () => {
    expect(applied("a\n-\n", `${FILE}@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n`)).toBe("b\n-\n");
    expect(applied("a\n-\n", `${FILE}@@ -1 +1 @@\n-a\n+b\n--\n2.39.5 (Apple Git-154)\n\n`)).toBe("b\n-\n");
    expect(applied("a\n- mine\n", `${FILE}@@ -1 +1 @@\n-a\n+b\n-- \n+ mine\n`)).toBe("b\n- mine\n");
    expect(applied("a\n- \n", `${FILE}@@ -1,2 +1 @@\n-a\n-- \n+b\n`)).toBe("b\n");
  });

  it("is not at lines that only look like a header", () => {
    const base = "-- a/x\n++ b/x\nz\nz\nz\nz\nz\nz\nz\nend\n";
    const diff = `${FILE}@@ -1,4 +1,4 @@\n--- a/x\n+++ b/y\n ++ b/x\n z\n z\n@@ -8,3 +8,3 @@\n z\n z\n-end\n+END\n`;
    expect(applied(base, diff)).toBe(base.replace("-- a/x", "++ b/y").replace("end", "END"));
  });

  it("is recognized before Subversion's properties", () => {
    const diff = `--- x\t(revision 1)\n+++ x\t(working copy)\n@@ -1 +1 @@\n-a\n+b\n\nProperty changes on: x\n${"_".repeat(67)}\nAdded: svn:eol-style\n## -0,0 +1 ##\n+native\n\\ No newline at end of property\n`;
    expect(applied("a\n", diff)).toBe("b\n");
  });

  it("includes lines beyond its counts, or is refused when they match nowhere", () => {
    expect(applied("a\nc\nd\n", `${FILE}@@ -1 +1 @@\n-a\n+b\n c\n-d\n+e\n`)).toBe("b\nc\ne\n");
    expect(applied("a\nc\n", `${FILE}@@ -1 +1 @@\n-a\n+b\n- words of the next commit\n`)).toMatch(/do not stand/);
  });
});

describe("the location of a hunk", () => {
  const base = "a\nsame\nb\nsame\nc\n";
  const blob = createHash("sha1").update(`blob ${base.length}\0${base}`).digest("hex").slice(0, 7);
  const made = FILE.replace("0000001", blob);

  it("is the stated one when git made the diff of this very text", () => {
    expect(applied(base, `${made}@@ -4 +4 @@\n-same\n+other\n`)).toBe("a\nsame\nb\nother\nc\n");
    expect(applied(base, `${made}@@ -3,0 +4 @@\n+new\n`)).toBe("a\nsame\nb\nnew\nsame\nc\n");
    expect(applied(base, `${FILE}@@ -3,0 +4 @@\n+new\n`)).toMatch(/-U0/);
    expect(applied(base, `${FILE}@@ -4 +4 @@\n-same\n+other\n@@ -5 +5 @@\n-c\n+d\n`)).toBe("a\nsame\nb\nother\nd\n");
  });

  it("of a diff of this text whose lines are miscounted is refused", () => {
    expect(applied("a\nb\n", `${FILE.replace("0000001", "422c2b7")}@@ -1,2 +1,2 @@\n a\n b\n+c\n`)).toMatch(
      /header counts/,
    );
  });

  it("is found without the tab of `diff -T`", () => {
    expect(applied("a\n\nb\n", "--- x\n+++ y\n@@ -1,3 +1,3 @@\n\ta\n\t\n-\tb\n+\tc\n")).toBe("a\n\nc\n");
    expect(applied("\ta\n\tb\n", "--- x\n+++ y\n@@ -1,2 +1,2 @@\n \ta\n-\tb\n+\tc\n")).toBe("\ta\n\tc\n");
  });

  it("is derived from git's blob ids", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const bytes = Buffer.from(text);
        const name = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
        expect(isBlob(text, name)).toBe(true);
        expect(isBlob(text, name.slice(0, 7))).toBe(true);
        expect(isBlob(`${text}.`, name)).toBe(false);
      }),
    );
  });
});

describe("another form of a diff", () => {
  const forms: [string, string, RegExp][] = [
    [
      "a combined diff",
      "diff --cc x\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n++new\n  b\n",
      /combined diff of a merge/,
    ],
    [
      "a combined diff beside others",
      `${FILE}@@ -1 +1 @@\n-a\n+b\ndiff --combined y\n@@@ -1 -1 +1 @@@\n--a\n++b\n`,
      /combined/,
    ],
    ["a word diff", `${FILE}@@ -1,2 +1,2 @@\n  x\n+ [-a-]{+b+}\n`, /word diff/],
    ["a word diff of whole lines", `${FILE}@@ -1 +1 @@\n[-a-]{+b+}\n`, /word diff/],
    ["a word diff for programs", `${FILE}@@ -1 +1 @@\n-a\n+b\n~\n`, /word diff/],
    ["a word diff whose colours were lost", `--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n  x\n+ ab\n`, /no sign|word diff/],
    [
      "colours",
      `\u001b[1mdiff --git a/x b/x\u001b[m\n\u001b[36m@@ -1 +1 @@\u001b[m\n\u001b[31m-a\u001b[m\n\u001b[32m+\u001b[m\u001b[32mb\u001b[m\n`,
      /colour codes/,
    ],
    ["other signs", `${FILE}@@ -1 +1 @@\n-a\n>b\n`, /output-indicator/],
    [
      "a context diff",
      "*** o\t2026\n--- p\t2026\n***************\n*** 1,3 ****\n  a\n! b\n  c\n--- 1,3 ----\n  a\n! B\n  c\n",
      /context diff/,
    ],
    ["a normal diff", "1c1\n< a\n---\n> B\n3a4\n> d\n", /normal form/],
    ["an ed script", "3a\nd\n.\n1c\nB\n.\n", /ed script/],
    ["a forward ed script", "c1\nB\n.\na3\nd\n.\n", /ed script/],
    ["an ed script of lines that look like a diff", "1a\n@@ -1 +1 @@\n-a\n+c\n.\n", /ed script/],
    ["an ed script with a line like svn's", "diff -reN one/x two/x\n0a\nIndex: x\nclass A:\n.\n", /ed script/],
    ["an RCS diff", "d1 1\na1 1\nB\n", /RCS/],
    ["a diff side by side", "a\t\t\t\t\t\t\t      |\tB\nc\t\t\t\t\t\t\t\tc\n", /side by side/],
    ["a quoted mail", "> diff --git a/x b/x\n> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\n> -a\n> +b\n", /quoted in a mail/],
    ["a graph", "* commit 1\n| diff --git a/x b/x\n| --- a/x\n| +++ b/x\n| @@ -1 +1 @@\n| -a\n| +b\n", /--graph/],
    ["a range-diff", "1:  c3cf1e4 ! 1:  d3cf1e4 two\n    @@ x\n     -a\n", /range-diff/],
    ["Jujutsu's own form", "Modified regular file x:\n   1     : a\n        1: b\n", /jj diff --git/],
    ["a list", " x | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n", /only lists/],
    ["modes alone", "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", /only modes/],
    ["a binary file", "diff --git a/x b/x\nindex 1234567..89abcde 100644\nBinary files a/x and b/x differ\n", /binary/],
    ["a binary patch", "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 4\nLcmZQ\n", /binary/],
    ["Mercurial's binary file", "diff -r 3680d84a08f3 x\nBinary file x has changed\n", /binary/],
    [
      "a symbolic link",
      "diff --git a/x b/x\nnew file mode 120000\nindex 0000000..1de5659\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n",
      /symbolic link/,
    ],
    [
      "a submodule",
      "diff --git a/x b/x\nindex 1234567..89abcde 160000\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n",
      /submodule/,
    ],
    [
      "an encoded mail",
      `From: A\nContent-Transfer-Encoding: quoted-printable\n\n${FILE}@@ -1 +1 @@\n-a\n+b =3D 1\n`,
      /encoded/,
    ],
    ["encoded lines alone", `${FILE}@@ -1 +1,2 @@\n a\n+b =3D 1\n`, /encoded/],
    [
      "a flowed mail",
      `From: A\nContent-Type: text/plain; charset=UTF-8; format=flowed\n\n${FILE}@@ -1 +1 @@\n-a\n+b\n`,
      /flowed/,
    ],
    [
      "files on one side",
      `Only in two: new\ndiff -ru one/x two/x\n--- one/x\t2026-11-29 15:40:32 +0000\n+++ two/x\t2026-11-29 15:40:32 +0000\n@@ -1 +1 @@\n-a\n+b\n`,
      /diff -N/,
    ],
  ];
  it.each(forms)("is refused by its name: %s", (_, diff, reason) => {
    expect(applied("a\nb\n  x\n+ a\n", diff)).toMatch(reason);
  });
});

describe("long meaningless texts", () => {
  const many = 400_000;
  it.each([
    ["blanks", " ".repeat(many * 4)],
    ["a header of blanks", `--- a${" ".repeat(many)}\n+++ b${" ".repeat(many)}\n@@ -1 +1 @@\n-a\n+b\n`],
    ["names without end", `diff --git ${"a b ".repeat(many)}\n@@ -1 +1 @@\n-a\n+b\n`],
    ["marks of words", `@@ -1,3 +1 @@\n-a\n+${"[-{+".repeat(many)}\n`],
    ["ed commands", "1a\n".repeat(many)],
    ["columns", `${"  | ".repeat(many)}\n`],
    ["a revision of bars", `r1 ${"| ".repeat(many)}\n`],
    ["empty hunks", `--- a/x\n+++ b/x\n${"@@ -1,0 +1,0 @@\n\n".repeat(many / 8)}`],
    ["files", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n".repeat(many / 100)],
  ])("are refused without delay: %s", (_, text) => {
    expect(normalisePatch("z\n", "unified", text).ok).toBe(false);
  });
});
