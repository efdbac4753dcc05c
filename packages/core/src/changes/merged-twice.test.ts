import { describe, expect, it } from "vitest";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import { getCodebase } from "../codebases/index";
import { versionOf } from "../codebases/internal";
import { derivedId } from "../platform/ids";
import { setReviewerForTests } from "../reviewer-client/index";
import { applyChange, mergeView, saveFiles, undoVersion } from "./index";
import { changesOnHead, proposeChange } from "./internal";
import { newChangeId } from "./schema";

const product = withProduct();
const lines = Array.from({ length: 8 }, (_, at) => `export const k${at} = ${at};\n`).join("");
const PARSE = "export function parse() {\n  return 1;\n}\n";
const TWICE = "`parse` is declared twice after the merge, lines 1 and 12";

/** A proposed `parse` at the end of version 1, and what it is on the head. */
async function proposed() {
  const { actor } = product;
  const { codebaseId, id: sessionId } = await pasteSession(actor, { "a.ts": lines });
  const codebase = await getCodebase(actor, { id: codebaseId });
  const { tree } = await versionOf(codebase, 1);
  const id = derivedId("chg", codebaseId, "proposed");
  const outcome = await proposeChange({
    ...{ id, base: 1, summary: "Add parse", codebase, tree },
    edits: [
      {
        path: "a.ts",
        baseHash: tree[0]?.hash ?? null,
        edits: [{ start: lines.length, end: lines.length, text: PARSE }],
      },
    ],
    author: { kind: "reviewer", id: "model", name: "model" },
    origin: { kind: "message", sessionId, threadId: "thr_00000000000000000000000000", number: 2 },
  });
  expect(outcome.ok).toBe(true);
  const onHead = async () => (await changesOnHead(await getCodebase(actor, { id: codebaseId }), [id]))[0];
  const save = (text: string, base: number) =>
    saveFiles(actor, { codebaseId, changeId: newChangeId(), base, files: [{ path: "a.ts", text }] });
  return { actor, codebaseId, id, onHead, save };
}

describe("a proposed change whose merge leaves a function twice", () => {
  it("has clean evidence until the head has the function too, and then names the duplicate with its lines", async () => {
    const { onHead, save } = await proposed();
    expect((await onHead())?.evidence).toMatchObject({ parses: true, added: [] });
    await save(`${PARSE}${lines}`, 1);
    const now = await onHead();
    expect(now?.isConflict).toBe(false);
    expect(now?.evidence).toMatchObject({ parses: false, repeated: [TWICE] });
    expect(now?.evidence?.parseError).toMatch(/`parse` is .* twice \(line 12\)/);
  });

  it("reports the duplicate when it is accepted anyway, and when it needs a manual merge", async () => {
    const { actor, codebaseId, id, save } = await proposed();
    await save(`${PARSE}${lines}`, 1);
    expect((await mergeView(actor, { codebaseId, change: id })).repeated).toEqual([TWICE]);
    expect(await applyChange(actor, { codebaseId, changeId: id })).toMatchObject({
      ...{ outcome: "applied", merged: true },
      repeated: [TWICE],
    });
  });

  it("has the evidence of its merge where that is clean", async () => {
    const { onHead, save } = await proposed();
    await save(`// A word before.\n${lines}`, 1);
    const now = await onHead();
    expect(now?.evidence).toMatchObject({ parses: true, added: [] });
    expect(now?.evidence?.repeated).toBeUndefined();
  });

  it("reports the duplicate check as unavailable while the checker is down, and retries it", async () => {
    const { onHead, save } = await proposed();
    await save(`${PARSE}${lines}`, 1);
    const { reviewer } = product;
    const checker = {
      ...reviewer,
      highlight: async (...args: Parameters<typeof reviewer.highlight>) =>
        Array.from(await reviewer.highlight(...args)),
    };
    setReviewerForTests({ ...checker, repeats: () => Promise.reject(new Error("gone")) });
    expect((await onHead())?.evidence).toMatchObject({
      parses: "unknown",
      notChecked: expect.stringContaining("changed"),
    });
    setReviewerForTests(checker);
    expect((await onHead())?.evidence).toMatchObject({ repeated: [TWICE] });
  });
});

describe("a save that is merged with another window's", () => {
  it("reports the duplicates, and so does an undo", async () => {
    const { actor, codebaseId, save } = await proposed();
    expect(await save(`${PARSE}${lines}`, 1)).not.toHaveProperty("repeated");
    expect(await save(`${lines}${PARSE}`, 1)).toMatchObject({ merged: true, repeated: [TWICE] });
    await save(lines, 3);
    await save(`${lines}${PARSE}`, 4);
    const undone = await undoVersion(actor, { codebaseId, version: 4, changeId: newChangeId() });
    expect(undone.outcome === "applied" ? undone.merged : undefined).toBe(true);
  });
});
