/** The vocabulary of the model port: tasks, messages, tools, and the events of an answer. Plain data, for browsers too. */
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
  /** The silence in ms after which the call is ended. */
  silentMs: number;
  price?: Price;
  temperature?: number;
  /** False for a model that answers in text only. */
  hasTools: boolean;
  /** Whether the unchanging parts are marked for Bedrock's prompt cache. */
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
  /** Bedrock's region from the environment; the AWS configuration file may set it, too. */
  region?: string;
  /** How its server was found to have no tools: by an error, or because it ignores them. */
  toolsFoundOut?: "refused" | "dropped";
  /** Set when there is a key for an OpenAI-compatible server. */
  hasKey?: boolean;
  /** Context size that it turned out to have, where that is less than configured. */
  foundContextTokens?: number;
};

/**
 * The model configuration. `problems` are sentences; with any of them, no model is available. A task may have no models.
 */
export type DescribedModels = {
  from: "REDLINE_MODEL" | "REDLINE_MODELS";
  problems: string[];
  tasks: { task: Task; models: DescribedModel[] }[];
};

/** The result of testing a model; without a model, there is no name. */
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
  /** The model's output in place of JSON. */
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
 * The activity of a model's server that sends no text: `queued` before the call begins, `loading` its model, `reading`
 * the prompt, `thinking` in words that are not for the reader, `calling` a tool.
 */
export type ModelActivity = "queued" | "loading" | "reading" | "thinking" | "calling";

/** How much of a file a question about it carries (limits.md, "model input"). */
export type ContextKind = "full" | "local";
