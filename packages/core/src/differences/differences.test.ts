import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { reviewVersion, stranger, withProduct } from "../../../../tests/support/product";
import { applyChange, restoreVersion, undoVersion } from "../changes/index";
import { newChangeId } from "../changes/schema";
import { compareVersions, getCodebase, listVersions, readFile, readVersion } from "../codebases/index";
import { LIMITS } from "../limits";
import { latestReview, listFindings } from "../review/index";
import { getSession, trashSession } from "../sessions/index";
import { listThreads, openThread } from "../threads/index";
import { newMessageId, newThreadId } from "../threads/schema";
import { newUlid } from "../ulid";
import {
  addHead,
  changesSince,
  createDifference,
  exportPatch,
  exportReview,
  getDifference,
  giveVerdict,
  promptOf,
} from "./index";
import type { ChangedFile } from "./schema";

const product = withProduct();

const source = { kind: "git", range: "main...topic", branch: "topic", baseLabel: "main" } as const;

const create = (files: ChangedFile[], key: string = randomUUID()) =>
  createDifference(product.actor, { key, source, content: { kind: "files", files } });

const fromPatch = (patch: string, base: { path: string; text: string }[] = []) =>
  createDifference(product.actor, {
    key: randomUUID(),
    source: { kind: "patch", name: "a change" },
    content: { kind: "patch", patch, base },
  });

const BEFORE = `export function f(list) {\n  debugger;\n  list.push(1);\n  return list.length;\n}\n`;
const AFTER = `export function f(list) {\n  debugger;\n  list.push(1);\n  debugger;\n  return list.length;\n}\n`;

