/** Behaviours of servers for a prompt that is longer than the model's context. */
import type { Call, ScriptedAnswer } from "./script";

export type ContextOptions = {
  tokens: number;
  /** As each server does it; *silent* refuses without a number, *ollama* leaves out what is too much and says nothing. */
  as: "llama.cpp" | "vllm" | "silent" | "ollama";
  /** Of text and templates, how many characters make a token here. */
  charsPerToken?: number;
};

/** The refusal of a prompt that is too long; for *ollama*, which refuses none, undefined with a smaller count. */
export function pastContext({ tokens, as, charsPerToken = 4 }: ContextOptions, call: Call): ScriptedAnswer | undefined {
  const { messages, tools, toolConfig, system } = call.body;
  const prompt = Math.ceil(JSON.stringify([messages, tools ?? toolConfig, system]).length / charsPerToken);
  call.spent.inputTokens = Math.min(prompt, as === "ollama" ? tokens : prompt);
  const wanted = Number(call.body.max_tokens ?? 0);
  if (prompt < tokens && !(as === "vllm" && prompt + wanted > tokens)) return undefined;
  const refused = (message: string, type: string, more?: object): ScriptedAnswer => ({
    fault: { kind: "http", status: 400, type, message, more },
  });
  if (call.protocol === "bedrock") return refused("Input is too long for requested model.", "ValidationException");
  switch (as) {
    case "llama.cpp":
      return refused(
        `request (${prompt} tokens) exceeds the available context size (${tokens} tokens), try increasing it`,
        "exceed_context_size_error",
        { code: 400, n_prompt_tokens: prompt, n_ctx: tokens },
      );
    case "vllm":
      return refused(
        `This model's maximum context length is ${tokens} tokens. However, you requested ${prompt + wanted} tokens (${prompt} in the messages, ${wanted} in the completion). Please reduce the length of the messages or completion.`,
        "BadRequestError",
      );
    case "silent":
      return refused("The prompt is too long for this model.", "invalid_request_error");
    case "ollama":
      return undefined;
  }
}
