import { describe, expect, it } from "vitest";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";
import { getCodebase, listVersions, readFile, readVersion, saveDraft } from "../codebases/index";
import { hashText } from "../platform/blobs";
import { applyChange, getChange, mergeView, rejectChange, restoreVersion, saveFiles, undoVersion } from "./index";
import { type Change, newChangeId } from "./schema";
import { createChange } from "./store";

const product = withProduct();
const FIVE = "one\ntwo\nthree\nfour\nfive\n";

async function start(text = FIVE) {
  const { actor } = product;
  const session = await pasteSession(actor, { "a.txt": text });
  const { codebaseId } = session;
  const read = async (version?: number) => (await readFile(actor, { codebaseId, path: "a.txt", version })).text;
  const number = async () => (await getCodebase(actor, { id: codebaseId })).number;
  const save = (base: number, text: string | null, changeId = newChangeId()) =>
    saveFiles(actor, { codebaseId, base, changeId, files: [{ path: "a.txt", text }] });
  const propose = async (edits: Change["edits"][number]["edits"], base = FIVE): Promise<string> => {
    const change: Change = {
      id: newChangeId(),
      codebaseId,
      base: 1,
      edits: [{ path: "a.txt", baseHash: hashText(base), edits }],
      summary: "Say it louder",
      author: { kind: "reviewer", id: "builtin", name: "Built-in reviewer" },
      origin: { kind: "editor" },
      safety: "safe",
      status: "proposed",
      createdAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
    };
    await createChange(session.teamId, change);
    return change.id;
  };
  return { actor, session, codebaseId, read, number, save, propose };
}

describe("saving", () => {
  it("makes version 2 from what was typed on version 1", async () => {
    const { save, read, number } = await start();
    expect(await save(1, FIVE.replace("two", "2"))).toMatchObject({ outcome: "applied", version: 2, merged: false });
    expect(await read()).toBe(FIVE.replace("two", "2"));
    expect(await read(1)).toBe(FIVE);
    expect(await number()).toBe(2);
  });

  it("merges edits of different lines that were both typed on version 1", async () => {
    const { save, read } = await start();
    await save(1, FIVE.replace("one", "1"));
    expect(await save(1, FIVE.replace("five", "5"))).toMatchObject({ outcome: "applied", version: 3, merged: true });
    expect(await read()).toBe("1\ntwo\nthree\nfour\n5\n");
  });

  it("is a conflict, and writes nothing, when the same line was typed twice", async () => {
    const { save, read, number } = await start();
    await save(1, FIVE.replace("two", "ours"));
    const outcome = await save(1, FIVE.replace("two", "mine"));
    expect(outcome).toMatchObject({ outcome: "conflict", version: 2, conflicts: [{ path: "a.txt", base: FIVE }] });
    expect(await read()).toBe(FIVE.replace("two", "ours"));
    expect(await number()).toBe(2);
  });

  it("has one effect when the answer was lost and the same save is sent again", async () => {
    const { save, number } = await start();
    const id = newChangeId();
    const first = await save(1, "new\n", id);
    expect(await save(1, "new\n", id)).toEqual(first);
    expect(await number()).toBe(2);
  });

  it("makes no version when nothing was changed", async () => {
    const { save, number } = await start();
    expect(await save(1, FIVE)).toMatchObject({ outcome: "applied", version: 1 });
    expect(await number()).toBe(1);
  });

  it("keeps line ends, byte order mark and a missing final newline as they are", async () => {
    const text = "\ufeffa\r\nb\r\nc";
    const { save, read } = await start(text);
    await save(1, text.replace("b", "B"));
    expect(await read()).toBe("\ufeffa\r\nB\r\nc");
  });

  it("is refused with FILE_TOO_LARGE over 5 MB and leaves everything as it was", async () => {
    const { save, number } = await start();
    await expect(save(1, "x".repeat(5 * 1024 * 1024 + 1))).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
    expect(await number()).toBe(1);
  });

  it("gives NOT_FOUND for a codebase of another team", async () => {
    const { codebaseId } = await start();
    const input = { codebaseId, base: 1, changeId: newChangeId(), files: [{ path: "a.txt", text: "mine" }] };
    await expect(saveFiles(stranger, input)).rejects.toMatchObject({ code: "CODEBASE_NOT_FOUND" });
  });
});

