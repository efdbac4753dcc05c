import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { pasteSession, reviewVersion, stranger, withProduct } from "../../../../tests/support/product";
import { getCodebase, readFile } from "../codebases/index";
import { LIMITS } from "../limits";
import { clearTextCache, getObject, hashText } from "../platform/blobs";
import { dynamo } from "../platform/clients";
import { getSmallText } from "../platform/inline-blobs";
import { readPartition } from "../platform/partitions";
import {
  createSession,
  getSession,
  listSessions,
  presignUpload,
  renameSession,
  restoreSession,
  setLanguage,
  trashSession,
} from "./index";
import { purgeTrash } from "./internal";

const product = withProduct();

/** Indexes lag by up to 150 ms here, as they may on AWS. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));

async function upload(path: string, content: string): Promise<string> {
  const { url, fields, key } = await presignUpload(product.actor, { path, bytes: content.length });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([content]), path);
  const response = await fetch(url, { method: "POST", body: form });
  expect(response.status, await response.text()).toBeLessThan(300);
  return key;
}

describe("creating a session", () => {
  it("names it after its first file, detects languages and starts at version 1", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "src/cart.ts": "let a = 1;\n", "b.py": "import os\n" });
    expect(session).toMatchObject({ name: "cart.ts and 1 more", languages: ["python", "typescript"], fileCount: 2 });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    expect(codebase).toMatchObject({ number: 1, owner: { kind: "session", id: session.id } });
    expect(codebase.tree.map(({ path, lines, size }) => [path, lines, size])).toEqual([
      ["b.py", 1, 10],
      ["src/cart.ts", 1, 11],
    ]);
  });

  it("names pasted text by its language and its first symbols", async () => {
    const { actor } = product;
    const pasted = [{ text: "def total(items):\n    return sum(items)\n" }];
    const { session } = await createSession(actor, { key: randomUUID(), pasted });
    expect(session).toMatchObject({ name: "pasted.py · total", languages: ["python"] });
  });

  it("sent twice makes one session; the same key with other content makes another", async () => {
    const { actor } = product;
    const key = randomUUID();
    const send = (text: string) => createSession(actor, { key, pasted: [{ path: "a.ts", text }] });
    const [one, two] = await Promise.all([send("let a;\n"), send("let a;\n")]);
    expect(two.session.id).toBe(one.session.id);
    expect((await send("let b;\n")).session.id).not.toBe(one.session.id);
  });

  it("without any code is refused", async () => {
    const empty = createSession(product.actor, { key: randomUUID(), pasted: [{ text: "  \n" }] });
    await expect(empty).rejects.toMatchObject({ code: "INVALID_INPUT", field: "files" });
  });

  it("of more than 20 MB together is refused", async () => {
    const files = Array.from({ length: 5 }, (_, at) => ({
      path: `${at}.txt`,
      bytes: new Uint8Array(4.5 * 1024 * 1024).fill(97),
    }));
    const large = createSession(product.actor, { key: randomUUID(), files });
    await expect(large).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining("20 MB") });
  });

  it("takes a file over 1 MB that the browser posted straight into the storage", async () => {
    const { actor } = product;
    const content = "// long\n".repeat(200_000);
    const key = await upload("long.ts", content);
    const { session } = await createSession(actor, { key: randomUUID(), uploads: [{ key, path: "long.ts" }] });
    const { text } = await readFile(actor, { codebaseId: session.codebaseId, path: "long.ts" });
    expect(text).toBe(content);
    const again = createSession(actor, { key: randomUUID(), uploads: [{ key, path: "long.ts" }] });
    await expect(again).rejects.toMatchObject({ code: "UPLOAD_NOT_FOUND" });
  });

  it("does not take an upload of someone else", async () => {
    const key = await upload("mine.ts", "let mine = 1;\n");
    const theirs = createSession(stranger, { key: randomUUID(), uploads: [{ key, path: "mine.ts" }] });
    await expect(theirs).rejects.toMatchObject({ code: "UPLOAD_NOT_FOUND" });
  });

  it("refuses to sign an upload over the limit", async () => {
    const large = presignUpload(product.actor, { path: "a.ts", bytes: LIMITS.file.maxBytes + 1 });
    await expect(large).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });
});

describe("listing sessions", () => {
  it("searches by name, filters by language and day, newest first", async () => {
    const { actor } = product;
    const mark = randomUUID();
    const first = await pasteSession(actor, { "a.ts": `// ${mark}\n` });
    const second = await pasteSession(actor, { "b.py": `# ${mark}\n` });
    await renameSession(actor, { id: first.id, name: `Alpha ${mark}` });
    await renameSession(actor, { id: second.id, name: `beta ${mark}` });
    await settled();
    const names = async (filter: Parameters<typeof listSessions>[1]) =>
      (await listSessions(actor, filter)).sessions.map((session) => session.name);
    expect(await names({ search: mark })).toEqual([`beta ${mark}`, `Alpha ${mark}`]);
    expect(await names({ search: `ALPHA ${mark}` })).toEqual([`Alpha ${mark}`]);
    expect(await names({ search: mark, language: "python" })).toEqual([`beta ${mark}`]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await names({ search: mark, from: today, to: today })).toHaveLength(2);
    expect(await names({ search: mark, to: "2020-01-01" })).toEqual([]);
  });

  it("finds a session by the beginnings of its name's words, at once, and by its new name after a rename", async () => {
    const { actor } = product;
    const mark = randomUUID().replaceAll("-", "");
    const { id } = await pasteSession(actor, { "a.ts": `// ${mark}\n` });
    const rename = (name: string) => renameSession(actor, { id, name });
    const finds = async (search: string) =>
      (await listSessions(actor, { search: `${search} ${mark}` })).sessions.map((session) => session.id);
    await rename(`Order ÜbersichtService.ts ${mark}`);
    for (const search of ["ord", "service", "überSICHTserv", "ts order", "(order)"]) {
      expect(await finds(search), search).toEqual([id]);
    }
    for (const search of ["rder", "invoice", "orders"]) expect(await finds(search), search).toEqual([]);
    await rename(`Invoice ${mark}`);
    expect(await finds("ord")).toEqual([]);
    expect(await finds("invoice")).toEqual([id]);
    await Promise.all(["One", "Two", "Three"].map((name) => rename(`${name} ${mark}`)));
    const { name } = await getSession(actor, { id });
    expect(await finds(name.split(" ")[0] ?? "")).toEqual([id]);
    await trashSession(actor, { id });
    expect(await finds("")).toEqual([]);
    expect((await listSessions(actor, { search: mark, trashed: true })).sessions).toMatchObject([{ id }]);
    await restoreSession(actor, { id });
  });

  it("finds a session by any word of the longest name, and by no word of the one before", async () => {
    const { actor } = product;
    const { id } = await pasteSession(actor, { "a.ts": `// ${randomUUID()}\n` });
    const letters = (from: string) =>
      Array.from({ length: 60 }, (_, at) => String.fromCodePoint((from.codePointAt(0) ?? 0) + at));
    const finds = async (search: string) =>
      (await listSessions(actor, { search })).sessions.map((session) => session.id);
    const [before, after] = [letters("\u{4e00}"), letters("\u{5e00}")];
    await renameSession(actor, { id, name: before.join(" ") });
    for (const word of before) expect(await finds(word), word).toEqual([id]);
    await renameSession(actor, { id, name: after.join(" ") });
    for (const word of after) expect(await finds(word), word).toEqual([id]);
    expect(await finds(before[0] ?? "")).toEqual([]);
    const terms: string[] = [];
    for await (const { sk } of readPartition(`TERMS#${actor.personalTeamId}`)) if (sk.endsWith(id)) terms.push(sk);
    expect(terms).toHaveLength(60);
  });

  it("finds nothing with one read, however many sessions there are", async () => {
    const { actor } = product;
    for (let at = 0; at < 12; at += 1) await pasteSession(actor, { "a.ts": `// ${randomUUID()}\n` });
    const calls: string[] = [];
    dynamo().middlewareStack.add(
      (next, context) => (call) => {
        calls.push(String(context.commandName));
        return next(call);
      },
      { step: "initialize", name: "countCalls", override: true },
    );
    expect(await listSessions(actor, { search: randomUUID().slice(0, 8) })).toEqual({ sessions: [] });
    dynamo().middlewareStack.remove("countCalls");
    expect(calls).toEqual(["QueryCommand"]);
  });

  it("pages through more than one page, each session once", async () => {
    const { actor } = product;
    const mark = randomUUID();
    const made = LIMITS.session.pageSize + 7;
    for (let at = 0; at < made; at += 1) {
      const pasted = [{ path: "a.ts", text: `// ${at}\n` }];
      await createSession(actor, { key: randomUUID(), name: `${mark} ${at}`, pasted });
    }
    await settled();
    const first = await listSessions(actor, { search: mark });
    expect(first.sessions).toHaveLength(LIMITS.session.pageSize);
    const second = await listSessions(actor, { search: mark, cursor: first.nextCursor });
    expect(second).toMatchObject({ nextCursor: undefined });
    const ids = [...first.sessions, ...second.sessions].map((session) => session.id);
    expect(new Set(ids).size).toBe(made);
    const forged = listSessions(actor, { search: "other", cursor: first.nextCursor });
    await expect(forged).rejects.toMatchObject({ code: "INVALID_INPUT", field: "cursor" });
  });

  it("does not show the sessions of another team", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "a.ts": "let secret = 1;\n" });
    await settled();
    expect((await listSessions(stranger, {})).sessions).toEqual([]);
    await expect(getSession(stranger, { id: session.id })).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });
});

describe("the trash", () => {
  it("takes a session out of the list and gives it back", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "a.ts": `// ${randomUUID()}\n` });
    const listed = async (trashed: boolean) => {
      await settled();
      return (await listSessions(actor, { trashed })).sessions.some((each) => each.id === session.id);
    };
    await trashSession(actor, { id: session.id });
    expect([await listed(false), await listed(true)]).toEqual([false, true]);
    await reviewVersion(session, 1);
    expect([await listed(false), await listed(true)]).toEqual([false, true]);
    await restoreSession(actor, { id: session.id });
    expect([await listed(false), await listed(true)]).toEqual([true, false]);
  });
});

describe("a session that is due for deletion", () => {
  it("can't be restored, as it may be partly deleted", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "a.ts": `// ${randomUUID()}\n` });
    const weekAgo = Date.now() - LIMITS.session.trashDays * 24 * 60 * 60 * 1_000;
    const clock = vi.spyOn(Date, "now").mockReturnValue(weekAgo - 60_000);
    await trashSession(actor, { id: session.id });
    clock.mockRestore();
    await expect(restoreSession(actor, { id: session.id })).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await settled();
    expect(await purgeTrash(Date.now())).toMatchObject({ sessions: 1 });
  });
});

describe("the nightly sweep", () => {
  const isStored = async (text: string) => {
    const { personalTeamId } = product.actor;
    if (await getSmallText(personalTeamId, hashText(text))) return true;
    return getObject(`teams/${personalTeamId}/blobs/${hashText(text)}`).then(
      () => true,
      () => false,
    );
  };
  /** More than goes into the table, however it is compressed. */
  const large = () => `// ${randomBytes(4_096).toString("hex")}\n`;
  const inDays = (count: number) => Date.now() + count * 24 * 60 * 60 * 1_000;

  it.each([
    ["small", () => `// ${randomUUID()}\n`],
    ["large", large],
  ])("removes what was in the trash for a week, with the %s texts that nothing else names", async (_size, text) => {
    const { actor } = product;
    const shared = text();
    const own = text();
    const doomed = await pasteSession(actor, { "a.ts": shared, "b.ts": own });
    const kept = await pasteSession(actor, { "a.ts": shared });
    await reviewVersion(doomed, 1);
    await trashSession(actor, { id: doomed.id });
    await settled();
    expect(await purgeTrash(inDays(6))).toEqual({ sessions: 0, blobs: 0 });
    expect([await isStored(shared), await isStored(own)]).toEqual([true, true]);
    expect(await purgeTrash(inDays(8))).toMatchObject({ sessions: 1 });
    expect([await isStored(shared), await isStored(own)]).toEqual([true, false]);
    await expect(getSession(actor, { id: doomed.id })).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await expect(getCodebase(actor, { id: doomed.codebaseId })).rejects.toMatchObject({ code: "CODEBASE_NOT_FOUND" });
    expect((await readFile(actor, { codebaseId: kept.codebaseId, path: "a.ts" })).text).toBe(shared);
    expect(await purgeTrash(inDays(8))).toEqual({ sessions: 0, blobs: 0 });
  });

  it.each([
    ["small", () => `// ${randomUUID()}\n`],
    ["large", large],
  ])("leaves no record that makes a %s text seem stored when it is pasted again", async (_size, text) => {
    const { actor } = product;
    const pasted = text();
    const doomed = await pasteSession(actor, { "a.ts": pasted });
    await trashSession(actor, { id: doomed.id });
    await settled();
    // The next read is of another process, or of this one after half a day.
    clearTextCache();
    expect((await readFile(actor, { codebaseId: doomed.codebaseId, path: "a.ts" })).text).toBe(pasted);
    expect(await purgeTrash(inDays(8))).toMatchObject({ sessions: 1 });
    const again = await pasteSession(actor, { "a.ts": pasted });
    clearTextCache();
    expect((await readFile(actor, { codebaseId: again.codebaseId, path: "a.ts" })).text).toBe(pasted);
  });

  it("is completed by the next one when it was interrupted", async () => {
    const { actor, cloud } = product;
    const text = large();
    const doomed = await pasteSession(actor, { "a.ts": text });
    await trashSession(actor, { id: doomed.id });
    await settled();
    cloud.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 1, service: "s3" }] });
    await expect(purgeTrash(inDays(8))).rejects.toThrow();
    cloud.setFaults(LATE_READS);
    expect(await isStored(text)).toBe(true);
    expect(await purgeTrash(inDays(8))).toMatchObject({ sessions: 1 });
    expect(await isStored(text)).toBe(false);
    expect(await purgeTrash(inDays(8))).toEqual({ sessions: 0, blobs: 0 });
  });

  it("spares a session that was restored while the index is stale", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "a.ts": `// ${randomUUID()}\n` });
    await trashSession(actor, { id: session.id });
    await settled();
    await restoreSession(actor, { id: session.id });
    expect(await purgeTrash(inDays(8))).toMatchObject({ sessions: 0 });
    expect(await getSession(actor, { id: session.id })).toMatchObject({ id: session.id });
  });
});

describe("a file's language", () => {
  it("can be set by hand, as a new version", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "script.txt": "print('hello')\n" });
    const set = { id: session.id, path: "script.txt", language: "python" };
    expect(await setLanguage(actor, set)).toMatchObject({ outcome: "applied", version: 2 });
    const { tree } = await getCodebase(actor, { id: session.codebaseId });
    expect(tree[0]).toMatchObject({ language: "python" });
    await expect(setLanguage(actor, { ...set, language: "klingon" })).rejects.toMatchObject({
      code: "INVALID_LANGUAGE",
    });
  });
});
