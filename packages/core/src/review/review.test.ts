import { describe, expect, it, vi } from "vitest";
import { pasteSession, reviewVersion, stranger, withProduct } from "../../../../tests/support/product";
import { applyChange, getChange, saveFiles, undoVersion } from "../changes/index";
import { newChangeId } from "../changes/schema";
import { readFile } from "../codebases/index";
import { EventLogWriter, readLog } from "../platform/event-log";
import { setReviewerForTests } from "../reviewer-client/index";
import { getSession } from "../sessions/index";
import { reviewLogId } from "./ids";
import {
  applySafeFixes,
  followReview,
  latestReview,
  listFindings,
  rejectFix,
  requestReview,
  setFindingDecision,
} from "./index";
import type { ReviewEvent } from "./schema";

const product = withProduct();

const CODE = `export function total(items: number[]) {
  let tax = 0.2;
  let sum = 0;
  for (const item of items) {
    if (item == 0) continue;
    sum = sum + item;
  }
  debugger;
  return sum * (1 + tax);
}
`;

async function reviewed(files: Record<string, string> = { "cart.ts": CODE }) {
  const { actor } = product;
  const session = await pasteSession(actor, files);
  await reviewVersion(session, 1);
  const { codebaseId, id: sessionId } = session;
  const findings = () => listFindings(actor, { sessionId });
  const save = (base: number, path: string, text: string | null) =>
    saveFiles(actor, { codebaseId, base, changeId: newChangeId(), files: [{ path, text }] });
  const finding = async (rule: RegExp) => {
    const found = (await findings()).find((each) => rule.test(each.rule));
    if (!found) throw new Error(`no finding of ${rule}: ${(await findings()).map((each) => each.rule).join(", ")}`);
    return found;
  };
  return { actor, session, sessionId, codebaseId, findings, finding, save };
}

describe("a review", () => {
  it("stays done when another worker wrote its log meanwhile", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "cart.ts": CODE });
    const append = EventLogWriter.prototype.append;
    let other = Promise.resolve();
    const spy = vi.spyOn(EventLogWriter.prototype, "append").mockImplementationOnce(function (
      this: EventLogWriter<unknown>,
      ...event
    ) {
      const late = new EventLogWriter<ReviewEvent>(reviewLogId(session.id, 1));
      late.append({ type: "started", version: 1, files: 1 });
      other = late.flush();
      return append.apply(this, event);
    });
    await reviewVersion(session, 1);
    spy.mockRestore();
    await other;
    expect(await latestReview(actor, { sessionId: session.id })).toMatchObject({ status: "done" });
    expect((await listFindings(actor, { sessionId: session.id })).length).toBeGreaterThan(0);
  });

  it("reports real problems with their place, why they matter, and fixes that are changes", async () => {
    const { actor, codebaseId, finding, sessionId } = await reviewed();
    const debuggerLine = await finding(/noDebugger/);
    expect(debuggerLine).toMatchObject({ path: "cart.ts", startLine: 8, anchorState: "exact", firstVersion: 1 });
    expect(debuggerLine.explanation.length).toBeGreaterThan(20);
    const changeId = debuggerLine.fix?.changeId ?? "";
    expect(await getChange(actor, { codebaseId, changeId })).toMatchObject({
      status: "proposed",
      base: 1,
      origin: { kind: "finding", sessionId, identity: debuggerLine.identity },
      evidence: { parses: true, added: [] },
    });
  });

  it("reports what it covered, partially covered and skipped, and why", async () => {
    const { actor, sessionId } = await reviewed({
      "a.ts": CODE,
      "b.swift": "func main() {}\n",
      "c.js": `${"(".repeat(300)}\n`,
    });
    const review = await latestReview(actor, { sessionId });
    expect(review?.coverage.map(({ path, state }) => [path, state])).toEqual([
      ["a.ts", "covered"],
      ["b.swift", "partly"],
      ["c.js", "skipped"],
    ]);
    expect(review?.coverage[1]?.reason).toBeTruthy();
    expect(review?.coverage[2]?.reason).toBeTruthy();
  });

  it("delivered twice, or at the same moment, reviews once", async () => {
    const { actor, session, sessionId } = await reviewed();
    const before = await latestReview(actor, { sessionId });
    await Promise.all([reviewVersion(session, 1), reviewVersion(session, 1)]);
    expect(await latestReview(actor, { sessionId })).toEqual(before);
    const events = await readLog<ReviewEvent>(reviewLogId(sessionId, 1));
    expect(events.map(({ event }) => event.type)).toEqual(["started", "file", "done"]);
  });

  it("updates the number of open findings in the session list", async () => {
    const { actor, findings, sessionId } = await reviewed();
    const open = (await findings()).length;
    const { review } = await getSession(actor, { id: sessionId });
    const counted = Object.values(review?.counts ?? {}).reduce((sum, count) => sum + count, 0);
    expect(review).toMatchObject({ status: "done", version: 1 });
    expect(counted).toBe(open);
  });

  it("of a version that is no longer the head leaves the head to its own review", async () => {
    const { actor, session, sessionId, save } = await reviewed();
    await save(1, "cart.ts", CODE.replace("  debugger;\n", ""));
    await save(2, "cart.ts", "export const nothing = 1;\n");
    await reviewVersion(session, 2);
    const events = await readLog<ReviewEvent>(reviewLogId(sessionId, 2));
    expect(events.map(({ event }) => event)).toEqual([{ type: "superseded", version: 3 }]);
    await reviewVersion(session, 3);
    expect(await latestReview(actor, { sessionId })).toMatchObject({ version: 3, status: "done" });
  });
});

