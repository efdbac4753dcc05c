/** Diffs as git, GNU diff, Subversion, Mercurial and quilt wrote them (captured), against the files they were made of. */
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../text/index";
import { normaliseSuggestion } from "./normalise";

type Files = Record<string, string>;

/** Path → text after the diff (null for a file that goes), or the reason of the refusal. */
function applied(files: Files, diff: string): Record<string, string | null> | string {
  const base = { files: Object.entries(files).map(([path, text]) => ({ path, text, hash: "0".repeat(64) })) };
  const result = normaliseSuggestion(base, { patches: [{ format: "unified", diff }] });
  if (!result.ok) return result.reason;
  return Object.fromEntries(
    result.edits.map((edit) => [edit.path, edit.delete ? null : applyEdits(files[edit.path] ?? "", edit.edits)]),
  );
}

const HUNK = "@@ -1 +1 @@\n-a\n+b\n";
const named = (from: string, to: string) => `--- ${from}\n+++ ${to}\n${HUNK}`;

describe("the names of a diff's files", () => {
  const others = { "x.py": "a\n", "src/x.py": "a\n", "a/x.py": "a\n", "b/x.py": "a\n" };
  it.each([
    ["git's usual prefixes", named("a/src/x.py", "b/src/x.py"), "src/x.py"],
    ["git's usual prefixes of a file whose folder is called a", named("a/a/x.py", "b/a/x.py"), "a/x.py"],
    ["`--no-prefix` of a file in a folder a", named("a/x.py", "a/x.py"), "a/x.py"],
    ["`--no-prefix` of a file in a folder b", named("b/x.py", "b/x.py"), "b/x.py"],
    ["mnemonic prefixes", named("i/src/x.py", "w/src/x.py"), "src/x.py"],
    ["mnemonic prefixes of commits and the working tree", named("c/x.py", "w/x.py"), "x.py"],
    ["prefixes turned round by `-R`", named("b/src/x.py", "a/src/x.py"), "src/x.py"],
    ["other prefixes", named("old/src/x.py", "new/src/x.py"), "src/x.py"],
    ["longer prefixes", named("q/old/src/x.py", "q/new/src/x.py"), "src/x.py"],
    ["a time behind a tab", named("a/x.py\t2026-01-01 00:00:00.000000000 +0000", "b/x.py\t2026-01-02 00:00"), "x.py"],
    ["a time behind blanks", named("a/x.py  2026-01-01 00:00:00", "b/x.py  Thu Jan  1 00:00:00 2026"), "x.py"],
    ["Subversion's revisions", named("src/x.py\t(revision 1)", "src/x.py\t(working copy)"), "src/x.py"],
    [
      "quilt's folders",
      `Index: proj/src/x.py\n${"=".repeat(67)}\n${named("proj.orig/src/x.py", "proj/src/x.py")}`,
      "src/x.py",
    ],
    ["quilt's copies", `Index: src/x.py\n${"=".repeat(67)}\n${named("src/x.py.orig", "src/x.py")}`, "src/x.py"],
    [
      "Mercurial's revisions",
      `diff -r f0fe9363d724 src/x.py\n${named("a/src/x.py\tSun Nov 29", "b/src/x.py\tSun")}`,
      "src/x.py",
    ],
  ])("are read from %s", (_, diff, path) => {
    expect(applied(others, diff)).toEqual({ [path]: "b\n" });
  });

  it("are read from their quotes and escapes, with blanks in them", () => {
    const files = { "src/ä.py": "a\n", "my file.py": "a\n", 'q"x.py': "a\n" };
    expect(applied(files, named('"a/src/\\303\\244.py"', '"b/src/\\303\\244.py"'))).toEqual({ "src/ä.py": "b\n" });
    expect(applied(files, named("a/my file.py\t", "b/my file.py\t"))).toEqual({ "my file.py": "b\n" });
    expect(applied(files, named('"a/q\\"x.py"', '"b/q\\"x.py"'))).toEqual({ 'q"x.py': "b\n" });
    expect(applied(files, named('"a/\\377.py"', '"b/\\377.py"'))).toMatch(/encoding other than UTF-8/);
  });

  it("are those of what is there, where a diff compares two files", () => {
    expect(applied({ "x.py": "a\n" }, named("x.py.bak", "x.py"))).toEqual({ "x.py": "b\n" });
    expect(applied({ "x.py": "a\n" }, named("backup/1/x.py", "x.py"))).toEqual({ "x.py": "b\n" });
    expect(applied({ "one.py": "a\n", "two.py": "a\n" }, named("one.py", "two.py"))).toMatch(/names two files/);
  });

  it("of new files come from git's header or the other files, or the diff is refused", () => {
    const added = "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+n\n";
    expect(applied({ "x.py": "a\n" }, added)).toEqual({ "new.py": "n\n" });
    expect(applied({ "b/x.py": "a\n" }, `diff --git b/new.py b/new.py\nnew file mode 100644\n${added}`)).toEqual({
      "b/new.py": "n\n",
    });
    expect(applied({ "b/x.py": "a\n" }, `diff --git a/new.py b/new.py\nnew file mode 100644\n${added}`)).toEqual({
      "new.py": "n\n",
    });
    expect(applied({ "b/x.py": "a\n" }, named("b/x.py", "b/x.py") + added)).toMatchObject({ "b/new.py": "n\n" });
    expect(applied({ "b/x.py": "a\n" }, added)).toMatch(/may mean b\/new.py or new.py/);
  });
});

