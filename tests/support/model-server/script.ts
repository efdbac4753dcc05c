/** Scripts for the model server, the same for both protocols. */

export type Protocol = "bedrock" | "openai";

/** Of the input, `cachedTokens` were read from the server's cache, and `cacheWriteTokens` written to it. */
export type ScriptedTokens = {
  inputTokens: number;
  outputTokens: number;
  cachedTokens?: number;
  cacheWriteTokens?: number;
};

export type ScriptedToolCall = {
  name: string;
  input?: unknown;
  /** Sent instead of `input`, as it is: for what is not JSON. */
  json?: string;
  id?: string;
};

/** A fault to play. `after` is the number of text chunks sent first: by default half of them, none for `silent`. */
export type Fault =
  /** 429 before anything is sent. */
  | { kind: "throttled"; retryAfterSeconds?: number }
  /** Accepts, and then says nothing more until the caller leaves; before any text not even its headers, unless told to. */
  | { kind: "silent"; after?: number; headers?: boolean }
  /** The stream is reset; with `connection` the whole connection is, and every answer on it. */
  | { kind: "cut"; after?: number; connection?: boolean }
  /** Ends in good order, but nothing says that it is the end. */
  | { kind: "silentEnd"; after?: number }
  /** Bytes that are not of the protocol. */
  | { kind: "garbage"; after?: number }
  /** An error inside the stream: Bedrock's exception of this name, OpenAI's error object of this type. */
  | { kind: "exception"; type: string; message?: string; code?: number; after?: number }
  /** An HTTP error before anything is sent; `type` is Bedrock's error name or OpenAI's error code. */
  | {
      kind: "http";
      status: number;
      type?: string;
      message?: string;
      headers?: Record<string, string>;
      /** Beside the message of an OpenAI error. */
      more?: object;
    };

export type ScriptedAnswer = {
  text?: string;
  /** The chunks of `text`: characters a chunk, or the chunks themselves. */
  chunkChars?: number;
  chunks?: string[];
  firstDelayMs?: number;
  /** Comments in the stream before the text, as llama.cpp sends while it reads; Bedrock has none. */
  pings?: { count: number; everyMs: number };
  /** Between chunks. */
  delayMs?: number;
  /** Sent before the text, as what a model thinks: in llama.cpp's `reasoning_content`, or in `reasoning` as vLLM and Ollama do. */
  reasoning?: string;
  reasoningField?: "reasoning_content" | "reasoning";
  /** Sent after the text. */
  toolCalls?: ScriptedToolCall[];
  /** The form of OpenAI's tool calls: arguments in pieces (default), in one chunk, or also without ids. */
  toolStyle?: "pieces" | "whole" | "withoutIds";
  /** By default estimated from the request and the answer; null: the server does not say. */
  usage?: ScriptedTokens | null;
  /** `contextFull` is a reason of its own with Bedrock only; others say *length* there, too. */
  stop?: "end" | "length" | "contextFull" | "tools" | "refusal";
  fault?: Fault;
};

/** A message as the server understood it. */
export type HeardMessage = { role: string; text: string; toolCalls: { id: string; name: string; input: unknown }[] };

/** One request to the server, as it came and as it ended. */
export type Call = {
  number: number;
  protocol: Protocol;
  model: string;
  isStreamed: boolean;
  headers: Record<string, string | string[] | undefined>;
  /** The body as it came, in the protocol's own shape. */
  body: Record<string, unknown>;
  system: string;
  /** Without the system prompt. Results of tools are messages of role `tool`. */
  messages: HeardMessage[];
  /** The text of the last message. */
  lastText: string;
  toolNames: string[];
  /** `abandoned`: the caller left before the end. `failed`: ended by a fault. */
  outcome: "open" | "answered" | "throttled" | "refused" | "failed" | "abandoned";
  /** The usage so far, also where the answer does not report it. */
  spent: Required<Omit<ScriptedTokens, "cacheWriteTokens">> & Pick<ScriptedTokens, "cacheWriteTokens">;
};

/** A request's content, in either protocol. */
export type Heard = Pick<Call, "model" | "isStreamed" | "system" | "messages" | "toolNames">;

/** A part of a prompt as a model reads it, in order. After some, Bedrock's callers ask for what was read to be kept. */
export type PromptPart = { text: string; isCachePoint: boolean };

export type Script = (call: Call) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** The faults of F9 and of model servers as answers; each but the first three sends some text first. */
export const FAULTS = {
  throttled: { fault: { kind: "throttled" } },
  silent: { fault: { kind: "silent" } },
  silentAfterHeaders: { fault: { kind: "silent", headers: true } },
  silentAfterText: { text: "It starts well, and then", fault: { kind: "silent", after: 2 } },
  cut: { text: "This answer is cut in the middle of", fault: { kind: "cut" } },
  silentEnd: { text: "This answer ends without saying so", fault: { kind: "silentEnd" } },
  malformedTool: { text: "Here.", toolCalls: [{ name: "propose_change", json: '{"summary": "broken", "edits": [' }] },
  garbage: { text: "What follows is not of the protocol", fault: { kind: "garbage" } },
  refusal: { text: "I cannot help with that.", stop: "refusal" },
  overLong: { text: "This answer goes on and on until it may not", stop: "length" },
  /** llama.cpp could not read the model's whole output as what its template writes. */
  unreadableEnd: {
    text: "All of it was said.",
    fault: {
      kind: "exception",
      type: "server_error",
      code: 500,
      message: "The model produced output that does not match the expected peg-native format",
      after: 99,
    },
  },
  /** llama.cpp's slots share one context, and others have used it up. */
  contextUsedUp: {
    text: "This answer ends where the context",
    fault: {
      kind: "exception",
      type: "server_error",
      code: 500,
      message: "Context size has been exceeded.",
      after: 99,
    },
  },
} as const satisfies Record<string, ScriptedAnswer>;

/** The chunks in which a text is sent; no character is cut in two. */
export function chunksOf({ text = "", chunks, chunkChars = 8 }: ScriptedAnswer): string[] {
  if (chunks) return chunks;
  const characters = Array.from(text);
  const cut: string[] = [];
  for (let at = 0; at < characters.length; at += chunkChars) cut.push(characters.slice(at, at + chunkChars).join(""));
  return cut;
}

export const stopOf = ({ stop, toolCalls }: ScriptedAnswer) => stop ?? (toolCalls?.length ? "tools" : "end");

export const toolJson = ({ json, input = {} }: ScriptedToolCall) => json ?? JSON.stringify(input);

/** Partial JSON, cut where it hurts: in names, strings and numbers. */
export const pieces = (json: string): string[] => json.match(/[\s\S]{1,7}/g) ?? [];

export const tokensOf = (text: string) => Math.ceil(text.length / 4);
