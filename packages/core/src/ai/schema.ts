/** What the model port speaks: tasks, messages, tools, and the events of an answer. Plain data, for browsers too. */
import type { ErrorCode } from "../errors";

export const TASKS = [
  "review",
  "reply",
  "complete",
  "explain",
  "refactor",
  "fix",
  "document",
  "test",
  "plan",
  "code",
  "qa",
  "ops",
  "prd",
  "embed",
] as const;
export type Task = (typeof TASKS)[number];

/** US dollars for a million tokens, as the operator's configuration says; there is no price that we know better. */
export type Price = { input: number; output: number; cachedInput?: number; cacheWrite?: number };

/** One model that may answer a task. `name` is how it is configured: `bedrock:<id>` or `openai:<base url>#<model>`. */
export type ModelRoute = {
  name: string;
  provider:
    | { kind: "bedrock"; modelId: string }
    /** `keyVariable` names the environment variable that holds its key. */
    | { kind: "openai"; baseUrl: string; model: string; keyVariable: string };
  contextTokens: number;
  /** How long it may say nothing before the call is ended. */
  silentMs: number;
  price?: Price;
  temperature?: number;
  /** False for a model that answers in text only. */
  hasTools: boolean;
  /** Whether what does not change is marked for the cache of Bedrock. */
  cachePoints: boolean;
};

/** A configured model as people see it: without its key. */
export type DescribedModel = Pick<
  ModelRoute,
  "name" | "contextTokens" | "silentMs" | "price" | "temperature" | "hasTools"
> & {
  kind: "bedrock" | "openai";
  model: string;
  endpoint?: string;
  /** Of Bedrock, when the environment says it; the AWS configuration file may, too. */
  region?: string;
  /** How its server was found to have no tools for it: by an error, or because it drops them without a word. */
  toolsFoundOut?: "refused" | "dropped";
  /** Whether a key is set for an OpenAI-compatible server. */
  hasKey?: boolean;
  /** Context size that it turned out to have, where that is less than configured. */
  foundContextTokens?: number;
};

/** What is configured. `problems` are sentences; with any of them, no model is there. A task without models has none. */
export type DescribedModels = {
  from: "REDLINE_MODEL" | "REDLINE_MODELS";
  problems: string[];
  tasks: { task: Task; models: DescribedModel[] }[];
};

/** How a model answered when it was tried; without a model there is none to name. */
export type ModelTest =
  | {
      ok: true;
      model: string;
      words: string;
      usage: TokenUsage;
      costMicroUsd: number | null;
      firstTokenMs?: number;
      ms: number;
    }
  | { ok: false; model?: string; error: { code: ErrorCode; message: string } };

export type ToolCall = {
  id: string;
  name: string;
  input: unknown;
  /** What the model sent instead of JSON. */
  malformed?: string;
};

export type ToolResult = { callId: string; text: string; isError?: boolean };

/** `stableChars` of a message's text, from its beginning, are the same in every call of the conversation. */
export type ModelMessage =
  | { role: "user"; text: string; stableChars?: number }
  | { role: "assistant"; text: string; toolCalls?: ToolCall[] }
  | { role: "tool"; results: ToolResult[] };

/** A tool as the model is told of it; `inputSchema` is JSON Schema. */
export type ToolSpec = { name: string; description: string; inputSchema: Record<string, unknown> };

/**
 * Tokens of a call. `estimated` when the model's server did not say. Of `inputTokens`, `cachedTokens` were read from the
 * server's cache and `cacheWriteTokens` written to it, where it says so.
 */
export type TokenUsage = {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  cacheWriteTokens?: number;
  estimated: boolean;
};

/** `contextFull`: the model holds no more, so that the answer can't be continued either. */
export type StopReason = "end" | "length" | "contextFull" | "tools" | "refusal";

/**
 * What a model's server does while it says nothing: `queued` until it begins with the call, `loading` its model, `reading`
 * what it was sent, `thinking` in words that are not for the reader, `calling` a tool.
 */
export type ModelActivity = "queued" | "loading" | "reading" | "thinking" | "calling";

/** How much of a file a question about it may carry (limits.md, "model input"). */
export type ContextKind = "full" | "local";
