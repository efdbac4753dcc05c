import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import { restoreVersion, saveFiles, undoVersion } from "../changes/index";
import { newChangeId } from "../changes/schema";
import { getCodebase } from "../codebases/index";
import { commit } from "../codebases/internal";
import type { FileEdit } from "../codebases/schema";
import { hashText } from "../platform/blobs";
import { dynamo } from "../platform/clients";
import type { Session } from "../sessions/schema";
import { type Anchor, carryAnchor, createAnchor } from "../text/index";
import { resolveAnchors } from "./anchor-threads";
import { getThread, listThreads, openThread, reopenThread, resolveThread } from "./index";
import { openThreadsOf } from "./internal";
import { atKeptPlace, keepPlaces, readPlaces } from "./kept-places";
import { newMessageId, newThreadId, type Thread } from "./schema";
import { readThread, type StoredThread } from "./store";

const product = withProduct();
const CODE = `import { open } from "./store";

export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price;
  return sum;
}
`;

const paste = (files: Record<string, string> = { "a.js": CODE }) => pasteSession(product.actor, files);

async function threadOn(session: Session, more: object = {}): Promise<Thread> {
  const message = { id: newMessageId(), text: "Why?", wantsReply: false };
  const at = { sessionId: session.id, threadId: newThreadId(), path: "a.js", startLine: 5, message };
  return (await openThread(product.actor, { ...at, ...more })).thread;
}

async function headOf(session: Session): Promise<number> {
  return (await getCodebase(product.actor, { id: session.codebaseId })).number;
}

async function save(session: Session, text: string, path = "a.js"): Promise<void> {
  const base = await headOf(session);
  const files = [{ path, text }];
  const outcome = await saveFiles(product.actor, {
    codebaseId: session.codebaseId,
    base,
    changeId: newChangeId(),
    files,
  });
  expect(outcome).toMatchObject({ outcome: "applied", version: base + 1 });
}

/** Commits edits of whole files: deletes, additions, renames. */
async function commitFiles({ codebaseId }: Session, edits: FileEdit[]): Promise<void> {
  const { userId: id, name } = product.actor;
  const about = { kind: "save", message: "Change files", changeId: newChangeId() } as const;
  expect(await commit({ codebaseId, edits, author: { id, name }, ...about })).toMatchObject({ outcome: "applied" });
}

const remove = (path: string, text: string): FileEdit => ({ path, baseHash: hashText(text), edits: [], delete: true });
const add = (path: string, text: string): FileEdit => ({ path, baseHash: null, edits: [{ start: 0, end: 0, text }] });

async function now(session: Session, thread: Thread): Promise<Thread> {
  return (await getThread(product.actor, { sessionId: session.id, threadId: thread.id })).thread;
}

/** Returns a thread as it is stored, with the place that was kept of it. */
async function storedAt(session: Session, { id }: Pick<Thread, "id">): Promise<StoredThread> {
  const thread = await readThread(session.id, id);
  if (!thread) throw new Error("The thread is missing.");
  const places = await readPlaces({ sessionId: session.id, status: thread.status });
  return atKeptPlace(thread, places, Number.POSITIVE_INFINITY);
}

/** Runs an action and returns the DynamoDB commands that it sent. */
async function commandsOf(run: () => Promise<unknown>): Promise<string[]> {
  const commands: string[] = [];
  dynamo().middlewareStack.add(
    (next, context) => (call) => {
      commands.push(String(context.commandName));
      return next(call);
    },
    { step: "initialize", name: "countCommands", override: true },
  );
  await run();
  dynamo().middlewareStack.remove("countCommands");
  return commands;
}

