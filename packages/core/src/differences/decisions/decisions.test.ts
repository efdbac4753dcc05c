import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withProduct } from "../../../../../tests/support/product";
import { getCodebase, readFile } from "../../codebases/index";
import {
  acceptLines,
  addHead,
  changesSince,
  createDifference,
  endTurn,
  listDecisions,
  listHeads,
  rejectLines,
  startTurn,
  undoDecision,
} from "../index";
import type { ChangedFile } from "../schema";
import { newDecisionId } from "./schema";

const product = withProduct();

const source = { kind: "folders", from: "old", to: "new" } as const;

const lines = (...names: string[]) => names.map((name) => `${name}\n`).join("");

const BEFORE = lines("a", "b", "c", "d", "e", "f", "g", "h");
const AFTER = lines("a", "B", "B2", "c", "d", "F0", "f", "g");

async function create(files: ChangedFile[] = [{ path: "a.txt", before: BEFORE, after: AFTER }]) {
  const content = { kind: "files" as const, files };
  const session = await createDifference(product.actor, { key: randomUUID(), source, content });
  const about = { sessionId: session.id, path: "a.txt", version: 2 };
  const text = async (path = "a.txt") => (await readFile(product.actor, { codebaseId: session.codebaseId, path })).text;
  const decisions = (after = 0) => listDecisions(product.actor, { sessionId: session.id, after });
  const staged = async () => (await decisions()).stage[0]?.text;
  const states = async () => (await decisions()).decisions.map(({ state }) => state);
  const head = (after: string, before = BEFORE) =>
    addHead(product.actor, {
      sessionId: session.id,
      content: { kind: "files", files: [{ path: "a.txt", before, after }] },
    });
  const reject = (lines: { removed?: number[]; added?: number[] }, { version = 2, note = "" } = {}) =>
    rejectLines(product.actor, { ...about, id: newDecisionId(), version, note, lines: selection(lines) });
  const accept = (lines: { removed?: number[]; added?: number[] }, { version = 2, note = "" } = {}) =>
    acceptLines(product.actor, { ...about, id: newDecisionId(), version, note, lines: selection(lines) });
  const undo = (number: number) => undoDecision(product.actor, { sessionId: session.id, id: newDecisionId(), number });
  return { session, about, text, decisions, staged, states, head, reject, accept, undo };
}

const selection = ({ removed = [], added = [] }: { removed?: number[]; added?: number[] }) => ({
  removed: removed.map((line) => ({ first: line, last: line })),
  added: added.map((line) => ({ first: line, last: line })),
});

