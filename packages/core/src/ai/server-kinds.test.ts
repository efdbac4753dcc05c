import { afterEach, describe, expect, it, vi } from "vitest";
import {
  FAULTS,
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from "../../../../tests/support/model-server/index";
import { LIMITS } from "../limits";
import { ask, PROPOSE } from "./ai.test-support";
import { describeModels, usesTools } from "./models";

let model: ModelServer;
afterEach(async () => {
  vi.useRealTimers();
  await model.stop();
});

async function serverWith(options: ModelServerOptions, settings?: Record<string, unknown>): Promise<void> {
  model = await startModelServer(options);
  Object.assign(process.env, model.env("openai", settings));
}

const failed = (code: string, words: RegExp) => ({
  type: "failed",
  error: expect.objectContaining({ code, message: expect.stringMatching(words) }),
});

const TOLD = { tools: [PROPOSE], system: "Call propose_change.", systemWithoutTools: "Answer in text." };

describe("a chat template that drops tools silently", () => {
  it("is detected from llama.cpp's description, and the model is prompted for text formats", async () => {
    await serverWith({ llamaCpp: { slots: 1, supportsTools: false } });
    await ask(TOLD);
    expect(model.calls.map(({ system, toolNames }) => [system, toolNames])).toEqual([["Answer in text.", []]]);
    expect(usesTools("reply")).toBe(false);
    expect(describeModels().tasks[0]?.models[0]).toMatchObject({ hasTools: false, toolsFoundOut: "dropped" });
  });

  it("is looked up again after a day: the server may have been restarted with another", async () => {
    await serverWith({ llamaCpp: { slots: 1, supportsTools: false } });
    await ask(TOLD);
    expect(usesTools("reply")).toBe(false);
    vi.useFakeTimers({ now: Date.now() + LIMITS.model.foundOutMs + 1, toFake: ["Date"] });
    expect(usesTools("reply")).toBe(true);
  });

  it("of another server is detected when a required call is missing", async () => {
    await serverWith({ withoutTools: "ignored" });
    model.answer({ text: "I would say that it is fine." });
    await ask({ ...TOLD, mustCall: true });
    expect(model.calls[0]?.body.tool_choice).toBe("required");
    await ask(TOLD);
    expect(model.calls.map(({ system }) => system)).toEqual(["Call propose_change.", "Answer in text."]);
  });

  it("is not assumed when a call comes, or when none was required", async () => {
    await serverWith({});
    model.answer({ toolCalls: [{ name: "propose_change", input: { summary: "x" } }] }, { text: "Nothing to do." });
    await ask({ ...TOLD, mustCall: true });
    await ask(TOLD);
    expect(usesTools("reply")).toBe(true);
  });

  it("whose server rejects tool_choice is called without it", async () => {
    await serverWith({});
    const message = "Unknown parameter: 'tool_choice'.";
    model.answer({ fault: { kind: "http", status: 400, message } }, { text: "Fine." });
    await ask({ ...TOLD, mustCall: true });
    expect(model.requests.map(({ body }) => body.tool_choice)).toEqual(["required", undefined]);
    expect(usesTools("reply")).toBe(true);
  });
});

describe("a tool call that a server left in the text", () => {
  it("is a call, and no part of the text", async () => {
    await serverWith({});
    const call = { name: "propose_change", arguments: { summary: "x" } };
    const text = `So:\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`;
    model.answer({ text, chunkChars: 3 });
    const answer = await ask({ tools: [PROPOSE] });
    expect(answer.text).toBe("So:\n");
    expect(answer.calls).toMatchObject([{ name: "propose_change", input: { summary: "x" } }]);
    expect(answer.last).toEqual({ type: "done", reason: "tools" });
  });
});

describe("a model's reasoning", () => {
  it.each([
    ["in reasoning_content", { reasoning: "Hm, hm." } as const],
    ["in reasoning", { reasoning: "Hm, hm.", reasoningField: "reasoning" } as const],
    ["in the text", { chunks: ["<thi", "nk>Hm", ", hm.</th", "ink>\n"] }],
  ])("%s is counted, and no part of the answer", async (_, thought) => {
    await serverWith({});
    const chunks = [...("chunks" in thought ? thought.chunks : []), "Yes."];
    model.answer({ ...thought, chunks, usage: null });
    const { text, ends } = await ask();
    expect(text).toBe("Yes.");
    expect(ends[0]?.tracker.usage.outputTokens).toBeGreaterThan(1);
  });
});

describe("an error in a stream whose text is whole", () => {
  it("keeps the text, and names what may be missing", async () => {
    await serverWith({});
    model.answer(FAULTS.unreadableEnd);
    const { text, last } = await ask();
    expect(text).toBe(FAULTS.unreadableEnd.text);
    expect(last).toEqual(failed("AI_MALFORMED_RESPONSE", /wrote its answer to the end.*The text so far is kept/));
    expect(model.requests).toHaveLength(1);
  });
});

describe("a context that is full", () => {
  it("in the middle of an answer is reported as such", async () => {
    await serverWith({});
    model.answer(FAULTS.contextUsedUp);
    const { text, last } = await ask();
    expect(text).toBe(FAULTS.contextUsedUp.text);
    expect(last).toEqual(failed("TOKEN_LIMIT_EXCEEDED", /^The model's context is full: .*The text so far is kept/));
  });

  const usage = { inputTokens: 1_500, outputTokens: 500 };
  it.each([
    ["by what llama.cpp holds", { llamaCpp: { slots: 1, contextTokens: 2_048 } }, {}, "contextFull"],
    ["by what is configured", {}, { contextTokens: 2_048 }, "contextFull"],
    ["by neither", { llamaCpp: { slots: 1, contextTokens: 8_192 } }, { contextTokens: 8_192 }, "length"],
  ] as const)("is distinguished from an answer at its length limit, %s", async (_, options, settings, reason) => {
    await serverWith(options, settings);
    model.answer({ text: "It ends in the", stop: "length", usage });
    const { last, ends } = await ask();
    expect(last).toEqual({ type: "done", reason });
    expect(ends).toMatchObject([{ status: "truncated" }]);
  });

  it("is reported by Bedrock itself", async () => {
    await serverWith({});
    Object.assign(process.env, model.env("bedrock"));
    model.answer({ text: "It ends in the", stop: "contextFull" });
    expect((await ask()).last).toEqual({ type: "done", reason: "contextFull" });
  });
});