describe("a thread's place on the head", () => {
  it("follows edits above and inside its lines, and says which", async () => {
    const session = await paste();
    const thread = await threadOn(session);
    await save(session, `// header\n${CODE}`);
    expect(await now(session, thread)).toMatchObject({ version: 2, anchor: { startLine: 6, state: "exact" } });
    await save(session, `// header\n${CODE.replace("item.price;", "item.price * item.count;")}`);
    expect(await now(session, thread)).toMatchObject({ version: 3, anchor: { startLine: 6, state: "edited" } });
  });

  it("is outdated when its lines are deleted, and found again when that is undone", async () => {
    const session = await paste();
    const thread = await threadOn(session);
    await save(session, CODE.replace(/ {2}for.*\n/, ""));
    expect(await now(session, thread)).toMatchObject({ anchor: { state: "outdated", confidence: 0, startLine: 5 } });
    await undoVersion(product.actor, { codebaseId: session.codebaseId, version: 2, changeId: newChangeId() });
    expect(await now(session, thread)).toMatchObject({ version: 3, anchor: { state: "exact", startLine: 5 } });
  });

  it("follows a block that moved, as moved", async () => {
    const session = await paste();
    const thread = await threadOn(session, { startLine: 3, endLine: 7 });
    const block = CODE.slice(CODE.indexOf("export"));
    const other = "export function other() {\n  return open();\n}\n".repeat(3);
    await save(session, `${CODE}\n${other}`);
    await save(session, `${CODE.replace(block, "")}\n${other}\n${block}`);
    const { anchor } = await now(session, thread);
    expect(anchor).toMatchObject({ quote: block.trimEnd() });
    expect(["exact", "moved"]).toContain(anchor?.state);
    expect((anchor as Anchor).startLine).toBeGreaterThan(10);
  });

  it("is carried through every version, even when unread in between, and only once", async () => {
    const session = await paste();
    const thread = await threadOn(session);
    let text = CODE;
    let anchor = createAnchor(CODE, 5, 5);
    for (const change of ["price * 1", "price * 12", "price * 123"]) {
      const next = `// ${change}\n${text.replace(/price[^;]*/, change)}`;
      await save(session, next);
      anchor = carryAnchor(anchor, text, next);
      text = next;
    }
    expect(await now(session, thread)).toMatchObject({ version: 4, anchor });
    await expect.poll(async () => (await storedAt(session, thread)).version).toBe(4);
    expect(await storedAt(session, thread)).toMatchObject({ anchor, fileHash: hashText(text) });
  });

  it("is kept when its file is deleted, and found when the file comes back", async () => {
    const session = await paste({ "a.js": CODE, "b.js": "b();\n" });
    const thread = await threadOn(session);
    const wholeFile = await threadOn(session, { startLine: undefined });
    await commitFiles(session, [remove("a.js", CODE)]);
    expect(await now(session, thread)).toMatchObject({ isFileGone: true, path: "a.js", anchor: { startLine: 5 } });
    expect(await now(session, wholeFile)).toMatchObject({ isFileGone: true });
    await save(session, "b(2);\n", "b.js");
    expect(await now(session, thread)).toMatchObject({ isFileGone: true, version: 3 });
    await restoreVersion(product.actor, { codebaseId: session.codebaseId, version: 1, changeId: newChangeId() });
    const back = await now(session, thread);
    expect(back).toMatchObject({ version: 4, anchor: { startLine: 5, state: "exact" } });
    expect(back.isFileGone).toBeUndefined();
    expect((await now(session, wholeFile)).isFileGone).toBeUndefined();
  });

  it("is compared with its file's former text when a path is reused", async () => {
    const session = await paste({ "a.js": CODE, "b.js": "b();\n" });
    const thread = await threadOn(session);
    await commitFiles(session, [remove("a.js", CODE)]);
    await commitFiles(session, [add("a.js", `// new\n// again\n${CODE}`)]);
    const back = await now(session, thread);
    expect(back).toMatchObject({ anchor: { startLine: 7, state: "exact" } });
    expect(back.isFileGone).toBeUndefined();
  });

  it("follows a file that is renamed, also when that is undone", async () => {
    const session = await paste({ "a.js": CODE, "b.js": CODE });
    const thread = await threadOn(session);
    await commitFiles(session, [remove("a.js", CODE), add("lib/total.js", CODE)]);
    expect(await now(session, thread)).toMatchObject({
      path: "lib/total.js",
      anchor: { startLine: 5, state: "exact" },
    });
    await save(session, `// moved\n${CODE}`, "lib/total.js");
    expect(await now(session, thread)).toMatchObject({ path: "lib/total.js", anchor: { startLine: 6 } });
    await restoreVersion(product.actor, { codebaseId: session.codebaseId, version: 2, changeId: newChangeId() });
    await restoreVersion(product.actor, { codebaseId: session.codebaseId, version: 1, changeId: newChangeId() });
    expect(await now(session, thread)).toMatchObject({ path: "a.js", anchor: { startLine: 5, state: "exact" } });
  });

  it("starts at the version it was opened on, and is carried to the head", async () => {
    const session = await paste();
    await save(session, `// one\n// two\n${CODE}`);
    const thread = await threadOn(session, { version: 1 });
    expect(thread).toMatchObject({ version: 2, anchor: { startLine: 7, state: "exact" } });
  });

  it("shows every thread of a page where it belongs, of many files and versions", async () => {
    const session = await paste({ "a.js": CODE, "b.js": CODE });
    const onA = await threadOn(session);
    await save(session, `// b\n${CODE}`, "b.js");
    const onB = await threadOn(session, { path: "b.js", startLine: 6 });
    await save(session, `// a\n${CODE}`);
    await save(session, `// b\n// b\n${CODE}`, "b.js");
    const { threads } = await listThreads(product.actor, { sessionId: session.id });
    const lineOf = (id: string) => threads.find((each) => each.id === id)?.anchor?.startLine;
    expect([lineOf(onA.id), lineOf(onB.id)]).toEqual([6, 7]);
  });

  it("is kept for all threads of a page in one write, which the next page reads with them", async () => {
    const session = await paste();
    const threads = [await threadOn(session), await threadOn(session, { startLine: 4 }), await threadOn(session)];
    await save(session, `// header\n${CODE}`);
    const codebase = await getCodebase(product.actor, { id: session.codebaseId });
    const carrying = await commandsOf(async () => {
      await openThreadsOf(session, codebase);
      await expect.poll(async () => (await storedAt(session, threads[0] as Thread)).version).toBe(2);
    });
    expect(carrying.filter((command) => !/Get|Query/.test(command))).toEqual(["PutItemCommand"]);
    for (const thread of threads) expect(await storedAt(session, thread)).toMatchObject({ version: 2 });
    expect(await commandsOf(() => openThreadsOf(session, codebase))).toEqual(["QueryCommand"]);
  });

  it("is carried again, and as right, where two pages kept places at once and one of them was refused", async () => {
    const session = await paste();
    const [first, second] = [await threadOn(session), await threadOn(session, { startLine: 4 })];
    await save(session, `// header\n${CODE}`);
    const group = { sessionId: session.id, status: "open" } as const;
    const before = await readPlaces(group);
    const at = async (thread: Thread) => ({ ...(await storedAt(session, thread)), version: 2, path: "b.js" });
    await keepPlaces(group, before, [await at(first)]);
    await keepPlaces(group, before, [await at(second)]);
    expect(await storedAt(session, first)).toMatchObject({ path: "b.js", version: 2 });
    expect(await storedAt(session, second)).toMatchObject({ path: "a.js", version: 1 });
    expect(await now(session, second)).toMatchObject({ version: 2, anchor: { startLine: 5, state: "exact" } });
  });

  it("goes with a thread that is resolved and opened again, through saves in between", async () => {
    const session = await paste();
    const thread = await threadOn(session);
    const at = { sessionId: session.id, threadId: thread.id };
    await save(session, `// one\n${CODE}`);
    expect(await resolveThread(product.actor, at)).toMatchObject({ anchor: { startLine: 6, state: "exact" } });
    expect(await readThread(session.id, thread.id)).toMatchObject({ version: 2, status: "resolved" });
    await save(session, `// one\n// two\n${CODE}`);
    expect(await now(session, thread)).toMatchObject({ status: "resolved", anchor: { startLine: 7 } });
    await save(session, `// one\n// two\n// three\n${CODE}`);
    expect(await reopenThread(product.actor, at)).toMatchObject({ anchor: { startLine: 8, state: "exact" } });
    const codebase = await getCodebase(product.actor, { id: session.codebaseId });
    const { threads, resolved } = await openThreadsOf(session, codebase);
    expect(threads).toMatchObject([{ id: thread.id, version: 4, anchor: { startLine: 8, state: "exact" } }]);
    expect(resolved).toBe(0);
  });

  it("is right for a page that read the code just before another request carried the thread on", async () => {
    const session = await paste();
    const thread = await threadOn(session);
    const before = await getCodebase(product.actor, { id: session.codebaseId });
    await save(session, `// header\n${CODE}`);
    expect(await now(session, thread)).toMatchObject({ version: 2, anchor: { startLine: 6 } });
    await expect.poll(async () => (await storedAt(session, thread)).version).toBe(2);
    expect((await openThreadsOf(session, before)).threads).toMatchObject([
      { version: 1, anchor: { startLine: 5, state: "exact" } },
    ]);
  });

  it("always equals the text engine's result for the same versions", async () => {
    const line = fc.constantFrom("alpha(one, two);", "beta.gamma(delta);", "return epsilon + zeta;", "}", "");
    const texts = fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.array(fc.boolean()), async (versions, at, looks) => {
        const all = versions.map((lines, index) => `// version ${index}\n${lines.join("\n")}\n`);
        const session = await paste({ "a.js": all[0] as string });
        const startLine = 1 + (at % ((all[0] as string).split("\n").length - 1));
        const thread = await threadOn(session, { startLine });
        let anchor = createAnchor(all[0] as string, startLine, startLine);
        for (const [index, text] of all.entries()) {
          if (index === 0) continue;
          await save(session, text);
          anchor = carryAnchor(anchor, all[index - 1] as string, text);
          if (looks[index]) expect((await now(session, thread)).anchor).toEqual(anchor);
        }
        expect((await now(session, thread)).anchor).toEqual(anchor);
        if (anchor.state === "exact") {
          const lines = (all.at(-1) as string).split("\n");
          expect(lines[anchor.startLine - 1]?.trimEnd()).toBe(anchor.quote);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("in a file of megabytes is computed against the head directly, with the same result", async () => {
    const large = Array.from({ length: 60_000 }, (_, index) => `line number ${index} of a file that is long\n`).join(
      "",
    );
    const session = await paste({ "a.js": large });
    const thread = await threadOn(session, { startLine: 30_001 });
    for (const count of [1, 2, 3]) await save(session, "// above\n".repeat(count) + large);
    const place = { startLine: 30_004, state: "exact", quote: "line number 30000 of a file that is long" };
    expect(await now(session, thread)).toMatchObject({ version: 4, anchor: place });
  });

  it("of 500 threads over 50 versions is computed by file and version, not by thread", async () => {
    const session = await paste({ "a.js": CODE.repeat(100) });
    const stored = await readThread(session.id, (await threadOn(session)).id);
    let text = CODE.repeat(100);
    for (let version = 2; version <= 50; version += 1) {
      text = `// version ${version}\n${text}`;
      await save(session, text);
    }
    const codebase = await getCodebase(product.actor, { id: session.codebaseId });
    if (!stored?.anchor) throw new Error("no anchor");
    const anchor = stored.anchor;
    const many = Array.from({ length: 500 }, (_, index) => ({ ...stored, id: `thr_${index}`, anchor }));
    const placed = await resolveAnchors(codebase, many);
    expect(new Set(placed.map((each) => each.anchor?.startLine))).toEqual(new Set([5 + 49]));
    expect((await openThreadsOf(session, codebase)).threads).toMatchObject([{ anchor: { startLine: 54 } }]);
  });
});