describe("reviews converge", () => {
  it("reviewing unchanged code again adds nothing", async () => {
    const { actor, session, sessionId, findings } = await reviewed();
    const before = await findings();
    expect(await requestReview(actor, { sessionId })).toMatchObject({ version: 1, queued: true });
    await reviewVersion(session, 1, { again: true });
    expect(await findings()).toEqual(before);
    expect(await latestReview(actor, { sessionId })).toMatchObject({ resolved: 0, status: "done" });
  });

  it("an edit elsewhere keeps identities and what was dismissed; the place moves with its code", async () => {
    const { actor, session, sessionId, finding, save } = await reviewed();
    const before = await finding(/noDebugger/);
    await setFindingDecision(actor, { sessionId, identity: before.identity, decision: "dismissed" });
    await save(1, "cart.ts", `// Adds up a cart.\n\n${CODE}`);
    expect(await finding(/noDebugger/)).toMatchObject({
      identity: before.identity,
      startLine: 10,
      anchorState: "moved",
    });
    await reviewVersion(session, 2);
    const after = await finding(/noDebugger/);
    expect(after).toMatchObject({
      identity: before.identity,
      startLine: 10,
      anchorState: "exact",
      decision: "dismissed",
    });
    expect(await latestReview(actor, { sessionId })).toMatchObject({ new: 0, resolved: 0, decided: 1 });
  });

  it("resolves no finding while the engines fail on a file, and continues once they work", async () => {
    const { actor, session, sessionId, finding, findings, save } = await reviewed();
    const dismissed = await finding(/noDebugger/);
    await setFindingDecision(actor, { sessionId, identity: dismissed.identity, decision: "dismissed" });
    const before = (await findings()).map(({ identity, decision, startLine }) => [identity, decision, startLine + 2]);
    await save(1, "cart.ts", `// Adds up a cart.\n\n${CODE}`);
    const { reviewer } = product;
    const working = {
      ...reviewer,
      highlight: async (...args: Parameters<typeof reviewer.highlight>) =>
        Array.from(await reviewer.highlight(...args)),
    };
    setReviewerForTests({
      ...working,
      async check(file) {
        const { path } = file;
        const { metrics } = await reviewer.check(file);
        return {
          path,
          metrics,
          problems: [],
          coverage: { path, state: "skipped", reason: "it ended", isFailed: true },
        };
      },
    });
    await reviewVersion(session, 2);
    const places = async () =>
      (await findings()).map(({ identity, decision, startLine }) => [identity, decision, startLine]);
    expect(await places()).toEqual(before);
    expect(await latestReview(actor, { sessionId })).toMatchObject({ new: 0, resolved: 0, decided: 1 });
    setReviewerForTests(working);
    await requestReview(actor, { sessionId });
    await reviewVersion(session, 2, { again: true });
    expect(await places()).toEqual(before);
    expect((await findings()).every(({ anchorState }) => anchorState === "exact")).toBe(true);
  });

  it("a fixed finding is resolved, and a rejected fix is not proposed again", async () => {
    const { actor, session, sessionId, codebaseId, finding, findings } = await reviewed();
    const loop = await finding(/noDoubleEquals/);
    await rejectFix(actor, { sessionId, identity: loop.identity, changeId: loop.fix?.changeId ?? newChangeId() });
    const { fix } = await finding(/noDebugger/);
    await applyChange(actor, { codebaseId, changeId: fix?.changeId ?? "" });
    await reviewVersion(session, 2);
    expect((await findings()).some((each) => /noDebugger/.test(each.rule))).toBe(false);
    expect(await finding(/noDoubleEquals/)).toMatchObject({ decision: "rejected" });
    expect(await latestReview(actor, { sessionId })).toMatchObject({ new: 0, resolved: 1 });
  });

  it("counts what an undo brings back as back, not as new", async () => {
    const { actor, session, sessionId, codebaseId, finding } = await reviewed();
    const { fix } = await finding(/noDebugger/);
    await applyChange(actor, { codebaseId, changeId: fix?.changeId ?? "" });
    await reviewVersion(session, 2);
    await undoVersion(actor, { codebaseId, version: 2, changeId: newChangeId() });
    await reviewVersion(session, 3);
    expect(await finding(/noDebugger/)).toMatchObject({ firstVersion: 3 });
    expect(await latestReview(actor, { sessionId })).toMatchObject({ new: 0, back: 1, resolved: 0 });
  });

  it("a deleted file takes its findings with it", async () => {
    const { session, findings, save } = await reviewed({ "cart.ts": CODE, "other.ts": "debugger;\n" });
    expect((await findings()).some((each) => each.path === "other.ts")).toBe(true);
    await save(1, "other.ts", null);
    await reviewVersion(session, 2);
    expect((await findings()).some((each) => each.path === "other.ts")).toBe(false);
  });
});

