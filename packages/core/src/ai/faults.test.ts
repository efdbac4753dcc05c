import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FAULTS, type ModelServer, startModelServer } from "../../../../tests/support/model-server/index";
import { ask, OpenMeter, PROPOSE, question } from "./ai.test-support";
import { routesOf } from "./models";
import { generate } from "./router";

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.stop());

const failed = (code: string, words: RegExp) => ({
  type: "failed",
  error: expect.objectContaining({ code, message: expect.stringMatching(words) }),
});

describe.each(["bedrock", "openai"] as const)("a model that speaks %s", (protocol) => {
  beforeEach(() => {
    model.reset();
    Object.assign(process.env, model.env(protocol));
    // The waits before a call is made again are drawn; here they are short.
    vi.spyOn(Math, "random").mockReturnValue(0.01);
  });

  it("streams its text, then its tool calls, the usage, and the stop reason", async () => {
    const input = { summary: "Says “hé” 👋", edits: [{ start_line: 1, original: 'a "b"\n' }] };
    model.answer({
      text: "Two words 👋.",
      reasoning: "Let me think.",
      toolCalls: [
        { name: "propose_change", input },
        { name: "propose_change", input: {} },
      ],
      usage: { inputTokens: 40, outputTokens: 12, cachedTokens: 30 },
    });
    const { events, text, calls, ends } = await ask({ tools: [PROPOSE] });
    expect(text).toBe("Two words 👋.");
    expect(calls).toMatchObject([
      { name: "propose_change", input },
      { name: "propose_change", input: {} },
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(events.map(({ type }) => type)).toEqual(["model", "text", "text", "toolCall", "toolCall", "usage", "done"]);
    expect(events.slice(-2)).toEqual([
      { type: "usage", usage: { inputTokens: 40, outputTokens: 12, cachedTokens: 30, estimated: false } },
      { type: "done", reason: "tools" },
    ]);
    expect(ends).toMatchObject([{ status: "done" }]);
  });

  it("receives the system prompt, both sides, tool calls and their results", async () => {
    await ask({
      tools: [PROPOSE],
      messages: [
        { role: "user", text: "Fix it." },
        { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "propose_change", input: { summary: "x" } }] },
        { role: "tool", results: [{ callId: "c1", text: "It does not apply.", isError: true }] },
        { role: "user", text: "Then explain." },
      ],
    });
    const [call] = model.calls;
    expect(call?.system).toBe("You review code.");
    expect(call?.toolNames).toEqual(["propose_change"]);
    expect(call?.messages).toMatchObject([
      { role: "user", text: "Fix it." },
      { role: "assistant", toolCalls: [{ id: "c1", name: "propose_change", input: { summary: "x" } }] },
      { role: "tool", text: expect.stringContaining("It does not apply.") },
      { role: "user", text: "Then explain." },
    ]);
  });

  it("that reports no usage has its tokens estimated, and marked so", async () => {
    model.answer({ text: "x".repeat(400), usage: null });
    const { events } = await ask();
    expect(events.find(({ type }) => type === "usage")).toMatchObject({
      usage: { outputTokens: 160, estimated: true },
    });
    expect(events.at(-1)).toEqual({ type: "done", reason: "end" });
  });

  it("that refuses has the refusal reported as its stop reason", async () => {
    model.answer(FAULTS.refusal);
    const { text, last, ends } = await ask();
    expect([text, last]).toEqual([FAULTS.refusal.text, { type: "done", reason: "refusal" }]);
    expect(ends).toMatchObject([{ status: "done" }]);
  });

  it("that reaches its length limit reports that, with its text kept", async () => {
    model.answer(FAULTS.overLong);
    const { text, last, ends } = await ask();
    expect([text, last]).toEqual([FAULTS.overLong.text, { type: "done", reason: "length" }]);
    expect(ends).toMatchObject([{ status: "truncated" }]);
  });

  it("that calls a tool with broken JSON has its call delivered as malformed", async () => {
    model.answer(FAULTS.malformedTool);
    const { calls, last } = await ask({ tools: [PROPOSE] });
    expect(calls).toMatchObject([{ name: "propose_change", malformed: FAULTS.malformedTool.toolCalls[0].json }]);
    expect(last).toEqual({ type: "done", reason: "tools" });
  });

  it.each([
    ["never answers", FAULTS.silent],
    ["falls silent", FAULTS.silentAfterText],
  ])("that %s times out and is disconnected", async (_, answer) => {
    Object.assign(process.env, model.env(protocol, { silentSeconds: 0.4 }));
    model.answer(answer);
    const { text, last, ends } = await ask();
    expect(text.length > 0).toBe("text" in answer);
    expect(last).toEqual(
      failed("AI_TIMEOUT", /^The model took longer than 0.4 s\. .* Try again, or select a smaller block\.$/),
    );
    expect(ends).toMatchObject([{ status: "failed", tracker: { usage: { estimated: true } } }]);
    await expect.poll(() => model.abandoned.length).toBe(1);
  });

  it("that thinks for a long time does not time out", async () => {
    Object.assign(process.env, model.env(protocol, { silentSeconds: 1 }));
    model.answer({ reasoning: "hm", text: "abcdef", chunkChars: 1, delayMs: 250, firstDelayMs: 250 });
    expect((await ask()).text).toBe("abcdef");
  });

  it("does not time out while its reader is busy", async () => {
    Object.assign(process.env, model.env(protocol, { silentSeconds: 0.4 }));
    model.answer({ text: "abcdef", chunkChars: 3 });
    const meter = new OpenMeter();
    const heard: string[] = [];
    for await (const event of generate(question(), routesOf("reply"), meter)) {
      heard.push(event.type);
      if (event.type === "text") await sleep(600);
    }
    expect(heard).toEqual(["model", "text", "text", "usage", "done"]);
    expect(meter.ends).toMatchObject([{ status: "done" }]);
  });

  it.each([
    ["is cut off", FAULTS.cut],
    ["loses its connection", { ...FAULTS.cut, fault: { kind: "cut", connection: true } as const }],
    ["ends without saying so", FAULTS.silentEnd],
  ])("that %s mid-stream fails, with its text kept", async (_, answer) => {
    model.answer(answer);
    const { text, last, ends } = await ask();
    expect(text).toBe(answer.text.slice(0, text.length));
    expect(text.length).toBeGreaterThan(0);
    expect(last).toEqual(
      failed("NETWORK_ERROR", /ended before the answer did\. The text so far is kept\. Try again\./),
    );
    expect(ends).toMatchObject([{ status: "truncated", tracker: { usage: { estimated: true } } }]);
  });

  it("that violates the protocol fails, with its text kept", async () => {
    model.answer(FAULTS.garbage);
    const { text, last } = await ask();
    expect(text.length).toBeGreaterThan(0);
    expect(last).toEqual(failed("AI_MALFORMED_RESPONSE", /The text so far is kept/));
  });

  it("that throttles is called at most five times", async () => {
    model.throttle({ count: 4 });
    model.answer({ text: "At last." });
    expect((await ask()).text).toBe("At last.");
    model.reset();
    model.throttle({ count: 99 });
    const { last, ends } = await ask();
    expect(last).toEqual(failed("MODEL_UNAVAILABLE", /throttling us.*Your message is saved\./));
    expect(model.requests).toHaveLength(5);
    expect(ends).toMatchObject([{ status: "failed", tracker: { usage: { inputTokens: 0, outputTokens: 0 } } }]);
  });

  it("that asks for a longer pause than a user waits is not retried", async () => {
    model.answer({ fault: { kind: "throttled", retryAfterSeconds: 60 } }, { text: "Too late." });
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /throttling us/));
    expect(model.requests).toHaveLength(1);
  });

  it("with a server error is called three times", async () => {
    model.script(() => ({ fault: { kind: "http", status: 503 } }));
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /fault of its own/));
    expect(model.requests).toHaveLength(3);
  });

  it("that fails before its first word is retried, and its input tokens are counted", async () => {
    const type = protocol === "bedrock" ? "modelStreamErrorException" : "server_error";
    model.answer({ fault: { kind: "exception", type } }, { text: "Fine.", usage: { inputTokens: 9, outputTokens: 2 } });
    const { text, ends } = await ask();
    expect(text).toBe("Fine.");
    expect(ends[0]?.tracker.usage.inputTokens).toBeGreaterThan(9);
  });

  it("that fails after its first words is not retried", async () => {
    const type = protocol === "bedrock" ? "throttlingException" : "rate_limit_error";
    model.answer({ text: "Half of", fault: { kind: "exception", type } });
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /throttling us.*The text so far is kept\./));
    expect(model.requests).toHaveLength(1);
  });

  it("is aborted at once when its reader disconnects, and no event follows", async () => {
    const quit = new AbortController();
    model.answer({ text: "abcdefghij".repeat(100), chunkChars: 5, delayMs: 20 });
    const { events, ends } = await ask({ signal: quit.signal }, (event) => event.type === "text" && quit.abort());
    expect(events.map(({ type }) => type)).toEqual(["model", "text"]);
    expect(ends).toMatchObject([{ status: "cancelled", tracker: { usage: { estimated: true } } }]);
    await expect.poll(() => model.abandoned.length).toBe(1);
    const { outputTokens } = model.abandoned[0]?.spent ?? {};
    await sleep(100);
    expect(model.abandoned[0]?.spent.outputTokens).toBe(outputTokens);
  });

  it.each(["before it answers", "in the middle"])("can be stopped while it sends nothing, %s", async (when) => {
    const quit = new AbortController();
    model.answer(when === "in the middle" ? FAULTS.silentAfterText : FAULTS.silent);
    setTimeout(() => quit.abort(), 150);
    const { last, ends } = await ask({ signal: quit.signal });
    expect(last?.type).toBe(when === "in the middle" ? "text" : "model");
    expect(ends).toMatchObject([{ status: "cancelled" }]);
    await expect.poll(() => model.abandoned.length).toBe(1);
  });
});
