import { describe, expect, it } from "vitest";
import { TokenCounter, tokenizerOf } from "./counter";
import type { CountRatios, ModelFacts } from "./model-facts";
import type { ModelRoute } from "./schema";
import { estimateTokens } from "./tokens";

const route = (model: string): ModelRoute => ({
  name: model,
  provider: model.startsWith("bedrock:")
    ? { kind: "bedrock", modelId: model.slice("bedrock:".length) }
    : { kind: "openai", baseUrl: "http://127.0.0.1:1/v1", model, keyVariable: "REDLINE_MODEL_KEY" },
  contextTokens: 128_000,
  silentMs: 30_000,
  hasTools: true,
  cachePoints: false,
});
const ratio = (of: number): CountRatios => ({ wide: of, digits: of * 0.9, narrow: of * 0.8, any: of * 0.7 });
const counted = (...ratios: number[]): ModelFacts => ({ ratios: ratios.map(ratio) });
const request = {
  system: "Review.",
  messages: [{ role: "user" as const, text: "export const a = 1;\n".repeat(200) }],
  tools: [],
};

describe("a model's tokenizer", () => {
  it.each([
    ["bedrock:us.anthropic.claude-sonnet-4-20250514-v1:0", "narrow"],
    ["bedrock:amazon.nova-pro-v1:0", "narrow"],
    ["gpt-4o-mini", "wide"],
    ["openai/gpt-oss-20b", "wide"],
    ["o3-mini", "wide"],
    ["meta-llama/Llama-3.3-70B-Instruct", "wide"],
    ["llama3.1:8b", "wide"],
    ["Qwen/Qwen2.5-Coder-14B-Instruct", "digits"],
    ["gemma3:12b", "digits"],
    ["mistral-small", "narrow"],
    ["codellama:7b", "narrow"],
    ["local", undefined],
    ["my-model.gguf", undefined],
  ] as const)("of %s is recognized by its name: %s", (name, kind) => {
    expect(tokenizerOf(route(name))).toBe(kind);
  });
});

describe("a count", () => {
  it("is the upper bound of all tokenizers for a model with an unknown name", () => {
    const text = "    if (a) {\n        return b;\n    }\n";
    const unknown = new TokenCounter(route("local"), { ratios: [] });
    const kinds = (["wide", "digits", "narrow", "any"] as const).map((kind) => estimateTokens(text.repeat(50), kind));
    const most = unknown.most({ ...request, messages: [{ role: "user", text: text.repeat(50) }] });
    expect(most).toBeGreaterThanOrEqual(Math.max(...kinds));
  });

  it("follows what the server counted, with a margin; what is reserved has a wider one", () => {
    const before = new TokenCounter(route("gpt-4o"), { ratios: [] });
    const after = new TokenCounter(route("gpt-4o"), counted(0.6, 0.62, 0.58));
    expect(after.most(request)).toBeLessThan(before.most(request));
    const likely = after.tokensOf(request.messages[0]?.text ?? "");
    const counts = estimateTokens(request.messages[0]?.text ?? "", "wide") * 0.62;
    expect(likely).toBeGreaterThanOrEqual(counts);
    expect(likely).toBeLessThan(counts * 1.2);
  });

  it("rises at once when a server counts more than the bound, and does not fall for a single low count", () => {
    const bound = new TokenCounter(route("gpt-4o"), { ratios: [] }).most(request);
    expect(new TokenCounter(route("gpt-4o"), counted(1.5)).most(request)).toBeGreaterThan(bound * 1.5);
    expect(new TokenCounter(route("gpt-4o"), counted(0.4)).most(request)).toBeGreaterThanOrEqual(bound);
  });
});
