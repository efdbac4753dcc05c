import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FAULTS, type ModelServer, startModelServer } from "../../../../tests/support/model-server/index";
import { withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { publishCounts } from "../platform/metrics";
import { saveBudget } from "../settings/index";
import { getQuota, listCalls } from "../usage/index";
import { asMember } from "../usage/usage.test-support";
import { PROPOSE, question } from "./ai.test-support";
import { testModel } from "./index";
import { callModel } from "./internal";
import type { CallCost, ModelEvent, ModelRequest } from "./port";

withProduct();
let model: ModelServer;
let actor: Actor;
let teamId: string;

beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.stop());
beforeEach(() => {
  model.reset();
  ({ actor, teamId } = asMember());
  vi.spyOn(Math, "random").mockReturnValue(0.01);
});

type Event = ModelEvent | { type: "cost"; cost: CallCost };

async function call(more: Partial<ModelRequest> = {}, on?: (event: Event) => void): Promise<Event[]> {
  const events: Event[] = [];
  const about = { kind: "message", sessionId: "ses_1", threadId: "thr_1", number: 2 } as const;
  const request = { ...question({ tools: [PROPOSE], ...more }), actor, teamId, about, promptVersion: "reply/1" };
  for await (const event of callModel(request)) {
    events.push(event);
    on?.(event);
  }
  return events;
}

const costIn = (events: Event[]) => {
  const last = events.at(-1);
  return last?.type === "cost" ? last.cost : undefined;
};

const rows = async () => (await listCalls(actor, { teamId })).calls;

/** Nothing stays reserved, and the day has what the rows have. */
async function expectBalanced() {
  const used = (await rows()).reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0);
  expect(await getQuota(actor, { teamId })).toMatchObject({
    committedTokens: used,
    usedTokens: used,
    reservedTokens: 0,
  });
}

