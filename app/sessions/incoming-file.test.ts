import { LIMITS } from "@redline/core/limits";
import { expect, test } from "vitest";
import { convertToUtf8, validateFile, validateTotal } from "./incoming-file";

const file = (content: string | Uint8Array<ArrayBuffer>, name = "a.ts") => new File([content], name);

test("names the language of a text", async () => {
  expect(await validateFile(file("let a = 1;"), "src/a.ts")).toMatchObject({
    path: "src/a.ts",
    detected: "typescript",
  });
  expect((await validateFile(file("def f():\n  pass\n", "x"), "x")).detected).toBe("python");
});

test("shows why a file can't be uploaded: too large, binary, not UTF-8, not a zip", async () => {
  const large = new Uint8Array(LIMITS.file.maxBytes + 1).fill(65);
  expect((await validateFile(file(large), "a.ts")).problem).toMatch(/The limit is 5 MB per file\./);
  expect((await validateFile(file(new Uint8Array([65, 0, 66])), "a.ts")).problem).toMatch(/contains NUL bytes/);
  expect((await validateFile(file(new Uint8Array([0x81, 65])), "a.ts")).problem).toMatch(/Not UTF-8/);
  expect((await validateFile(file(new Uint8Array([0x1f, 0x8b, 8])), "a.tgz")).problem).toMatch(
    /Unsupported archive \(gzip\)/,
  );
  expect((await validateFile(file("not one"), "a.zip")).problem).toMatch(/Not a readable zip/);
});

test("offers to convert text that is not UTF-8, and does", async () => {
  const latin1 = await validateFile(file(new Uint8Array([0x63, 0x61, 0x66, 0xe9])), "a.ts");
  expect(latin1).toMatchObject({ encoding: "windows-1252", problem: expect.stringContaining("looks like Latin-1") });
  const made = await convertToUtf8(latin1);
  expect([made.problem, await made.file.text()]).toEqual([undefined, "café"]);
});

test("tells a patch from what is only named so", async () => {
  const patch = "--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-let a = 1;\n+let a = 2;\n";
  expect((await validateFile(file(patch), "a.patch")).isPatch).toBe(true);
  expect((await validateFile(file(`${"prose\n".repeat(2_000)}${patch}`), "a.diff")).isPatch).toBe(true);
  for (const [text, path] of [
    [patch, "a.ts"],
    ["", "a.patch"],
    ["We should patch the roof.\n", "a.patch"],
  ] as const)
    expect((await validateFile(file(text), path)).isPatch, path).toBeUndefined();
});

test("a file of exactly the limit and an empty one are fine", async () => {
  const full = new Uint8Array(LIMITS.file.maxBytes).fill(65);
  expect((await validateFile(file(full), "a.ts")).problem).toBeUndefined();
  expect((await validateFile(file(""), "a.ts")).problem).toBeUndefined();
});

test("limits the number and total size of the files", async () => {
  const one = await validateFile(file("a"), "a.ts");
  expect(validateTotal(Array.from({ length: 50 }, () => one))).toBeUndefined();
  expect(validateTotal(Array.from({ length: 51 }, () => one))).toMatch(
    /51 files is too many\. The limit is 50 per session/,
  );
  const heavy = await validateFile(file(new Uint8Array(LIMITS.file.maxBytes).fill(65)), "b.ts");
  expect(validateTotal([heavy, heavy, heavy, heavy])).toBeUndefined();
  expect(validateTotal([heavy, heavy, heavy, heavy, one])).toMatch(/The limit is 20 MB per session\./);
});
