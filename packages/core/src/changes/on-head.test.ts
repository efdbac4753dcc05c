import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import { getCodebase } from "../codebases/index";
import { versionOf } from "../codebases/internal";
import { derivedId } from "../platform/ids";
import { applyEdits } from "../text/index";
import { applyChange, rejectChange, saveFiles } from "./index";
import { changesOnHead, proposeChange } from "./internal";
import { newChangeId } from "./schema";

const product = withProduct();
const BASE = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

/** A change with two hunks: `two` and `six`. */
async function proposed() {
  const { actor } = product;
  const { codebaseId, id: sessionId } = await pasteSession(actor, { "a.txt": BASE });
  const codebase = await getCodebase(actor, { id: codebaseId });
  const { tree } = await versionOf(codebase, 1);
  const edits = [
    { start: 4, end: 7, text: "TWO" },
    { start: 24, end: 27, text: "SIX" },
  ];
  const id = derivedId("chg", codebaseId, "proposed");
  const outcome = await proposeChange({
    ...{ id, base: 1, summary: "Shout", codebase, tree },
    edits: [{ path: "a.txt", baseHash: tree[0]?.hash ?? null, edits }],
    author: { kind: "reviewer", id: "model", name: "model" },
    origin: { kind: "message", sessionId, threadId: "thr_00000000000000000000000000", number: 2 },
  });
  expect(outcome.ok).toBe(true);
  const onHead = async () => (await changesOnHead(await getCodebase(actor, { id: codebaseId }), [id]))[0];
  const save = (text: string | null, base: number) =>
    saveFiles(actor, { codebaseId, changeId: newChangeId(), base, files: [{ path: "a.txt", text }] });
  return { actor, codebaseId, id, onHead, save };
}

describe("a change on the head", () => {
  it("is as proposed while its file is unchanged", async () => {
    const { onHead, id } = await proposed();
    const now = await onHead();
    expect(now).toMatchObject({ id, appliedAs: [], isConflict: false, change: { id, status: "proposed" } });
    expect(now?.files[0]).toMatchObject({ path: "a.txt", hunks: { first: 0, count: 2 }, startLine: 2 });
  });

  it("is rebased over other edits, with the same hunk numbers", async () => {
    const { onHead, save } = await proposed();
    const text = `zero\n${BASE}`;
    await save(text, 1);
    const file = (await onHead())?.files[0];
    expect(file).toMatchObject({ hunks: { first: 0, count: 2 }, startLine: 3 });
    expect(applyEdits(text, file?.edits ?? [])).toBe(text.replace("two", "TWO").replace("six", "SIX"));
  });

  it("conflicts when its lines were changed", async () => {
    const { onHead, save } = await proposed();
    await save(BASE.replace("two", "2"), 1);
    expect(await onHead()).toMatchObject({ isConflict: true, files: [] });
  });

  it("is the remaining hunks once one was accepted, with the versions it became", async () => {
    const { actor, codebaseId, id, onHead } = await proposed();
    await applyChange(actor, { codebaseId, changeId: id, hunks: [0] });
    const rest = await onHead();
    expect(rest).toMatchObject({ appliedAs: [2], change: { status: "proposed" } });
    expect(rest?.change.id).not.toBe(id);
    expect(rest?.files[0]).toMatchObject({ hunks: { first: 0, count: 1 }, startLine: 6 });
    await applyChange(actor, { codebaseId, changeId: rest?.change.id ?? "" });
    expect(await onHead()).toMatchObject({ appliedAs: [2, 3], files: [], change: { status: "applied" } });
  });

  it("cannot be accepted once it was rejected", async () => {
    const { actor, codebaseId, id, onHead } = await proposed();
    await rejectChange(actor, { codebaseId, changeId: id });
    expect(await onHead()).toMatchObject({ files: [], change: { status: "rejected" } });
  });

  it("is the remaining hunks once one was rejected, also on a repeated request, and is rejected with its last", async () => {
    const { actor, codebaseId, id, onHead } = await proposed();
    await rejectChange(actor, { codebaseId, changeId: id, hunks: [0] });
    await rejectChange(actor, { codebaseId, changeId: id, hunks: [0] });
    const rest = await onHead();
    expect(rest).toMatchObject({ appliedAs: [], change: { status: "proposed" } });
    expect(rest?.files[0]?.edits).toEqual([{ start: 24, end: 27, text: "SIX" }]);
    await rejectChange(actor, { codebaseId, changeId: rest?.change.id ?? "", hunks: [0] });
    expect(await onHead()).toMatchObject({ files: [], change: { status: "rejected" } });
  });

  it("conflicts when its file is gone", async () => {
    const { onHead, save } = await proposed();
    await save(null, 1);
    expect(await onHead()).toMatchObject({ isConflict: true });
  });
});