describe("a session that reviews a difference", () => {
  it("holds the base as version 1 and the head as version 2, with what git says of each file", async () => {
    const { actor } = product;
    const session = await create([
      { path: "src/a.js", before: BEFORE, after: AFTER },
      { path: "new.txt", after: "new\n", newMode: "100755" },
      { path: "old.txt", before: "old\n" },
      { path: "to.txt", from: "from.txt", before: "one\ntwo\n", after: "one\n2\n" },
      { path: "logo.png", textless: "binary file" },
    ]);
    expect(session).toMatchObject({ name: "topic", fileCount: 5, difference: { base: 1, head: 2, source } });
    const { codebaseId } = session;
    const paths = async (version: number) =>
      (await readVersion(actor, { codebaseId, version })).tree.map(({ path }) => path);
    expect(await paths(1)).toEqual(["from.txt", "old.txt", "src/a.js"]);
    expect(await paths(2)).toEqual(["new.txt", "src/a.js", "to.txt"]);
    expect((await getCodebase(actor, { id: codebaseId })).number).toBe(2);
    const difference = await getDifference(actor, { sessionId: session.id });
    expect(difference?.files).toMatchObject([
      { path: "logo.png", status: "modified", textless: "binary file", added: 0 },
      { path: "new.txt", status: "added", newMode: "100755", added: 1, removed: 0 },
      { path: "old.txt", status: "deleted", added: 0, removed: 1 },
      { path: "src/a.js", status: "modified", added: 1, removed: 0 },
      { path: "to.txt", from: "from.txt", status: "renamed", added: 1, removed: 1 },
    ]);
    await expect(getDifference(stranger, { sessionId: session.id })).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
  });

  it("is made once for the same key and content", async () => {
    const key = randomUUID();
    const files = [{ path: "a.txt", before: "a\n", after: "b\n" }];
    expect((await create(files, key)).id).toBe((await create(files, key)).id);
    expect((await create(files)).id).not.toBe((await create(files, key)).id);
  });

  it("may have more files than a session of pasted code, up to its own limit", async () => {
    const files = Array.from({ length: 120 }, (_, at) => ({
      path: `f${at}.txt`,
      before: `${at}\n`,
      after: `${at}!\n`,
    }));
    const session = await create(files);
    expect((await getDifference(product.actor, { sessionId: session.id }))?.files).toHaveLength(120);
    const many = Array.from({ length: LIMITS.difference.maxFiles + 1 }, (_, at) => ({ path: `f${at}`, after: "" }));
    await expect(create(many)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("says that nothing differs, and names a patch that can't be read", async () => {
    await expect(create([])).rejects.toMatchObject({ message: "There is no difference: no file is changed." });
    await expect(fromPatch("no patch\n")).rejects.toMatchObject({ code: "INVALID_INPUT", field: "patch" });
    await expect(fromPatch("--- a/x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n")).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

describe("the review of a difference", () => {
  it("calls findings new, old here, or gone", async () => {
    const { actor } = product;
    const session = await create([
      { path: "src/a.js", before: BEFORE, after: AFTER },
      { path: "src/b.js", before: "debugger;\nexport {};\n", after: "export {};\n" },
      { path: "src/moved.js", from: "src/c.js", before: BEFORE, after: BEFORE },
    ]);
    await reviewVersion(session, 2);
    const findings = await listFindings(actor, { sessionId: session.id });
    const debuggers = findings.filter(({ rule }) => rule === "biome/suspicious/noDebugger");
    expect(debuggers.map(({ path, startLine, onBase }) => [path, startLine, onBase])).toEqual([
      ["src/a.js", 2, true],
      ["src/a.js", 4, undefined],
      ["src/moved.js", 2, true],
    ]);
    const review = await latestReview(actor, { sessionId: session.id });
    expect(review?.difference).toMatchObject({ new: 1, old: 2, gone: 1 });
    expect(review?.difference?.listed).toMatchObject([{ path: "src/b.js", startLine: 1 }]);
    expect((await getSession(actor, { id: session.id })).review?.counts).toEqual(review?.counts);
  });

  it("reviews hunks without their files by the rules for any text, and says so", async () => {
    const { actor } = product;
    const session = await fromPatch(
      "--- a/src/x.ts\n+++ b/src/x.ts\n@@ -40,2 +40,3 @@ class X {\n   a() {\n+    debugger;\n   }\n",
    );
    await reviewVersion(session, 2);
    const review = await latestReview(actor, { sessionId: session.id });
    expect(review?.coverage).toMatchObject([
      { path: "src/x.ts", state: "partly", reason: "only hunks of it are here" },
    ]);
    expect(await listFindings(actor, { sessionId: session.id })).toEqual([]);
    const { text } = await readFile(actor, { codebaseId: session.codebaseId, path: "src/x.ts" });
    expect(text.split("\n").slice(38)).toEqual(["", "  a() {", "    debugger;", "  }", ""]);
  });
});

describe("a new head of a difference", () => {
  it("joins the session: interdiff, threads and decisions carry over, also to another base", async () => {
    const { actor } = product;
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`);
    const head = lines.with(19, "changed\n");
    const session = await create([{ path: "a.txt", before: lines.join(""), after: head.join("") }]);
    const sessionId = session.id;
    const message = { id: newMessageId(), text: "Why?", wantsReply: false };
    await openThread(actor, { sessionId, threadId: newThreadId(), path: "a.txt", startLine: 20, message });

    const again = { kind: "files", files: [{ path: "a.txt", before: lines.join(""), after: head.join("") }] } as const;
    expect(await addHead(actor, { sessionId, content: { ...again, files: [...again.files] } })).toMatchObject({
      version: 2,
      isNew: false,
    });
    const next = ["zero\n", ...head];
    const second = [{ path: "a.txt", before: lines.join(""), after: next.join("") }];
    expect(await addHead(actor, { sessionId, content: { kind: "files", files: second } })).toMatchObject({
      version: 3,
    });
    const interdiff = await compareVersions(actor, { codebaseId: session.codebaseId, from: 2, to: 3 });
    expect(interdiff.files).toMatchObject([{ path: "a.txt", added: 1, removed: 0 }]);

    const rebased = ["base\n", ...lines];
    const third = [{ path: "a.txt", before: rebased.join(""), after: ["base\n", ...next].join("") }];
    const added = await addHead(actor, { sessionId, content: { kind: "files", files: third } });
    expect(added).toMatchObject({ version: 5, session: { difference: { base: 4, head: 5 } } });
    const { versions } = await listVersions(actor, { codebaseId: session.codebaseId });
    expect(versions.map(({ number, kind }) => [number, kind])).toEqual([
      [5, "head"],
      [4, "base"],
      [3, "head"],
      [2, "head"],
      [1, "base"],
    ]);
    const { threads } = await listThreads(actor, { sessionId });
    expect(threads[0]?.anchor).toMatchObject({ startLine: 22, state: "exact" });
  });

  it("is told from an earlier one without what the base changed", async () => {
    const { actor } = product;
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`);
    const first = [
      { path: "a.txt", before: lines.join(""), after: lines.with(19, "changed\n").join("") },
      { path: "dropped.txt", before: "one\n", after: "two\n" },
    ];
    const session = await create(first);
    const sessionId = session.id;
    const base = lines.with(1, "the base's\n");
    const again = [
      { path: "a.txt", before: base.join(""), after: base.with(19, "changed again\n").join("") },
      { path: "later.txt", before: "x\n", after: "y\n" },
    ];
    await addHead(actor, { sessionId, content: { kind: "files", files: again } });
    const since = await changesSince(actor, { sessionId, version: 2 });
    const texts = since.files.map(({ path, fromText, toText }) => [path, fromText, toText]);
    expect(texts).toEqual([
      ["a.txt", base.with(19, "changed\n").join(""), base.with(19, "changed again\n").join("")],
      ["dropped.txt", "two\n", "one\n"],
      ["later.txt", "x\n", "y\n"],
    ]);
    await expect(changesSince(stranger, { sessionId, version: 2 })).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
  });

  it("is refused in the trash, and for a session without a difference", async () => {
    const { actor } = product;
    const session = await create([{ path: "a.txt", before: "a\n", after: "b\n" }]);
    await trashSession(actor, { id: session.id });
    const content = { kind: "files" as const, files: [{ path: "a.txt", before: "a\n", after: "c\n" }] };
    await expect(addHead(actor, { sessionId: session.id, content })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("can't be undone, but restored", async () => {
    const { actor } = product;
    const session = await create([{ path: "a.txt", before: "a\n", after: "b\n" }]);
    const { codebaseId } = session;
    await expect(undoVersion(actor, { codebaseId, version: 2, changeId: newChangeId() })).rejects.toMatchObject({
      code: "CHANGE_REFUSED",
    });
    const restored = await restoreVersion(actor, { codebaseId, version: 1, changeId: newChangeId() });
    expect(restored).toMatchObject({ outcome: "applied", version: 3 });
  });
});

describe("what a difference is exported as", () => {
  it("is a patch that git applies to the base, with what was accepted", async () => {
    const { actor } = product;
    const base = {
      "src/a.js": BEFORE,
      "old.txt": "old\n",
      "from name.txt": "one\ntwo\nthree\nfour\n",
      "ümlaut.txt": "no newline",
    };
    const session = await create([
      { path: "src/a.js", before: BEFORE, after: AFTER, oldMode: "100644", newMode: "100755" },
      { path: "new.txt", after: "new\n" },
      { path: "empty.txt", after: "" },
      { path: "old.txt", before: "old\n" },
      { path: "to name.txt", from: "from name.txt", before: base["from name.txt"], after: "one\n2\nthree\nfour\n" },
      { path: "ümlaut.txt", before: "no newline", after: "still\nno newline" },
    ]);
    await reviewVersion(session, 2);
    const findings = await listFindings(actor, { sessionId: session.id });
    const fix = findings.find(({ onBase, rule }) => !onBase && rule === "biome/suspicious/noDebugger")?.fix;
    await applyChange(actor, { codebaseId: session.codebaseId, changeId: fix?.changeId ?? "" });
    const { patch } = await exportPatch(actor, { sessionId: session.id });
    const after = applyWithGit(base, patch);
    expect(after("src/a.js")).toBe(BEFORE);
    expect(after("to name.txt")).toBe("one\n2\nthree\nfour\n");
    expect(after("ümlaut.txt")).toBe("still\nno newline");
    expect(after("empty.txt")).toBe("");
    expect(() => after("old.txt")).toThrow();
  });

  it("is a patch that git applies, where only hunks of the files were given", async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at + 1}\n`);
    const patch = `--- a/a.txt\n+++ b/a.txt\n@@ -9,5 +9,5 @@\n line 9\n line 10\n-line 11\n+eleven\n line 12\n line 13\n@@ -30,3 +30,4 @@\n line 30\n+\n line 31\n line 32\n`;
    const session = await fromPatch(patch);
    const exported = await exportPatch(product.actor, { sessionId: session.id });
    const after = applyWithGit({ "a.txt": lines.join("") }, exported.patch)("a.txt");
    expect(after).toBe(lines.with(10, "eleven\n").toSpliced(30, 0, "\n").join(""));
  });

  it("is a prompt with the open threads and new findings, and a review in Markdown with the verdict", async () => {
    const { actor } = product;
    const session = await create([{ path: "src/a.js", before: BEFORE, after: AFTER }]);
    const sessionId = session.id;
    await reviewVersion(session, 2);
    const message = { id: newMessageId(), text: "Please keep `list`.", wantsReply: false };
    await openThread(actor, { sessionId, threadId: newThreadId(), path: "src/a.js", startLine: 5, message });
    const id = `ver_${newUlid()}`;
    await giveVerdict(actor, { sessionId, id, kind: "request-changes", version: 2, summary: "Two debuggers." });
    await giveVerdict(actor, { sessionId, id, kind: "request-changes", version: 2, summary: "Two debuggers." });
    const { prompt } = await promptOf(actor, { sessionId });
    expect(prompt).toContain("Changes requested: Two debuggers.");
    expect(prompt).toContain("1. src/a.js:5\n   >   return list.length;\n   You: Please keep `list`.");
    expect(prompt).toContain("2. src/a.js:4 (");
    expect(prompt.match(/noDebugger/g)).toHaveLength(1);
    const { markdown } = await exportReview(actor, { sessionId });
    expect(markdown).toContain("# topic");
    expect(markdown.match(/\*\*Changes requested\*\*/g)).toHaveLength(1);
    expect(markdown).toContain("### `src/a.js:5`");
  });
});

/** Applies a patch with git to these files; returns a reader of what comes of it. */
function applyWithGit(files: Record<string, string>, patch: string): (path: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "redline-apply-"));
  try {
    execFileSync("git", ["init", "-q", folder]);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    execFileSync("git", ["apply", "-"], { cwd: folder, input: patch });
    const after = new Map(
      execFileSync("git", ["ls-files", "-z", "--others"], { cwd: folder, encoding: "utf8" })
        .split("\0")
        .filter(Boolean)
        .map((path) => [path, readFileSync(join(folder, path), "utf8")]),
    );
    return (path) => {
      const text = after.get(path);
      if (text === undefined) throw new Error(`There is no ${path}.`);
      return text;
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