describe("decisions on the hunks of a difference", () => {
  it("stage exactly the accepted lines on the base", async () => {
    const { accept, staged, decisions, text } = await create();
    await accept({ removed: [2], added: [2, 3] });
    expect(await staged()).toBe(lines("a", "B", "B2", "c", "d", "e", "f", "g", "h"));
    await accept({ removed: [8] }, { note: "Gone for good." });
    expect(await staged()).toBe(lines("a", "B", "B2", "c", "d", "e", "f", "g"));
    expect(await text()).toBe(AFTER);
    const { cursor, decisions: listed } = await decisions(1);
    expect(cursor).toBe(2);
    expect(listed).toMatchObject([{ number: 2, state: "accepted", removed: "h\n", added: "", note: "Gone for good." }]);
  });

  it("revert exactly the rejected lines of the head, and nothing of the others", async () => {
    const { reject, accept, text, staged, states } = await create();
    await accept({ added: [6] });
    expect(await reject({ added: [3] })).toMatchObject({ state: "reverted" });
    expect(await text()).toBe(lines("a", "B", "c", "d", "F0", "f", "g"));
    await reject({ removed: [2], added: [2] });
    expect(await text()).toBe(lines("a", "b", "c", "d", "F0", "f", "g"));
    expect(await states()).toEqual(["accepted", "reverted", "reverted"]);
    expect(await staged()).toBe(lines("a", "b", "c", "d", "e", "F0", "f", "g", "h"));
  });

  it("come back whole when they are undone", async () => {
    const { reject, accept, undo, text, states, staged } = await create();
    const first = await reject({ removed: [2], added: [2, 3] });
    const second = await reject({ removed: [8] });
    await undo(first.number);
    expect(await text()).toBe(lines("a", "B", "B2", "c", "d", "F0", "f", "g", "h"));
    await undo(second.number);
    expect(await text()).toBe(AFTER);
    const third = await accept({ added: [6] });
    await undo(third.number);
    expect(await states()).toEqual(["undone", "undone", "undone"]);
    expect(await staged()).toBe(BEFORE);
  });

  it("are refused for lines that no hunk changes", async () => {
    const { accept, reject } = await create();
    await expect(accept({ added: [1] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(reject({ removed: [2], added: [4] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("never lose each other, however many come at once", async () => {
    const { about, text, decisions, session } = await create();
    const each = { ...about, id: newDecisionId() };
    const added = (line: number) => ({ lines: selection({ added: [line] }) });
    await Promise.all([
      rejectLines(product.actor, { ...each, ...added(2) }),
      rejectLines(product.actor, { ...each, ...added(2) }),
      rejectLines(product.actor, { ...about, id: newDecisionId(), ...added(3) }),
      acceptLines(product.actor, { ...about, id: newDecisionId(), ...added(6) }),
      rejectLines(product.actor, { ...about, id: newDecisionId(), lines: selection({ removed: [2] }) }),
      rejectLines(product.actor, { ...about, id: newDecisionId(), lines: selection({ removed: [8] }) }),
    ]);
    expect(await text()).toBe(lines("a", "b", "c", "d", "F0", "f", "g", "h"));
    expect((await decisions()).decisions.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    const { number } = await getCodebase(product.actor, { id: session.codebaseId });
    expect(number).toBe(6);
  });
});

describe("a decision when a new head comes", () => {
  it("follows its lines to where they are", async () => {
    const { accept, head, staged, states } = await create();
    await accept({ removed: [2], added: [2, 3] });
    await head(lines("top", "a", "B", "B2", "c", "d", "F1", "f", "g"));
    expect(await states()).toEqual(["accepted"]);
    expect(await staged()).toBe(lines("a", "B", "B2", "c", "d", "e", "f", "g", "h"));
  });

  it("is outdated when its lines changed again", async () => {
    const { accept, head, staged, states } = await create();
    await accept({ removed: [2], added: [2, 3] });
    await accept({ added: [6] });
    await head(lines("a", "B", "B3", "c", "d", "F0", "f", "g"));
    expect(await states()).toEqual(["outdated", "accepted"]);
    expect(await staged()).toBe(lines("a", "b", "c", "d", "e", "F0", "f", "g", "h"));
  });

  it("follows a base that moved", async () => {
    const { accept, head, staged } = await create();
    await accept({ removed: [2], added: [2, 3] });
    await head(`new\n${AFTER}`, `new\n${BEFORE}`);
    expect(await staged()).toBe(lines("new", "a", "B", "B2", "c", "d", "e", "f", "g", "h"));
  });

  it("is refused on an old version where the lines are not there any more", async () => {
    const { reject, head, text } = await create();
    await head(lines("a", "B", "other", "c", "d", "F0", "f", "g"));
    await expect(reject({ added: [3] })).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
    await reject({ added: [6] });
    expect(await text()).toBe(lines("a", "B", "other", "c", "d", "f", "g"));
  });
});

describe("an acceptance of lines that were rejected meanwhile", () => {
  it("is refused, and the rejection stands", async () => {
    const { accept, reject, text, states, staged } = await create();
    await reject({ removed: [2], added: [2, 3] });
    await expect(accept({ removed: [2], added: [2, 3] })).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
    await expect(accept({ removed: [2] })).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
    expect(await states()).toEqual(["reverted"]);
    expect(await text()).toBe(lines("a", "b", "c", "d", "F0", "f", "g"));
    await accept({ added: [6] });
    expect(await staged()).toBe(lines("a", "b", "c", "d", "e", "F0", "f", "g", "h"));
  });
});

describe("rejections in an agent's turn", () => {
  it("wait for its end, and take effect together", async () => {
    const { session, reject, text, states, head, undo } = await create();
    const { actor } = product;
    expect(await startTurn(actor, { sessionId: session.id })).toMatchObject({ state: "open", label: "turn 1" });
    expect(await reject({ added: [3] })).toMatchObject({ state: "pending" });
    await reject({ removed: [8] });
    const withdrawn = await reject({ added: [6] });
    await undo(withdrawn.number);
    expect(await text()).toBe(AFTER);
    await head(lines("top", "a", "B", "B2", "c", "d", "F0", "f", "g"));
    expect(await endTurn(actor, { sessionId: session.id })).toMatchObject({
      turn: { state: "closed", number: 1 },
      reverted: ["a.txt"],
    });
    expect(await text()).toBe(lines("top", "a", "B", "c", "d", "F0", "f", "g", "h"));
    expect(await states()).toEqual(["reverted", "reverted", "undone"]);
    expect(await endTurn(actor, { sessionId: session.id })).toMatchObject({ turn: { state: "closed", number: 1 } });
    await undo(2);
    expect(await text()).toBe(lines("top", "a", "B", "B2", "c", "d", "F0", "f", "g", "h"));
  });
});

describe("the heads of a difference", () => {
  it("are listed with when they came, and in which turn", async () => {
    const { session, head } = await create();
    const { actor } = product;
    await startTurn(actor, { sessionId: session.id, label: "turn 3" });
    await head(`in the turn\n${AFTER}`);
    await endTurn(actor, { sessionId: session.id });
    await head(`by hand\n${AFTER}`);
    const { heads } = await listHeads(actor, { sessionId: session.id });
    expect(heads.map(({ version, label }) => [version, label])).toEqual([
      [4, undefined],
      [3, "turn 3"],
      [2, undefined],
    ]);
    const { files } = await changesSince(actor, { sessionId: session.id, version: 3 });
    expect(files).toMatchObject([{ path: "a.txt", added: 1, removed: 1 }]);
  });
});

describe("decisions on files that one side has not", () => {
  it("take an added file away, and bring a deleted one back", async () => {
    const { session, undo } = await create([
      { path: "new.txt", after: lines("one", "two") },
      { path: "old.txt", before: lines("one", "two") },
    ]);
    const { actor } = product;
    const decide = (path: string) => ({ sessionId: session.id, path, version: 2, id: newDecisionId() });
    const { number } = await rejectLines(actor, decide("new.txt"));
    await rejectLines(actor, decide("old.txt"));
    const paths = async () => (await getCodebase(actor, { id: session.codebaseId })).tree.map(({ path }) => path);
    expect(await paths()).toEqual(["old.txt"]);
    await undo(number);
    expect(await paths()).toEqual(["new.txt", "old.txt"]);
  });

  it("stage an added file's accepted lines, and a deleted file's end", async () => {
    const { session, decisions } = await create([
      { path: "new.txt", after: lines("one", "two"), newMode: "100755" },
      { path: "old.txt", before: lines("one", "two"), oldMode: "100644" },
    ]);
    const { actor } = product;
    const decide = (path: string) => ({ sessionId: session.id, path, version: 2, id: newDecisionId() });
    await acceptLines(actor, { ...decide("new.txt"), lines: selection({ added: [2] }) });
    await acceptLines(actor, { ...decide("old.txt"), lines: selection({ removed: [1] }) });
    expect((await decisions()).stage).toEqual([
      { path: "new.txt", mode: "100755", base: null, text: lines("two") },
      { path: "old.txt", mode: "100644", base: lines("one", "two"), text: lines("two") },
    ]);
    await acceptLines(actor, decide("old.txt"));
    expect((await decisions()).stage[1]).toMatchObject({ path: "old.txt", text: null });
  });
});
