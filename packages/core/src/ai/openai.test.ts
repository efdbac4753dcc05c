import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from "../../../../tests/support/model-server/index";
import { ask, PROPOSE } from "./ai.test-support";
import { describeModels, usesTools } from "./models";

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function serverWith(options: ModelServerOptions): Promise<ModelServer> {
  const model = await startModelServer(options);
  running.push(model);
  Object.assign(process.env, model.env("openai"));
  return model;
}

/** A server of few words: the same bytes for every request. */
async function serverOf(body: string, { status = 200, type = "text/event-stream", stays = false } = {}) {
  const server: Server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": type });
    if (stays) response.write(body);
    else response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push({ stop: () => server.closeAllConnections() ?? server.close() });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  Object.assign(process.env, { REDLINE_MODEL: `openai:${url}#tiny`, REDLINE_MODELS: "", REDLINE_MODEL_KEY: "" });
  return url;
}

const sse = (...chunks: unknown[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
const delta = (value: object, finish_reason: string | null = null) => ({ choices: [{ delta: value, finish_reason }] });
const failed = (code: string, words: RegExp) => ({
  type: "failed",
  error: expect.objectContaining({ code, message: expect.stringMatching(words) }),
});
const DONE = { type: "done", reason: "end" };

describe("a server that rejects parts of a request", () => {
  it("is called again without tools, with text formats in the prompt, and never sent tools again", async () => {
    const model = await serverWith({ withoutTools: "refused" });
    expect(usesTools("reply")).toBe(true);
    const told = { tools: [PROPOSE], system: "Call propose_change.", systemWithoutTools: "Answer in text." };
    expect((await ask(told)).last).toEqual(DONE);
    expect(model.calls.map(({ system, toolNames }) => [system, toolNames])).toEqual([["Answer in text.", []]]);
    expect(usesTools("reply")).toBe(false);
    expect(describeModels().tasks[0]?.models[0]?.hasTools).toBe(false);
    await ask({
      ...told,
      messages: [
        { role: "user", text: "Fix it." },
        { role: "assistant", text: "So:", toolCalls: [{ id: "c1", name: "propose_change", input: { summary: "x" } }] },
        { role: "tool", results: [{ callId: "c1", text: "It does not apply." }] },
      ],
    });
    expect(model.requests).toHaveLength(3);
    expect(model.calls.at(-1)?.messages.map(({ role, text }) => [role, text])).toEqual([
      ["user", "Fix it."],
      ["assistant", 'So:\n\npropose_change: {"summary":"x"}'],
      ["user", "It does not apply."],
    ]);
  });

  it("is called again without stream_options, and its usage is estimated", async () => {
    const model = await serverWith({ withoutStreamOptions: true });
    model.answer({ text: "Fine.", usage: null });
    const { last, ends } = await ask();
    expect(last).toEqual(DONE);
    expect(ends[0]?.tracker.usage.estimated).toBe(true);
    expect(model.requests).toHaveLength(2);
  });

  it("that is configured without tools is never sent any", async () => {
    const model = await serverWith({ withoutTools: "refused" });
    Object.assign(process.env, model.env("openai", { tools: false }));
    await ask({ tools: [PROPOSE], systemWithoutTools: "Answer in text." });
    expect(model.requests.map(({ system }) => system)).toEqual(["Answer in text."]);
  });
});

describe("a server that deviates from the protocol", () => {
  it.each([
    ["in one chunk", "whole"],
    ["without ids", "withoutIds"],
  ] as const)("may send calls of tools %s", async (_, toolStyle) => {
    const model = await serverWith({});
    model.answer({
      toolStyle,
      toolCalls: [
        { name: "propose_change", input: { summary: "a" } },
        { name: "propose_change", input: { summary: "b" } },
      ],
    });
    const { calls } = await ask({ tools: [PROPOSE] });
    expect(calls.map(({ input }) => input)).toEqual([{ summary: "a" }, { summary: "b" }]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  it("may give every call the same index, no index, arguments as an object, or encode them twice", async () => {
    const part = (more: object) => delta({ tool_calls: [more] });
    await serverOf(
      sse(
        part({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
        part({ index: 0, id: "b", function: { name: "g", arguments: '{"x":1}' } }),
        part({ id: "c", function: { name: "h", arguments: { x: 2 } } }),
        part({ function: { name: "i", arguments: '"{\\"x\\":3}"' } }),
        delta({}, "stop"),
      ),
    );
    const { calls, last } = await ask();
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ["f", {}],
      ["g", { x: 1 }],
      ["h", { x: 2 }],
      ["i", { x: 3 }],
    ]);
    expect(last).toEqual({ type: "done", reason: "tools" });
  });

  it("may omit [DONE], if it gave a stop reason", async () => {
    await serverOf(sse(delta({ content: "Yes." }), delta({ content: null }, "stop")));
    expect((await ask()).last).toEqual(DONE);
  });

  it("may omit the stop reason, if it sends [DONE]", async () => {
    await serverOf(`${sse(delta({ content: "Yes." }))}data: [DONE]\n\n`);
    expect((await ask()).last).toEqual(DONE);
  });

  it("may leave its response open", async () => {
    await serverOf(sse(delta({ content: "Yes." }, "stop")), { stays: true });
    expect((await ask()).last).toEqual(DONE);
  });

  it("that omits both counts as cut off, also in the middle of an event", async () => {
    for (const rest of ["", 'data: {"choices":[{"del']) {
      await serverOf(sse(delta({ content: "Yes" })) + rest);
      const { text, last } = await ask();
      expect([text, last]).toEqual(["Yes", failed("NETWORK_ERROR", /ended before the answer did/)]);
    }
  });

  it("may respond without streaming, with content in parts", async () => {
    const message = {
      content: [
        { type: "text", text: "Yes, " },
        { type: "text", text: "all." },
      ],
    };
    const usage = { prompt_tokens: 5, completion_tokens: 2 };
    const body = JSON.stringify({ choices: [{ message, finish_reason: "stop" }], usage });
    await serverOf(body, { type: "application/json; charset=utf-8" });
    const { text, last, ends } = await ask();
    expect([text, last]).toEqual(["Yes, all.", DONE]);
    expect(ends[0]?.tracker.usage).toEqual({ inputTokens: 5, outputTokens: 2, cachedTokens: 0, estimated: false });
  });

  it("may refuse in a separate field", async () => {
    await serverOf(sse(delta({ refusal: "I won't." }), delta({}, "stop")));
    const { text, last } = await ask();
    expect([text, last]).toEqual(["I won't.", { type: "done", reason: "refusal" }]);
  });
});

describe("an error of a server", () => {
  it.each([
    [400, '{"error":{"message":"maximum context length is 4096 tokens"}}', "TOKEN_LIMIT_EXCEEDED", /4096 tokens/],
    [
      401,
      '{"error":"who are you?"}',
      "MODEL_UNAVAILABLE",
      /HTTP 401.*"who are you\?" .*Put its key into REDLINE_MODEL_KEY/,
    ],
    [403, "", "MODEL_UNAVAILABLE", /HTTP 403/],
    [404, '{"error":{"message":"model not found"}}', "MODEL_UNAVAILABLE", /has no model tiny.*mostly ends with \/v1/],
    [404, "<html>nginx</html>", "MODEL_UNAVAILABLE", /not the address of its API\. /],
    [418, '{"detail":"teapot"}', "MODEL_UNAVAILABLE", /HTTP 418.*teapot/],
    [429, '{"error":{"code":"insufficient_quota","message":"pay"}}', "MODEL_UNAVAILABLE", /nothing is left to spend/],
    [504, "", "AI_TIMEOUT", /took too long/],
    [200, '{"error":{"message":"out of memory"}}', "MODEL_UNAVAILABLE", /out of memory/],
    [200, "{}", "AI_MALFORMED_RESPONSE", /without a choice/],
    [200, "hello", "AI_MALFORMED_RESPONSE", /not JSON/],
  ] as const)("%i %s is reported with its cause", async (status, body, code, words) => {
    await serverOf(body, { status, type: "application/json" });
    const { last } = await ask();
    expect(last).toEqual(failed(code, words));
    expect(last?.type === "failed" && last.error.message).toContain("Your message is saved.");
  });

  it("in the middle of a stream is reported, with the text kept", async () => {
    await serverOf(sse(delta({ content: "Yes" }), { object: "error", message: "worker died", code: 500 }));
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /worker died.*The text so far is kept/));
  });

  it("from an unreachable server names the address", async () => {
    const url = await serverOf("");
    await running.pop()?.stop();
    const { last, ends } = await ask();
    const endpoint = url.replaceAll(".", "\\.");
    expect(last).toEqual(failed("MODEL_UNAVAILABLE", new RegExp(`^${endpoint} can't be reached: ".*ECONNREFUSED`)));
    expect(ends[0]?.tracker.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  it("that is a redirect is not followed, so that the key goes to no other host", async () => {
    await serverOf("", { status: 302 });
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /./));
  });
});

describe("a request that is too long", () => {
  it("is refused before anything is sent, by our limit and by the model's", async () => {
    const model = await serverWith({});
    const messages = (words: number) => [{ role: "user" as const, text: "word ".repeat(words) }];
    const refusal = /about [1-9]\d\d,\d+ of at most 100,000 tokens\)\. Nothing was sent\./;
    expect((await ask({ messages: messages(120_000) })).last).toEqual(failed("TOKEN_LIMIT_EXCEEDED", refusal));
    Object.assign(process.env, model.env("openai", { contextTokens: 8_000 }));
    const { last } = await ask({ messages: messages(10_000) });
    expect(last).toEqual(failed("TOKEN_LIMIT_EXCEEDED", /of at most 7,000 tokens/));
    expect(model.requests).toEqual([]);
  });

  it("leaves less room for a small model's answer", async () => {
    const model = await serverWith({});
    Object.assign(process.env, model.env("openai", { contextTokens: 8_000, temperature: 0.2 }));
    await ask({ messages: [{ role: "user", text: "word ".repeat(5_500) }], maxOutputTokens: 4_000 });
    expect(model.requests[0]?.body).toMatchObject({ temperature: 0.2 });
    expect(model.requests[0]?.body.max_tokens).toBeLessThan(2_500);
  });
});