describe("files that a diff adds and removes", () => {
  it("are added and removed when they are empty too", () => {
    const diff =
      "diff --git a/gone b/gone\ndeleted file mode 100644\nindex e69de29..0000000\n" +
      "diff --git a/my new b/my new\nnew file mode 100644\nindex 0000000..e69de29\n";
    expect(applied({ gone: "" }, diff)).toEqual({ gone: null, "my new": "" });
  });

  it("are moved and copied with their changes", () => {
    const head = "diff --git a/x.py b/src/y.py\nsimilarity index 60%\n";
    const body = "index 422c2b7..0f7bc76 100644\n--- a/x.py\n+++ b/src/y.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n";
    const files = { "x.py": "a\nb\n" };
    expect(applied(files, `${head}rename from x.py\nrename to src/y.py\n${body}`)).toEqual({
      "x.py": null,
      "src/y.py": "a\nc\n",
    });
    expect(applied(files, `${head}copy from x.py\ncopy to src/y.py\n${body}`)).toEqual({ "src/y.py": "a\nc\n" });
    expect(applied({ ...files, "src/y.py": "" }, `${head}rename from x.py\nrename to src/y.py\n${body}`)).toMatch(
      /exists already/,
    );
  });

  it("are recognized by GNU diff's timestamp and Subversion's wording", () => {
    const gnu =
      "diff -ruN one/n two/n\n--- one/n\t1970-01-01 00:00:00.000000000 +0000\n+++ two/n\t2026-11-29 15:40:32.8 +0000\n@@ -0,0 +1 @@\n+n\n";
    expect(applied({ x: "a\n" }, gnu)).toEqual({ n: "n\n" });
    const svn =
      "Index: z\n===\n--- z\t(revision 1)\n+++ z\t(nonexistent)\n@@ -1 +0,0 @@\n-z\n\\ No newline at end of file\n";
    expect(applied({ z: "z" }, svn)).toEqual({ z: null });
  });

  it("are not removed without their text, nor twice", () => {
    const header = "diff --git a/x b/x\ndeleted file mode 100644\nindex 7898192..0000000\n";
    expect(applied({ x: "a\n" }, header)).toMatch(/without quoting its text/);
    expect(applied({ z: "a\n" }, `Index: z (deleted)\n${"=".repeat(67)}\n`)).toMatch(/svn log --diff/);
    const moved =
      "Index: dir/n2\n===\ndiff --git a/n b/dir/n2\nrename from n\nrename to dir/n2\n--- a/n\t(revision 2)\n+++ b/dir/n2\t(working copy)\n@@ -1 +1,2 @@\n n\n+more\n" +
      "Index: n\n===\ndiff --git a/n b/n\ndeleted file mode 100644\n--- a/n\t(revision 2)\n+++ b/n\t(nonexistent)\n@@ -1 +0,0 @@\n-n\n";
    expect(applied({ n: "n\n" }, moved)).toEqual({ n: null, "dir/n2": "n\nmore\n" });
  });
});

