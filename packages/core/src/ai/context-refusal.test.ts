import { describe, expect, it } from "vitest";
import { readContextRefusal, saysTooLong } from "./context-refusal";

/** Refusals in the servers' own words, with the numbers in them. */
const REFUSALS: [server: string, said: string, contextTokens?: number, inputTokens?: number][] = [
  [
    "llama.cpp",
    `{"error":{"code":400,"message":"request (4476 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4476,"n_ctx":4096}}`,
    4096,
    4476,
  ],
  [
    "llama.cpp of 2025",
    `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9001,"n_ctx":8192}}`,
    8192,
    9001,
  ],
  [
    "OpenAI",
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 10105 tokens. Please reduce the length of the messages.",
    8192,
    10105,
  ],
  [
    "OpenAI, with the completion",
    "This model's maximum context length is 4097 tokens. However, you requested 5000 tokens (1000 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
    4097,
    1000,
  ],
  [
    "OpenAI, newer",
    "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300001 tokens. Please reduce the length of the messages.",
    272_000,
    300_001,
  ],
  [
    "vLLM",
    "This model's maximum context length is 32768 tokens. However, your request has 40120 input tokens. Please reduce the length of the input messages.",
    32_768,
    40_120,
  ],
  [
    "vLLM, for the output",
    "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum context length is 4096 tokens and your request has 1203 input tokens (4000 > 4096 - 1203).",
    4_096,
    1_203,
  ],
  [
    "OpenRouter",
    "This endpoint's maximum context length is 1048576 tokens. However, you requested about 1293741 tokens (1,227,853 of text input, 373 of tool input, 65535 in the output).",
    1_048_576,
    1_227_853,
  ],
  ["SGLang", "The input (40960 tokens) is longer than the model's context length (32768 tokens).", 32_768, 40_960],
  [
    "Mistral",
    "Prompt contains 40012 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    32_768,
    40_012,
  ],
  ["Anthropic", "prompt is too long: 208310 tokens > 200000 maximum", 200_000, 208_310],
  [
    "Anthropic, for the output",
    "input length and `max_tokens` exceed context limit: 198000 + 4000 > 200000, decrease input length or `max_tokens` and try again",
    200_000,
    198_000,
  ],
  [
    "Gemini",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    1_048_576,
    1_200_000,
  ],
  [
    "LM Studio",
    "Trying to keep the first 5012 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input",
    4_096,
    5_012,
  ],
  [
    "TGI",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5003 `inputs` tokens and 1000 `max_new_tokens`",
    4_096,
    5_003,
  ],
  ["Bedrock's Claude", "Input is too long for requested model.", undefined, undefined],
  [
    "Bedrock's Nova",
    "Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.",
    undefined,
    undefined,
  ],
];

describe("a refusal of what is too long", () => {
  it.each(REFUSALS)("of %s is recognized", (_, said) => {
    expect(saysTooLong(said)).toBe(true);
  });

  it.each(REFUSALS)("of %s yields the context size when it names one", (_, said, contextTokens, inputTokens) => {
    expect(readContextRefusal(said)).toEqual({
      ...(contextTokens !== undefined && { contextTokens }),
      ...(inputTokens !== undefined && { inputTokens }),
    });
  });

  it("is not taken from other numbers", () => {
    expect(readContextRefusal("Too many requests: 60 of 60 a minute were used.")).toEqual({});
    expect(readContextRefusal("HTTP 400 at 10:15:20")).toEqual({});
  });
});