describe.each(["bedrock", "openai"] as const)("a call through %s", (protocol) => {
  beforeEach(() => {
    const price = { input: 3, output: 15, cachedInput: 0.3 };
    Object.assign(process.env, model.env(protocol, { silentSeconds: 1, price }));
  });

  it("is in the ledger with what the model's server counted and what that costs", async () => {
    model.answer({ text: "Yes.", usage: { inputTokens: 1_000, outputTokens: 100, cachedTokens: 500 } });
    const cost = costIn(await call());
    const costMicroUsd = 500 * 3 + 500 * 0.3 + 100 * 15;
    expect(cost).toMatchObject({ costMicroUsd, usage: { inputTokens: 1_000, outputTokens: 100, cachedTokens: 500 } });
    expect(await rows()).toMatchObject([
      {
        id: cost?.callId,
        status: "done",
        inputTokens: 1_000,
        costMicroUsd,
        estimated: false,
        promptVersion: "reply/1",
      },
    ]);
    await expectBalanced();
  });

  it.each([
    ["was throttled to the end", FAULTS.throttled, "failed"],
    ["was never answered", FAULTS.silent, "failed"],
    ["fell silent", FAULTS.silentAfterText, "failed"],
    ["was cut off", FAULTS.cut, "truncated"],
    ["ended in silence", FAULTS.silentEnd, "truncated"],
    ["was answered with garbage", FAULTS.garbage, "failed"],
    ["was answered with broken calls", FAULTS.malformedTool, "done"],
    ["was refused by the model", FAULTS.refusal, "done"],
    ["reached its length", FAULTS.overLong, "truncated"],
  ])("that %s is settled as what it was", async (_, answer, status) => {
    model.script(() => answer);
    const events = await call();
    expect(events.filter(({ type }) => type === "done" || type === "failed")).toHaveLength(1);
    const cost = costIn(events);
    const all = await rows();
    expect(all).toMatchObject([{ id: cost?.callId, status, ...cost?.usage, costMicroUsd: cost?.costMicroUsd }]);
    // As many rows as the model's own count of what came to it; throttled requests did not.
    expect(all.filter((row) => row.inputTokens > 0)).toHaveLength(model.calls.length);
    await expectBalanced();
  });

  it("is in the operators' metrics, with its cost and whether it timed out", async () => {
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-test");
    const lines: string[] = [];
    const written = vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    model.answer({ text: "Yes.", usage: { inputTokens: 1_000, outputTokens: 100 } });
    await call();
    model.script(() => FAULTS.silent);
    await call();
    publishCounts();
    written.mockRestore();
    vi.unstubAllEnvs();
    const [counted = {}] = lines.map((line) => JSON.parse(line)).filter((line) => "_aws" in line);
    expect(counted).toMatchObject({ ModelTimeouts: [0, 1], ModelCalls: 2, ModelFailures: 1 });
    expect(counted.ModelMicroUsd[0]).toBe(1_000 * 3 + 100 * 15);
  });

  it("that its reader aborts is settled as cancelled, with the usage so far and its cost", async () => {
    const quit = new AbortController();
    model.answer({ text: "0123456789".repeat(50), chunkChars: 10, delayMs: 10 });
    let heard = 0;
    const events = await call(
      { signal: quit.signal },
      (event) => event.type === "text" && ++heard === 3 && quit.abort(),
    );
    expect(events.map(({ type }) => type)).toEqual(["model", "text", "text", "text", "cost"]);
    expect(await rows()).toMatchObject([{ status: "cancelled", estimated: true, outputTokens: 12 }]);
    await expectBalanced();
  });

  it("whose consumer just leaves is settled as cancelled, and closed", async () => {
    model.answer({ text: "0123456789".repeat(50), chunkChars: 10, delayMs: 10 });
    const about = { kind: "test" } as const;
    for await (const event of callModel({ ...question(), actor, teamId, about, promptVersion: "reply/1" })) {
      if (event.type === "text") break;
    }
    expect(await rows()).toMatchObject([{ status: "cancelled", estimated: true }]);
    await expect.poll(() => model.abandoned.length).toBe(1);
    await expectBalanced();
  });

  it("that the day has no room for is refused with the numbers, and nothing is sent", async () => {
    await saveBudget(actor, { dailyTokens: 1_000 });
    const events = await call();
    expect(events).toMatchObject([{ type: "failed", error: { code: "QUOTA_EXCEEDED" } }]);
    expect(model.requests).toEqual([]);
    expect(await rows()).toEqual([]);
    await expectBalanced();
  });

  it("that was aborted before it was made costs nothing and sends nothing", async () => {
    const events = await call({ signal: AbortSignal.abort() });
    expect(costIn(events)?.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    expect(model.requests).toEqual([]);
    await expectBalanced();
  });

  it("of a model that throttles three requests in ten is answered, for each of thirty that start at once", async () => {
    Object.assign(process.env, model.env(protocol));
    // 13 of 43 requests: a third of the questions once, some of them twice.
    const left = Array.from({ length: 30 }, (_, index) => Number(index % 3 === 0) + Number(index % 10 === 0));
    model.script(({ lastText }) => {
      const index = Number(lastText);
      left[index] = (left[index] ?? 0) - 1;
      return (left[index] ?? 0) >= 0 ? FAULTS.throttled : { text: `Answer ${index}.` };
    });
    const all = await Promise.all(left.map((_, index) => call({ messages: [{ role: "user", text: String(index) }] })));
    for (const [index, events] of all.entries()) {
      const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
      expect(text).toBe(`Answer ${index}.`);
    }
    expect(model.requests).toHaveLength(43);
    expect((await rows()).filter(({ status }) => status === "done")).toHaveLength(30);
    expect(model.calls).toHaveLength(30);
    await expectBalanced();
  });
});

describe("a model with a fallback", () => {
  let other: ModelServer;
  beforeAll(async () => {
    other = await startModelServer();
  });
  afterAll(() => other.stop());
  beforeEach(() => {
    other.reset();
    const [first, second] = [model.env("bedrock").REDLINE_MODEL, other.env("openai").REDLINE_MODEL];
    Object.assign(process.env, model.env("bedrock"), {
      REDLINE_MODELS: JSON.stringify({
        reply: [
          { model: first, silentSeconds: 1, price: { input: 1, output: 1 } },
          { model: second, price: { input: 10, output: 10 } },
        ],
      }),
    });
  });

  it.each([
    ["throttled", FAULTS.throttled],
    ["silent", FAULTS.silent],
    ["unknown to its server", { fault: { kind: "http", status: 404 } } as const],
    ["cut off before its first word", { fault: { kind: "cut", after: 0 } } as const],
  ])("that is %s is replaced by it, each at its own price", async (_, answer) => {
    model.script(() => answer);
    other.answer({ text: "I am the other one.", usage: { inputTokens: 10, outputTokens: 5 } });
    const events = await call();
    expect(events.flatMap((event) => (event.type === "model" ? event.name : []))).toEqual([
      model.env("bedrock").REDLINE_MODEL,
      other.env("openai").REDLINE_MODEL,
    ]);
    expect(events.at(-2)).toEqual({ type: "done", reason: "end" });
    const [second, first] = await rows();
    expect([first?.status, second?.status]).toEqual(["failed", "done"]);
    expect(second).toMatchObject({ costMicroUsd: 150, model: other.env("openai").REDLINE_MODEL });
    expect(costIn(events)?.costMicroUsd).toBe((first?.costMicroUsd ?? 0) + 150);
    await expectBalanced();
  });

  it("is not replaced once it has sent text", async () => {
    model.answer(FAULTS.cut);
    const events = await call();
    expect(events.find(({ type }) => type === "failed")).toMatchObject({ error: { code: "NETWORK_ERROR" } });
    expect(other.requests).toEqual([]);
  });

  it("whose fallback fails too fails with the fallback's error", async () => {
    model.answer({ fault: { kind: "http", status: 403 } });
    other.answer({ fault: { kind: "http", status: 401, message: "wrong key: key-of-the-test-model" } });
    const failed = (await call()).find((event) => event.type === "failed");
    expect(failed?.error.message).toContain('does not accept us (HTTP 401): "wrong key: …"');
    await expectBalanced();
  });
});

describe("testing the model", () => {
  it("returns the model's reply, latency and cost", async () => {
    Object.assign(process.env, model.env("openai", { price: { input: 1, output: 2 } }));
    model.answer({ text: "I am ready.", usage: { inputTokens: 20, outputTokens: 4 } });
    expect(await testModel(actor, {})).toMatchObject({ ok: true, words: "I am ready.", costMicroUsd: 28 });
    expect(await rows()).toMatchObject([{ about: { kind: "test" }, status: "done" }]);
  });

  it("returns the error message when the call fails", async () => {
    Object.assign(process.env, model.env("openai"));
    model.answer({ fault: { kind: "http", status: 401, message: "no such key" } });
    expect(await testModel(actor, {})).toMatchObject({
      ok: false,
      error: { code: "MODEL_UNAVAILABLE", message: expect.stringContaining("Check REDLINE_MODEL_KEY") },
    });
  });

  it("names the setting when there is no model", async () => {
    Object.assign(process.env, { REDLINE_MODEL: "builtin", REDLINE_MODELS: "" });
    expect(await testModel(actor, {})).toMatchObject({
      ok: false,
      error: { code: "MODEL_REQUIRED", message: expect.stringContaining("Set REDLINE_MODEL") },
    });
  });
});