describe("several commits in one text", () => {
  const step = (from: string, to: string, index = "") =>
    `diff --git a/x b/x\n${index}--- a/x\n+++ b/x\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
  const commit = (char: string) => `commit ${char.repeat(40)}\nAuthor: A <a@example.org>\nDate:   Sun\n\n    words\n\n`;
  const mail = (char: string) =>
    `From ${char.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] words\n\n- a point\n---\n x | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n`;
  const signature = "-- \n2.39.5\n\n";

  it("apply one on the other, newest first as in a log, or oldest first as in mails", () => {
    expect(applied({ x: "a\n" }, `${commit("2")}${step("b", "c")}\n${commit("1")}${step("a", "b")}`)).toEqual({
      x: "c\n",
    });
    expect(applied({ x: "a\n" }, `${commit("1")}${step("a", "b")}\n${commit("2")}${step("b", "c")}`)).toEqual({
      x: "c\n",
    });
    expect(
      applied({ x: "a\n" }, `${mail("1")}${step("a", "b")}${signature}${mail("2")}${step("b", "c")}${signature}`),
    ).toEqual({
      x: "c\n",
    });
  });

  it("follow git's blob ids when the lines fit both ways", () => {
    const there = step("a", "b", "index 7898192..6178079 100644\n");
    const back = step("b", "a", "index 6178079..7898192 100644\n");
    const on = step("a", "c", "index 7898192..f2ad6c7 100644\n");
    expect(applied({ x: "a\n" }, `${commit("3")}${on}\n${commit("2")}${back}\n${commit("1")}${there}`)).toEqual({
      x: "c\n",
    });
  });

  it("of a mail with the diff attached end at its boundary", () => {
    const diff =
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="------------2.39.5"\n\nThis is a multi-part message.\n--------------2.39.5\n' +
      `Content-Type: text/x-patch; name="0001-two.patch"\nContent-Transfer-Encoding: 8bit\n\n${step("a", "b")}\n--------------2.39.5--\n\n\n`;
    expect(applied({ x: "a\n--------------2.39.5--\n" }, diff)).toEqual({ x: "b\n--------------2.39.5--\n" });
  });

  it("are refused when their order matters and is unknown", () => {
    const diff = "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+b\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+c\n";
    expect(applied({ x: "a\n" }, diff)).toMatch(/depends on the order/);
  });

  it("apply both when a model writes two diffs against the same text", () => {
    const diff = `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+A\n--- a/x\n+++ b/x\n@@ -3 +3 @@\n-c\n+C\n`;
    expect(applied({ x: "a\nb\nc\n" }, diff)).toEqual({ x: "A\nb\nC\n" });
  });
});

describe("line ends and marks of a diff", () => {
  it("change when the diff changes them", () => {
    expect(applied({ x: "a\r\nb\r\n" }, "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\r\n-b\r\n+a\n+b\n")).toEqual({
      x: "a\nb\n",
    });
    expect(applied({ x: "a\nb\n" }, "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+a\r\n b\n")).toEqual({ x: "a\r\nb\n" });
  });

  it("stay those of the file when the diff shows none", () => {
    expect(applied({ x: "a\r\nb\r\nc" }, "--- a/x\n+++ b/x\n@@ -3 +3,2 @@\n-c\n+C\n+d\n")).toEqual({
      x: "a\r\nb\r\nC\r\nd",
    });
  });

  it("of the byte order are set as in the diff", () => {
    expect(applied({ x: "\uFEFFa\nb\n" }, "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-\uFEFFa\n+\uFEFFc\n b\n")).toEqual({
      x: "\uFEFFc\nb\n",
    });
    expect(applied({ x: "a\nb\n" }, "\uFEFF--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n")).toEqual({ x: "c\nb\n" });
  });
});
