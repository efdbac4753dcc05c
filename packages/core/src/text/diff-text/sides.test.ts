import { describe, expect, it } from "vitest";
import { readSides } from "./sides";

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`);

const PATCH = `diff --git a/src/a.ts b/src/a.ts
index 1111111..2222222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -10,3 +10,4 @@ line 9
 line 10
-line 11
+line eleven
+line eleven and a half
 line 12
`;

describe("both sides of a diff", () => {
  it("are the lines it shows, at their own numbers, where the file is not at hand", () => {
    const [file] = readSides(PATCH);
    expect(file).toMatchObject({ path: "src/a.ts", status: "modified" });
    expect(file?.before?.split("\n").slice(8)).toEqual(["", "line 10", "line 11", "line 12", ""]);
    expect(file?.after?.split("\n").slice(8)).toEqual([
      "",
      "line 10",
      "line eleven",
      "line eleven and a half",
      "line 12",
      "",
    ]);
    expect(file?.parts).toEqual([{ aStart: 9, aEnd: 12, bStart: 9, bEnd: 13 }]);
  });

  it("are the whole file where it is at hand", () => {
    const before = numbered(20).join("");
    const [file] = readSides(PATCH, new Map([["src/a.ts", before]]));
    expect(file?.before).toBe(before);
    expect(file?.after).toBe(before.replace("line 11\n", "line eleven\nline eleven and a half\n"));
    expect(file?.parts).toBeUndefined();
  });

  it("find the file where it was given without its folder, or within another", () => {
    const before = numbered(20).join("");
    for (const path of ["a.ts", "project/src/a.ts"]) {
      expect(readSides(PATCH, new Map([[path, before]]))[0]).toMatchObject({ path: "src/a.ts", before });
    }
    expect(readSides(PATCH, new Map([["x/a.ts", before]]))[0]?.parts).toHaveLength(1);
  });

  it("of several commits in a row are those of the first and the last", () => {
    const series = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Subject: [PATCH 1/2] one

---
${PATCH}--
2.39.5

From 2222222222222222222222222222222222222222 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Subject: [PATCH 2/2] two

---
diff --git a/src/a.ts b/src/a.ts
index 2222222..3333333 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,2 +1,1 @@
 line 1
-line 2
@@ -12,3 +11,3 @@
 line eleven and a half
-line 12
+line twelve
 line 13
`;
    const [file] = readSides(series);
    expect(file?.before?.split("\n")).toEqual([
      ...["line 1", "line 2", "", "", "", "", "", "", ""],
      ...["line 10", "line 11", "line 12", "line 13", ""],
    ]);
    expect(file?.after?.split("\n")).toEqual([
      ...["line 1", "", "", "", "", "", "", ""],
      ...["line 10", "line eleven", "line eleven and a half", "line twelve", "line 13", ""],
    ]);
    expect(file?.parts).toEqual([
      { aStart: 0, aEnd: 2, bStart: 0, bEnd: 1 },
      { aStart: 9, aEnd: 13, bStart: 8, bEnd: 13 },
    ]);
    const base = numbered(20).join("");
    const [whole] = readSides(series, new Map([["src/a.ts", base]]));
    expect(whole?.after?.split("\n").slice(0, 3)).toEqual(["line 1", "line 3", "line 4"]);
    expect(whole?.after).toContain("line twelve\nline 13\n");
  });

  it("list new, deleted, renamed, binary and mode-only files with what git says of them", () => {
    const files = readSides(`diff --git a/new.sh b/new.sh
new file mode 100755
index 0000000..1111111
--- /dev/null
+++ b/new.sh
@@ -0,0 +1 @@
+echo
\\ No newline at end of file
diff --git a/old.txt b/old.txt
deleted file mode 100644
index 1111111..0000000
--- a/old.txt
+++ /dev/null
@@ -1,2 +0,0 @@
-one
-two
diff --git a/here.ts b/there.ts
similarity index 100%
rename from here.ts
rename to there.ts
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
GIT binary patch
literal 3
KcmZQzU|?Vl00000

literal 0
HcmV?d00001

diff --git a/run b/run
old mode 100644
new mode 100755
diff --git a/link b/link
index 1111111..2222222 120000
--- a/link
+++ b/link
@@ -1 +1 @@
-a
\\ No newline at end of file
+b
\\ No newline at end of file
`);
    expect(files.map(({ parts: _parts, ...file }) => file)).toEqual([
      {
        path: "link",
        status: "modified",
        before: "a",
        after: "b",
        oldMode: "120000",
        newMode: "120000",
        textless: "symlink",
      },
      {
        path: "logo.png",
        status: "modified",
        before: "",
        after: "",
        oldMode: "100644",
        newMode: "100644",
        textless: "binary",
      },
      { path: "new.sh", status: "added", before: null, after: "echo", newMode: "100755" },
      { path: "old.txt", status: "deleted", before: "one\ntwo\n", after: null, oldMode: "100644" },
      { path: "run", status: "modified", before: "", after: "", oldMode: "100644", newMode: "100755" },
      { path: "there.ts", from: "here.ts", status: "renamed", before: "", after: "" },
    ]);
  });

  it("are refused where two commits show different text for one line", () => {
    const other = PATCH.replace(" line 10", " line ten");
    const mail = (subject: string, patch: string) =>
      `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nSubject: ${subject}\n\n---\n${patch}`;
    expect(() => readSides(mail("one", PATCH) + mail("two", other))).toThrow("different text for the same line");
  });
});