describe("all safe", () => {
  it("applies every safe fix as one version, once, and the next review finds none of them", async () => {
    const { actor, session, sessionId, codebaseId, findings } = await reviewed();
    const safe = (await findings()).filter((each) => each.fix?.safety === "safe");
    expect(safe.length).toBeGreaterThan(0);
    const request = { sessionId, changeId: newChangeId() };
    const outcome = await applySafeFixes(actor, request);
    expect(outcome).toMatchObject({ outcome: "applied", version: 2 });
    expect(await applySafeFixes(actor, request)).toMatchObject({ outcome: "applied", version: 2 });
    await reviewVersion(session, 2);
    const left = new Set((await findings()).map((each) => each.identity));
    const applied = safe.filter((each) => outcome.applied.includes(each.fix?.changeId ?? ""));
    expect(applied.filter((each) => left.has(each.identity))).toEqual([]);
    expect(await latestReview(actor, { sessionId })).toMatchObject({ new: 0 });
    expect((await readFile(actor, { codebaseId, path: "cart.ts" })).version).toBe(2);
  });

  it("makes no version when there is nothing safe to apply", async () => {
    const { actor, sessionId } = await reviewed({ "a.ts": "export const a = 1;\n" });
    expect(await applySafeFixes(actor, { sessionId, changeId: newChangeId() })).toMatchObject({
      outcome: "nothing",
      version: 1,
    });
  });
});

describe("following a review", () => {
  it("yields every event once, from the one after the last seen", async () => {
    const { actor, sessionId } = await reviewed();
    const logId = reviewLogId(sessionId, 1);
    const events = [];
    for await (const entry of await followReview(actor, { logId, after: 1, signal: AbortSignal.timeout(600_000) })) {
      events.push([entry.sequence, entry.event.type]);
    }
    expect(events).toEqual([
      [2, "file"],
      [3, "done"],
    ]);
  });

  it("is readable by those who may view the session", async () => {
    const { sessionId } = await reviewed();
    const follow = followReview(stranger, {
      logId: reviewLogId(sessionId, 1),
      after: 0,
      signal: AbortSignal.timeout(1),
    });
    await expect(follow).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });
});
