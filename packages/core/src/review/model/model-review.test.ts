import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../../../../../tests/support/model-server/index";
import { pasteSession, reviewVersion, withProduct } from "../../../../../tests/support/product";
import { applyChange, getChange, saveFiles } from "../../changes/index";
import { newChangeId } from "../../changes/schema";
import { readFile } from "../../codebases/index";
import { readLog } from "../../platform/event-log";
import type { Session } from "../../sessions/schema";
import { listCalls } from "../../usage/index";
import {
  cancelModelReview,
  estimateModelReview,
  followModelReview,
  latestModelReview,
  listFindings,
  openSession,
  requestModelReview,
  setFindingDecision,
} from "../index";
import { runModelReview } from "../internal";
import { type ModelReviewEvent, type ModelScope, modelReviewLogId, newModelReviewId } from "../schema";

const product = withProduct();
let server: ModelServer;

const CODE = `export function mean(values: number[]) {
  let sum = 0;
  for (let at = 0; at <= values.length; at++) {
    sum += values[at];
  }
  return sum / values.length;
}

export function load(text: string) {
  debugger;
  return JSON.parse(text);
}
`;

const OFF_BY_ONE = {
  path: "mean.ts",
  start_line: 3,
  end_line: 3,
  severity: "major",
  rule: "off-by-one",
  title: "The loop reads one past the end",
  explanation: "The last round adds undefined, which makes the sum NaN.",
  confidence: "high",
};
const FIX = {
  path: "mean.ts",
  start_line: 3,
  end_line: 3,
  original: "  for (let at = 0; at <= values.length; at++) {",
  replacement: "  for (let at = 0; at < values.length; at++) {",
};
const EMPTY_LIST = {
  ...OFF_BY_ONE,
  ...{ start_line: 6, end_line: 6, severity: "minor", rule: "division-by-zero" },
  title: "An empty list divides by zero",
  explanation: "The mean of nothing is NaN.",
};
const FINISH = { name: "finish_review", input: { summary: "Two problems.", confidence: "high" } };

const report = (input: object) => ({ name: "report_finding", input });
const reporting = (...findings: object[]) => ({ toolCalls: [...findings.map(report), FINISH] });

beforeAll(async () => {
  server = await startModelServer();
  Object.assign(process.env, server.env("openai"));
});
afterEach(() => server.reset());
afterAll(async () => {
  for (const name of Object.keys(server.env("openai"))) delete process.env[name];
  await server.stop();
});

async function begun(files: Record<string, string> = { "mean.ts": CODE }) {
  const session = await pasteSession(product.actor, files);
  await reviewVersion(session, 1);
  return session;
}

async function request(
  session: Session,
  scope: ModelScope = { kind: "session" },
  more: { budgetTokens?: number } = {},
) {
  const { id } = await requestModelReview(product.actor, {
    ...{ sessionId: session.id, id: newModelReviewId(), scope },
    ...more,
  });
  return { kind: "model-review", sessionId: session.id, reviewId: id, userId: session.creatorId } as const;
}

async function review(session: Session, scope?: ModelScope, more?: { budgetTokens?: number }) {
  const job = await request(session, scope, more);
  await runModelReview(job);
  const done = await latestModelReview(product.actor, { sessionId: session.id });
  if (!done) throw new Error("no review");
  return done;
}

const byModel = async (session: Session) =>
  (await listFindings(product.actor, { sessionId: session.id })).filter((finding) => finding.source === "model");