describe("a proposed change", () => {
  const louder = { start: 4, end: 7, text: "TWO" };
  const louder5 = { start: 19, end: 23, text: "FIVE" };

  it("is applied exactly, once, however often it is accepted", async () => {
    const { actor, codebaseId, propose, read, number } = await start();
    const changeId = await propose([louder]);
    const first = await applyChange(actor, { codebaseId, changeId });
    expect(first).toMatchObject({ outcome: "applied", version: 2 });
    expect(await applyChange(actor, { codebaseId, changeId })).toMatchObject({ outcome: "applied", version: 2 });
    expect(await read()).toBe(FIVE.replace("two", "TWO"));
    expect(await number()).toBe(2);
  });

  it("accepted by hunk is superseded by the accepted hunk and the rest, which applies later", async () => {
    const { actor, codebaseId, propose, read } = await start();
    const changeId = await propose([louder, louder5]);
    expect((await getChange(actor, { codebaseId, changeId })).hunks).toHaveLength(2);
    const outcome = await applyChange(actor, { codebaseId, changeId, hunks: [1] });
    expect(outcome).toMatchObject({ outcome: "applied", version: 2 });
    expect(await read()).toBe(FIVE.replace("five", "FIVE"));
    expect(await getChange(actor, { codebaseId, changeId })).toMatchObject({ status: "superseded" });
    const restId = outcome.outcome === "applied" ? outcome.restId : undefined;
    if (!restId) throw new Error("the rest was not proposed");
    expect(await getChange(actor, { codebaseId, changeId: restId })).toMatchObject({ status: "proposed", base: 2 });
    expect(await applyChange(actor, { codebaseId, changeId: restId })).toMatchObject({
      outcome: "applied",
      version: 3,
    });
    expect(await read()).toBe(FIVE.replace("two", "TWO").replace("five", "FIVE"));
  });

  it("accepted by the same hunk twice has one effect", async () => {
    const { actor, codebaseId, propose, number } = await start();
    const changeId = await propose([louder, louder5]);
    await applyChange(actor, { codebaseId, changeId, hunks: [0] });
    expect(await applyChange(actor, { codebaseId, changeId, hunks: [0] })).toMatchObject({
      outcome: "applied",
      version: 2,
    });
    expect(await number()).toBe(2);
  });

  it("that meets an edit of the same line is conflicted, and a merge by hand settles it", async () => {
    const { actor, codebaseId, propose, save, read } = await start();
    const changeId = await propose([louder]);
    await save(1, FIVE.replace("two", "zwei"));
    expect(await applyChange(actor, { codebaseId, changeId })).toMatchObject({ outcome: "conflict", version: 2 });
    expect(await getChange(actor, { codebaseId, changeId })).toMatchObject({ status: "conflicted" });
    const view = await mergeView(actor, { codebaseId, change: changeId });
    expect(view).toMatchObject({
      head: 2,
      conflicts: [{ mine: FIVE.replace("two", "TWO"), theirs: FIVE.replace("two", "zwei") }],
    });
    const files = [{ path: "a.txt", text: FIVE.replace("two", "ZWEI") }];
    const merge = { codebaseId, base: 2, changeId: newChangeId(), kind: "merge" as const, files, resolves: changeId };
    expect(await saveFiles(actor, merge)).toMatchObject({ outcome: "applied", version: 3 });
    expect(await read()).toBe(FIVE.replace("two", "ZWEI"));
    expect(await getChange(actor, { codebaseId, changeId })).toMatchObject({ status: "applied", appliedAs: 3 });
  });

  it("that was rejected is refused with the reason, and bytes stay", async () => {
    const { actor, codebaseId, propose, read } = await start();
    const changeId = await propose([louder]);
    await rejectChange(actor, { codebaseId, changeId });
    expect(await applyChange(actor, { codebaseId, changeId })).toMatchObject({ outcome: "refused" });
    expect(await read()).toBe(FIVE);
  });

  it("that was applied can't be rejected any more", async () => {
    const { actor, codebaseId, propose } = await start();
    const changeId = await propose([louder]);
    await applyChange(actor, { codebaseId, changeId });
    await expect(rejectChange(actor, { codebaseId, changeId })).rejects.toMatchObject({ code: "ALREADY_APPLIED" });
  });

  it("accepted in two windows at the same moment becomes one version", async () => {
    const { actor, codebaseId, propose, number } = await start();
    const changeId = await propose([louder]);
    const both = await Promise.all([
      applyChange(actor, { codebaseId, changeId }),
      applyChange(actor, { codebaseId, changeId }),
    ]);
    expect(both.map((each) => each.outcome)).toEqual(["applied", "applied"]);
    expect(await number()).toBe(2);
  });
});

