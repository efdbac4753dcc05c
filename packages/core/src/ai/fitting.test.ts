import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../../../../tests/support/model-server/index";
import { ask as askModels, OpenMeter, question } from "./ai.test-support";
import { contextOf, type Room } from "./context";
import { KnownFacts } from "./model-facts";
import { routesOf } from "./models";
import type { FittedPrompt, ModelEvent, ModelRequest } from "./port";
import { generate } from "./router";

const LINES = Array.from({ length: 4_000 }, (_, at) => `  const value${at} = compute(${at}, "text ${at}");\n`).join("");

/** Shows what fits of a long file whose line 2,000 is asked about. */
function fit(room: Room): FittedPrompt {
  const selection = { startLine: 2_000, endLine: 2_002 };
  const context = contextOf(LINES, selection, { ...room, tokens: room.tokens - 50 });
  return { system: "Review.", messages: [{ role: "user", text: context.lines.join("\n") }], context };
}

let server: ModelServer | undefined;
let facts: KnownFacts;
beforeEach(() => {
  facts = new KnownFacts();
});
afterEach(() => server?.stop());

async function ask(more: Partial<ModelRequest> = {}) {
  const events: ModelEvent[] = [];
  const meter = new OpenMeter();
  const request = question({ messages: [], fit, maxOutputTokens: 1_000, ...more });
  for await (const event of generate(request, routesOf("reply"), meter, facts)) events.push(event);
  const shown = events.flatMap((event) => (event.type === "model" ? [event.context] : []));
  return { events, last: events.at(-1), shown: shown.at(-1), ends: meter.ends };
}

const use = (settings: object = {}, protocol: "openai" | "bedrock" = "openai") =>
  Object.assign(process.env, server?.env(protocol, settings as Record<string, unknown>));

describe.each(["llama.cpp", "vllm", "silent"] as const)(
  "a file over what the model holds, which refuses it as %s does",
  (as) => {
    it.each([8_192, 4_096, 2_048])("is sent with the lines that fit %i tokens, also in later calls", async (tokens) => {
      server = await startModelServer({ context: { tokens, as, charsPerToken: 2.6 } });
      use();
      const { last, shown } = await ask();
      expect(last).toMatchObject({ type: "done" });
      expect(shown?.kind).toBe("local");
      expect(shown?.startLine).toBeLessThanOrEqual(2_000);
      expect(shown?.endLine).toBeGreaterThanOrEqual(2_002);
      const before = server.requests.length;
      expect(before).toBeLessThanOrEqual(5);
      // The context that was found is remembered: the second request is not refused.
      expect((await ask()).last).toMatchObject({ type: "done" });
      expect(server.requests.length).toBe(before + 1);
    });
  },
);

describe("a model's context size", () => {
  it("is looked up again after a day", async () => {
    server = await startModelServer({ context: { tokens: 4_096, as: "llama.cpp", charsPerToken: 2.6 } });
    use({ contextTokens: 60_000 });
    await ask();
    server.options.context = undefined;
    const { shown } = await ask();
    expect(shown?.kind).toBe("local");
    const [route] = routesOf("reply");
    if (!route) throw new Error("no route");
    const { context } = facts.seen(route);
    if (context) context.atMs -= 25 * 60 * 60 * 1_000;
    const later = await ask();
    expect((later.shown?.endLine ?? 0) - (later.shown?.startLine ?? 0)).toBeGreaterThan(60);
  });

  it("is learned from Bedrock too, which names no number", async () => {
    server = await startModelServer({ context: { tokens: 6_000, as: "silent", charsPerToken: 3 } });
    use({}, "bedrock");
    const { last, shown } = await ask();
    expect(last).toMatchObject({ type: "done" });
    expect(shown?.kind).toBe("local");
  });

  it("is fitted for each fallback: the second model is shown less than the first", async () => {
    server = await startModelServer({});
    const [first, second] = [
      `openai:${server.urls.openai}/v1#qwen-large`,
      `openai:${server.urls.openai}/v1#qwen-small`,
    ];
    const table = {
      default: [
        { model: first, contextTokens: 120_000 },
        { model: second, contextTokens: 2_000 },
      ],
    };
    Object.assign(process.env, server.env("openai"), { REDLINE_MODELS: JSON.stringify(table) });
    const chars: number[] = [];
    server.script((call) => {
      chars.push(call.lastText.length);
      return call.model === "qwen-large" ? { fault: { kind: "http", status: 404 } } : { text: "Yes." };
    });
    const { last, shown } = await ask();
    expect(last).toMatchObject({ type: "done" });
    expect(shown?.kind).toBe("local");
    expect(chars[0]).toBeGreaterThan((chars[1] ?? 0) * 1.2);
    expect(chars[1]).toBeLessThan(16_000);
  });

  it("is learned from a server that truncates input: the answer is marked as not knowing the code", async () => {
    server = await startModelServer({ context: { tokens: 4_096, as: "ollama", charsPerToken: 3 } });
    use({ contextTokens: 200_000 });
    const small = LINES.slice(0, 60_000);
    const whole = (room: Room): FittedPrompt => {
      const context = contextOf(small, { startLine: 9, endLine: 9 }, { ...room, tokens: room.tokens - 50 });
      return { system: "Review.", messages: [{ role: "user", text: context.lines.join("\n") }], context };
    };
    const { last } = await ask({ fit: whole });
    expect(last).toMatchObject({
      type: "failed",
      error: {
        code: "TOKEN_LIMIT_EXCEEDED",
        message: expect.stringMatching(/read only 4,096 of about .* is kept\. Try again/),
      },
    });
    const again = await ask({ fit: whole });
    expect(again.last).toMatchObject({ type: "done" });
    expect(again.shown?.kind).toBe("local");
  });

  it("does not change a request that can't be shortened: it is refused once, with the reason", async () => {
    server = await startModelServer({ context: { tokens: 2_048, as: "llama.cpp" } });
    use();
    const { last } = await askModels({ messages: [{ role: "user", text: LINES.slice(0, 30_000) }] });
    expect(last).toMatchObject({ type: "failed", error: { code: "TOKEN_LIMIT_EXCEEDED" } });
    expect(server.requests).toHaveLength(1);
  });
});

describe("what is reserved for a call", () => {
  it.each([1.5, 2, 2.6, 3.2, 4, 5])(
    "is never below what a server counts at %d characters a token, after the first",
    async (charsPerToken) => {
      server = await startModelServer({ context: { tokens: 1_000_000, as: "llama.cpp", charsPerToken } });
      use({ contextTokens: 120_000 });
      server.script((call) => ({ text: "Yes.", usage: { inputTokens: call.spent.inputTokens, outputTokens: 2 } }));
      const reserved: number[] = [];
      for (let calls = 0; calls < 8; calls++) {
        const from = calls * 3_000;
        const text = LINES.slice(from, from + 4_000 + calls * 900);
        const meter = new OpenMeter();
        const open = meter.open.bind(meter);
        meter.open = async (_route?: unknown, tokens = 0) => {
          reserved.push(tokens);
          return open();
        };
        for await (const _ of generate(
          question({ messages: [{ role: "user", text }] }),
          routesOf("reply"),
          meter,
          facts,
        ));
        const counted = server.requests.at(-1)?.spent.inputTokens ?? 0;
        if (calls > 0 || charsPerToken >= 2) expect(reserved.at(-1)).toBeGreaterThanOrEqual(counted + 1_000);
        if (calls > 3) expect(reserved.at(-1)).toBeLessThan(counted * 1.75 + 1_000);
      }
    },
  );
});