describe("a review by a model", () => {
  it("reports findings beside the built-in ones, with a fix that is proven to apply", async () => {
    const session = await begun();
    server.answer(reporting({ ...OFF_BY_ONE, edits: [FIX] }, EMPTY_LIST));
    const done = await review(session);
    expect(done).toMatchObject({ status: "done", steps: [{ state: "covered", new: 2, resolved: 0 }] });
    const [first, second] = await byModel(session);
    expect(first).toMatchObject({ rule: "model/off-by-one", startLine: 3, symbol: "mean", confidence: "high" });
    expect(second?.fix).toBeUndefined();
    const { codebaseId } = session;
    const changeId = first?.fix?.changeId ?? "";
    expect(await getChange(product.actor, { codebaseId, changeId })).toMatchObject({
      safety: "unsafe",
      evidence: { parses: true },
      origin: { kind: "finding", identity: first?.identity },
    });
    await applyChange(product.actor, { codebaseId, changeId });
    const { text } = await readFile(product.actor, { codebaseId, path: "mean.ts" });
    expect(text).toBe(CODE.replace("<=", "<"));
  });

  it("reports its progress, and keeps the cost of each call", async () => {
    const session = await begun({ "a.ts": "export const a = 1;\n", "b.ts": "export const b = 2;\n" });
    server.script(() => reporting());
    const done = await review(session);
    const logId = modelReviewLogId(session.id, done.id);
    const events = (await readLog<ModelReviewEvent>(logId)).map(({ event }) => event.type);
    expect(events.filter((type) => type !== "reported")).toEqual([
      "started",
      "reading",
      "file",
      "reading",
      "file",
      "done",
    ]);
    const followed: string[] = [];
    const signal = AbortSignal.timeout(600_000);
    for await (const { event } of await followModelReview(product.actor, { logId, after: 1, signal })) {
      followed.push(event.type);
    }
    expect(followed).toEqual(events.slice(1));
    const { calls } = await listCalls(product.actor, { teamId: session.teamId });
    const rows = calls.filter(({ about }) => about.kind === "review" && about.reviewId === done.id);
    expect(rows).toHaveLength(server.calls.length);
    expect(done.steps.reduce((sum, { usage }) => sum + usage.outputTokens, 0)).toBe(
      rows.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    );
  });

  it("sends the model the built-in findings, and shows a finding of both once", async () => {
    const session = await begun();
    const { findings } = await openSession(product.actor, { sessionId: session.id });
    const builtin = findings.find((finding) => /noDebugger/.test(finding.rule));
    server.answer(
      reporting({
        ...OFF_BY_ONE,
        start_line: 10,
        end_line: 10,
        rule: "debugger-statement",
        title: "Leftover debugger",
      }),
    );
    const done = await review(session);
    expect(server.calls[0]?.messages[0]?.text).toContain(builtin?.rule);
    expect(await byModel(session)).toEqual([]);
    expect(done.steps[0]).toMatchObject({ new: 0, repeated: 1 });
    const now = await listFindings(product.actor, { sessionId: session.id });
    expect(now.find((finding) => finding.identity === builtin?.identity)?.alsoSeenBy).toBe(done.model);
  });

  it("has a fix that does not apply repaired once, or shows the finding without it and the reason", async () => {
    const session = await begun();
    const wrong = { ...FIX, original: "  for (const value of values) {" };
    server.answer(reporting({ ...OFF_BY_ONE, edits: [wrong] }), reporting({ ...OFF_BY_ONE, edits: [FIX] }));
    await review(session);
    expect(server.calls).toHaveLength(2);
    expect((await byModel(session))[0]?.fix?.edits).toHaveLength(1);

    const other = await begun({ "mean.ts": `// Another one.\n${CODE}` });
    server.script(() => reporting({ ...OFF_BY_ONE, start_line: 4, end_line: 4, edits: [wrong] }));
    const done = await review(other);
    expect(server.calls).toHaveLength(4);
    expect(done.steps[0]?.state).toBe("covered");
    const [finding] = await byModel(other);
    expect([finding?.startLine, finding?.fix]).toEqual([4, undefined]);
    expect(finding?.explanation).toMatch(/The fix that came with it is left out, as it does not apply: mean\.ts: /);
  });

  it("lists the problems that its fix would add", async () => {
    const session = await begun();
    server.answer(reporting({ ...OFF_BY_ONE, edits: [{ ...FIX, replacement: `${FIX.replacement}\n    debugger;` }] }));
    await review(session);
    expect((await byModel(session))[0]?.fix?.problems?.join()).toMatch(/adds a problem in line 4/i);
  });

  it("works with a model without tools", async () => {
    const session = await begun();
    const finding = JSON.stringify({
      findings: [{ ...OFF_BY_ONE, edits: [FIX] }],
      summary: "One.",
      confidence: "high",
    });
    server.answer({ text: `Here is what I found:\n\n\`\`\`json\n${finding}\n\`\`\`\n` });
    const done = await review(session);
    expect(done.steps[0]).toMatchObject({ state: "covered", new: 1 });
    expect((await byModel(session))[0]?.fix?.edits).toHaveLength(1);
  });

  it("is requested in text when a server drops tools, as a missing call shows", async () => {
    const dropping = await startModelServer({ withoutTools: "ignored" });
    try {
      Object.assign(process.env, dropping.env("openai"));
      const session = await begun();
      const text = JSON.stringify({ findings: [OFF_BY_ONE], summary: "One.", confidence: "high" });
      dropping.script(({ toolNames }) => ({ text: toolNames.length > 0 ? "I rather like this code." : text }));
      const done = await review(session);
      expect(done.steps[0]).toMatchObject({ state: "covered", new: 1 });
      expect(dropping.calls.map(({ body }) => [body.tool_choice, body.tools !== undefined])).toEqual([
        [undefined, true],
        ["required", true],
        [undefined, false],
      ]);
      expect(dropping.calls[2]?.lastText).toContain("one JSON object");
    } finally {
      Object.assign(process.env, server.env("openai"));
      await dropping.stop();
    }
  });

  it("reports findings that can't be parsed, or that are of another file", async () => {
    const session = await begun();
    const findings = [OFF_BY_ONE, { ...OFF_BY_ONE, path: "../other.ts" }];
    server.answer({ text: JSON.stringify({ findings, summary: "Two.", confidence: "high" }) });
    const done = await review(session);
    expect(done.steps[0]).toMatchObject({ new: 1, reason: "one of its findings could not be read" });
    expect(done.steps[0]?.state).not.toBe("covered");
  });

  it("reports an answer in which nothing can be parsed", async () => {
    const session = await begun();
    server.script(() => ({ text: "I rather like this code." }));
    const done = await review(session);
    expect(done).toMatchObject({ status: "failed", failure: expect.stringContaining("could be read") });
  });

  it.each([
    ["a refusal", { text: "I cannot help with that.", stop: "refusal" }, /declined/],
    ["an answer that is too long", { ...reporting(OFF_BY_ONE), stop: "length" }, /cut/],
    ["a stream that is cut", { text: "It begins", fault: { kind: "cut" } }, /./],
  ] as const)("keeps the findings of %s, with the reason why they are incomplete", async (_, answer, reason) => {
    const session = await begun();
    server.script(() => answer as never);
    const done = await review(session);
    expect(done.steps[0]?.state).not.toBe("covered");
    expect(done.steps[0]?.reason ?? done.failure).toMatch(reason);
  });

  it("covers a selection, or the changes between versions, and nothing else", async () => {
    const session = await begun({ "mean.ts": CODE, "other.ts": "export const x = 1;\n" });
    server.script(() => reporting(OFF_BY_ONE, EMPTY_LIST));
    const selection = await review(session, { kind: "selection", path: "mean.ts", startLine: 5, endLine: 7 });
    expect(selection.steps).toMatchObject([{ path: "mean.ts", new: 1 }]);
    expect((await byModel(session)).map(({ startLine }) => startLine)).toEqual([6]);
    const text = CODE.replace("let sum = 0;", "let sum = 0.0;");
    await saveFiles(product.actor, {
      ...{ codebaseId: session.codebaseId, base: 1, changeId: newChangeId() },
      files: [{ path: "mean.ts", text }],
    });
    const difference = await review(session, { kind: "difference", from: 1 });
    expect(difference).toMatchObject({
      version: 2,
      steps: [{ path: "mean.ts", only: [{ startLine: 2, endLine: 2 }] }],
    });
    expect(server.calls.at(-1)?.messages[0]?.text).toContain("2–2");
  });

  it("is started once, however often the same request comes", async () => {
    const session = await begun();
    const input = { sessionId: session.id, id: newModelReviewId(), scope: { kind: "session" } as const };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => requestModelReview(product.actor, input)));
    expect(others.map(({ id }) => id)).toEqual([first?.id, first?.id]);
    await expect(requestModelReview(product.actor, { ...input, id: newModelReviewId() })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("without a model is refused with the setting that connects one", async () => {
    const session = await begun();
    const { REDLINE_MODEL } = process.env;
    process.env.REDLINE_MODEL = "builtin";
    try {
      await expect(
        estimateModelReview(product.actor, { sessionId: session.id, scope: { kind: "session" } }),
      ).rejects.toMatchObject({ code: "MODEL_REQUIRED", message: expect.stringContaining("REDLINE_MODEL") });
    } finally {
      process.env.REDLINE_MODEL = REDLINE_MODEL;
    }
  });
});

describe("reviews by a model converge", () => {
  it("over three runs: findings keep their identity, decisions stay, and findings not repeated are resolved", async () => {
    const session = await begun();
    server.answer(reporting({ ...OFF_BY_ONE, edits: [FIX] }, EMPTY_LIST));
    expect((await review(session)).steps[0]).toMatchObject({ new: 2, open: 0 });
    const before = await byModel(session);
    await setFindingDecision(product.actor, {
      ...{ sessionId: session.id, identity: before[1]?.identity ?? "" },
      decision: "dismissed",
    });
    server.answer(
      reporting(
        { ...OFF_BY_ONE, title: "Loop reads past the end of the list", edits: [FIX] },
        { ...EMPTY_LIST, rule: "divide-by-zero", title: "Divides by zero for an empty list" },
      ),
    );
    expect((await review(session)).steps[0]).toMatchObject({ new: 0, open: 1, decided: 1, resolved: 0 });
    const after = await byModel(session);
    expect(after.map(({ identity, fix }) => [identity, fix?.changeId])).toEqual(
      before.map(({ identity, fix }) => [identity, fix?.changeId]),
    );
    expect(server.calls.at(-1)?.messages[0]?.text).toContain("An empty list divides by zero");
    server.answer(reporting());
    expect((await review(session)).steps[0]).toMatchObject({ new: 0, open: 0, decided: 1, resolved: 1 });
    expect((await byModel(session)).map(({ decision }) => decision)).toEqual(["dismissed"]);
  });

  it("move with the code, outlive the built-in review, and are resolved with their code", async () => {
    const session = await begun();
    const save = (base: number, text: string) =>
      saveFiles(product.actor, {
        ...{ codebaseId: session.codebaseId, base, changeId: newChangeId() },
        files: [{ path: "mean.ts", text }],
      });
    server.answer(reporting(OFF_BY_ONE, EMPTY_LIST));
    await review(session);
    await save(1, `// Means.\n${CODE}`);
    await reviewVersion(session, 2);
    expect((await byModel(session)).map(({ startLine, anchorState }) => [startLine, anchorState])).toEqual([
      [4, "moved"],
      [7, "moved"],
    ]);
    await save(2, `// Means.\n${CODE.replace("<=", "<")}`);
    await reviewVersion(session, 3);
    server.answer(reporting({ ...EMPTY_LIST, start_line: 7, end_line: 7 }));
    expect((await review(session)).steps[0]).toMatchObject({ new: 0, open: 1, resolved: 1 });
    expect(await byModel(session)).toMatchObject([{ startLine: 7, anchorState: "exact", firstVersion: 1 }]);
  });

  it("keep findings that an incomplete answer does not mention", async () => {
    const session = await begun();
    server.answer(reporting(OFF_BY_ONE, EMPTY_LIST));
    await review(session);
    server.answer({ ...reporting(OFF_BY_ONE), stop: "length" });
    expect((await review(session)).steps[0]).toMatchObject({ state: "partly", open: 2, resolved: 0 });
    expect(await byModel(session)).toHaveLength(2);
  });
});

describe("the budget of a review by a model", () => {
  const FILES = Object.fromEntries([1, 2, 3, 4].map((n) => [`f${n}.ts`, `export const f${n} = ${n};\n`]));

  it("is shown before, with the skipped files and why", async () => {
    const session = await begun({ ...FILES, "min.js": `${"a=1;".repeat(900)}\n` });
    const estimate = await estimateModelReview(product.actor, { sessionId: session.id, scope: { kind: "session" } });
    expect(estimate.files.filter((file) => file.skipped).map(({ path, skipped }) => [path, skipped])).toEqual([
      ["min.js", "looks minified or generated"],
    ]);
    expect(estimate.budgetTokens).toBe(2 * estimate.inputTokens + estimate.outputTokens);
    expect(estimate.costMicroUsd).toBeNull();
  });

  it("is spent in calls with a common prefix, which reserve no less than they use", async () => {
    const session = await begun(FILES);
    server.script(() => reporting());
    await review(session);
    expect(server.calls).toHaveLength(4);
    expect(new Set(server.calls.map(({ system, body }) => system + JSON.stringify(body.tools))).size).toBe(1);
    const { calls } = await listCalls(product.actor, { teamId: session.teamId });
    for (const call of calls.slice(0, 4)) {
      expect(call.reservedTokens).toBeGreaterThanOrEqual(call.inputTokens + call.outputTokens);
    }
    const other = await begun(FILES);
    await review(other);
    expect(new Set(server.calls.map(({ system }) => system)).size).toBe(2);
  });

  it("is never exceeded: the files it has no room for are listed", async () => {
    const session = await begun(FILES);
    server.script(() => ({ ...reporting(), usage: { inputTokens: 1_600, outputTokens: 7_000 } }));
    const done = await review(session, { kind: "session" }, { budgetTokens: 20_000 });
    expect(done.steps.map(({ state }) => state)).toEqual(["covered", "covered", "skipped", "skipped"]);
    expect(done.steps[3]?.reason).toContain("20,000");
    expect(server.calls).toHaveLength(2);
  });
});

describe("cancelling a review by a model", () => {
  it("before it began leaves no work, and ends its log", async () => {
    const session = await begun();
    const job = await request(session);
    const cancelled = await cancelModelReview(product.actor, { sessionId: session.id, id: job.reviewId });
    expect(cancelled.status).toBe("cancelled");
    await runModelReview(job);
    expect(server.calls).toHaveLength(0);
    const events = await readLog<ModelReviewEvent>(modelReviewLogId(session.id, job.reviewId));
    expect(events.map(({ event, last }) => [event.type, last])).toEqual([["cancelled", true]]);
  });

  it("in the middle of a call ends the call and keeps what was found before, twenty times of twenty", async () => {
    for (let round = 1; round <= 20; round += 1) {
      server.reset();
      const session = await begun({ "a.ts": CODE, "b.ts": CODE });
      server.answer(reporting({ ...OFF_BY_ONE, path: "a.ts" }));
      const asked = new Promise<void>((resolve) => {
        server.script(() => {
          resolve();
          return { fault: { kind: "silent" } };
        });
      });
      const job = await request(session);
      const running = runModelReview(job);
      await asked;
      await cancelModelReview(product.actor, { sessionId: session.id, id: job.reviewId });
      await running;
      const done = await latestModelReview(product.actor, { sessionId: session.id });
      expect(done).toMatchObject({ status: "cancelled", steps: [{ state: "covered" }, { state: "skipped" }] });
      expect(await byModel(session)).toHaveLength(1);
      await expect.poll(() => server.abandoned.length).toBe(1);
    }
  });
});