describe("undo and restore", () => {
  it("undo takes back one version and keeps what came after it", async () => {
    const { actor, codebaseId, save, read } = await start();
    await save(1, FIVE.replace("one", "1"));
    await save(2, FIVE.replace("one", "1").replace("five", "5"));
    const undo = { codebaseId, version: 2, changeId: newChangeId() };
    expect(await undoVersion(actor, undo)).toMatchObject({ outcome: "applied", version: 4 });
    expect(await undoVersion(actor, undo)).toMatchObject({ outcome: "applied", version: 4 });
    expect(await read()).toBe(FIVE.replace("five", "5"));
  });

  it("undo of an undo brings the edit back", async () => {
    const { actor, codebaseId, save, read } = await start();
    await save(1, "changed\n");
    await undoVersion(actor, { codebaseId, version: 2, changeId: newChangeId() });
    expect(await read()).toBe(FIVE);
    await undoVersion(actor, { codebaseId, version: 3, changeId: newChangeId() });
    expect(await read()).toBe("changed\n");
  });

  it("undo of what was edited again is a conflict", async () => {
    const { actor, codebaseId, save } = await start();
    await save(1, FIVE.replace("two", "2"));
    await save(2, FIVE.replace("two", "II"));
    const outcome = await undoVersion(actor, { codebaseId, version: 2, changeId: newChangeId() });
    expect(outcome).toMatchObject({ outcome: "conflict", version: 3 });
  });

  it("restore makes a new version whose content is the old one's; nothing is removed from history", async () => {
    const { actor, codebaseId, save, read } = await start();
    await save(1, "second\n");
    await saveFiles(actor, {
      codebaseId,
      base: 2,
      changeId: newChangeId(),
      files: [{ path: "b.txt", text: "more\n" }],
    });
    const outcome = await restoreVersion(actor, { codebaseId, version: 1, changeId: newChangeId() });
    expect(outcome).toMatchObject({ outcome: "applied", version: 4 });
    expect(await read()).toBe(FIVE);
    expect((await readVersion(actor, { codebaseId, version: 4 })).tree.map((entry) => entry.path)).toEqual(["a.txt"]);
    const { versions } = await listVersions(actor, { codebaseId });
    expect(versions.map((version) => [version.number, version.kind])).toEqual([
      [4, "restore"],
      [3, "save"],
      [2, "save"],
      [1, "create"],
    ]);
  });

  it("a deleted file comes back by undo", async () => {
    const { actor, codebaseId, save, read } = await start();
    await save(1, null);
    await expect(read()).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await undoVersion(actor, { codebaseId, version: 2, changeId: newChangeId() });
    expect(await read()).toBe(FIVE);
  });

  it("version 1 can't be undone", async () => {
    const { actor, codebaseId } = await start();
    const undo = undoVersion(actor, { codebaseId, version: 1, changeId: newChangeId() });
    await expect(undo).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
  });
});

describe("a draft", () => {
  it("whose head has moved is shown beside it, whole, until it is resolved", async () => {
    const { actor, codebaseId, save } = await start();
    const mine = FIVE.replace("two", "mine");
    await saveDraft(actor, { codebaseId, draftId: "draft-b", base: 1, files: [{ path: "a.txt", text: mine }] });
    await save(1, FIVE.replace("two", "theirs"));
    const view = await mergeView(actor, { codebaseId, draftId: "draft-b" });
    expect(view.conflicts[0]).toMatchObject({ mine, theirs: FIVE.replace("two", "theirs"), base: FIVE });
    const regions = view.conflicts[0]?.regions ?? [];
    expect(regions.map((region) => region.ours).join("")).toBe(mine);
    expect(regions.map((region) => region.theirs).join("")).toBe(FIVE.replace("two", "theirs"));
  });
});
