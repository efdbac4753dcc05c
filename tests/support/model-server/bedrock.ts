/** Bedrock's Converse API: restJson1 and `vnd.amazon.eventstream`, over HTTP/2 by prior knowledge as the SDK speaks it. */
import { constants, type Http2ServerResponse } from "node:http2";
import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { Wire } from "./play";
import {
  type Heard,
  type HeardMessage,
  type PromptPart,
  pieces,
  type ScriptedAnswer,
  type ScriptedTokens,
  stopOf,
  toolJson,
} from "./script";

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes)),
  (text) => new TextEncoder().encode(text),
);

type Content = {
  text?: string;
  toolUse?: { toolUseId: string; name: string; input: unknown };
  toolResult?: { toolUseId: string; content: { text?: string }[] };
  cachePoint?: { type: string };
};
type Body = {
  messages?: { role: string; content: Content[] }[];
  system?: Content[];
  toolConfig?: { tools?: { toolSpec?: { name: string } }[] };
};

/** Reads a request, or returns undefined for a path that is not of this API. */
export function heardByBedrock(path: string, body: Body): Heard | undefined {
  const match = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(path);
  if (!match?.[1]) return undefined;
  return {
    model: decodeURIComponent(match[1]),
    isStreamed: match[2] === "converse-stream",
    system: (body.system ?? []).map(({ text = "" }) => text).join("\n"),
    messages: (body.messages ?? []).flatMap(({ role, content }) => messagesOf(role, content)),
    toolNames: (body.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []),
  };
}

/** The prompt in the order in which models read it: tools, system prompt, messages. */
export function partsOfBedrock({ toolConfig, system = [], messages = [] }: Body): PromptPart[] {
  const parts: PromptPart[] = [{ text: JSON.stringify(toolConfig?.tools ?? []), isCachePoint: false }];
  const add = (content: Content[], role: string) => {
    parts.push({ text: `<${role}>`, isCachePoint: false });
    for (const block of content) {
      const last = parts.at(-1);
      if (block.cachePoint && last) last.isCachePoint = true;
      else parts.push({ text: block.text ?? JSON.stringify(block), isCachePoint: false });
    }
  };
  add(system, "system");
  for (const { role, content } of messages) add(content, role);
  return parts;
}

function messagesOf(role: string, content: Content[]): HeardMessage[] {
  const results = content.flatMap(({ toolResult }) => toolResult ?? []);
  const text = content.map((part) => part.text ?? "").join("");
  const toolCalls = content.flatMap(({ toolUse }) =>
    toolUse ? [{ id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input }] : [],
  );
  return [
    ...results.map((result) => ({
      role: "tool",
      text: result.content.map((part) => part.text ?? "").join(""),
      toolCalls: [],
    })),
    ...(text || toolCalls.length > 0 || results.length === 0 ? [{ role, text, toolCalls }] : []),
  ];
}

const STOPS = {
  end: "end_turn",
  length: "max_tokens",
  contextFull: "model_context_window_exceeded",
  tools: "tool_use",
  refusal: "content_filtered",
} as const;

/** Error names as Bedrock gives them with a status. */
const ERROR_TYPES: Record<number, string> = {
  400: "ValidationException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

export class BedrockWire implements Wire {
  private block = -1;
  private isTextOpen = false;

  constructor(
    private readonly response: Http2ServerResponse,
    readonly left: AbortSignal,
  ) {}

  open(): void {
    if (this.response.headersSent) return;
    this.response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "test" });
  }

  ping(): void {}

  start(): void {
    this.open();
    this.event("messageStart", { role: "assistant" });
  }

  reasoning(text: string): void {
    this.block++;
    this.event("contentBlockDelta", { contentBlockIndex: this.block, delta: { reasoningContent: { text } } });
    this.event("contentBlockStop", { contentBlockIndex: this.block });
  }

  text(text: string): void {
    if (!this.isTextOpen) this.block++;
    this.isTextOpen = true;
    this.event("contentBlockDelta", { contentBlockIndex: this.block, delta: { text } });
  }

  toolCall(call: NonNullable<ScriptedAnswer["toolCalls"]>[number], index: number): void {
    this.closeText();
    this.block++;
    const toolUse = { toolUseId: call.id ?? `tooluse_${index}`, name: call.name };
    this.event("contentBlockStart", { contentBlockIndex: this.block, start: { toolUse } });
    for (const input of pieces(toolJson(call))) {
      this.event("contentBlockDelta", { contentBlockIndex: this.block, delta: { toolUse: { input } } });
    }
    this.event("contentBlockStop", { contentBlockIndex: this.block });
  }

  end(stop: ReturnType<typeof stopOf>, usage: ScriptedTokens | null): void {
    this.closeText();
    this.event("messageStop", { stopReason: STOPS[stop] });
    if (usage) this.event("metadata", { usage: usageOf(usage), metrics: { latencyMs: 1 } });
    this.close();
  }

  exception(type: string, message: string): void {
    this.frame({ ":exception-type": type, ":message-type": "exception" }, { message });
    this.close();
  }

  garbage(): void {
    const broken = this.encode({ ":event-type": "contentBlockDelta", ":message-type": "event" }, { broken: true });
    broken.fill(0, broken.length - 4);
    this.response.write(broken);
    this.close();
  }

  cut(connection: boolean): void {
    if (connection) this.response.stream.session?.destroy();
    else this.response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  close(): void {
    this.response.end();
  }

  error(status: number, type: string | undefined, message: string, headers: Record<string, string>): void {
    const name = type ?? ERROR_TYPES[status] ?? "InternalServerException";
    this.response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": name, ...headers });
    this.response.end(JSON.stringify({ message }));
  }

  whole(answer: ScriptedAnswer, usage: ScriptedTokens | null): void {
    const content: Content[] = answer.text ? [{ text: answer.text }] : [];
    for (const [index, call] of (answer.toolCalls ?? []).entries()) {
      content.push({ toolUse: { toolUseId: call.id ?? `tooluse_${index}`, name: call.name, input: call.input } });
    }
    this.response.writeHead(200, { "content-type": "application/json" });
    this.response.end(
      JSON.stringify({
        output: { message: { role: "assistant", content } },
        stopReason: STOPS[stopOf(answer)],
        ...(usage && { usage: usageOf(usage) }),
        metrics: { latencyMs: 1 },
      }),
    );
  }

  private closeText(): void {
    if (this.isTextOpen) this.event("contentBlockStop", { contentBlockIndex: this.block });
    this.isTextOpen = false;
  }

  private event(type: string, body: object): void {
    this.frame({ ":event-type": type, ":message-type": "event" }, body);
  }

  private frame(headers: Record<string, string>, body: object): void {
    if (!this.left.aborted) this.response.write(this.encode(headers, body));
  }

  private encode(headers: Record<string, string>, body: object): Uint8Array {
    const all = Object.entries({ ...headers, ":content-type": "application/json" });
    return codec.encode({
      headers: Object.fromEntries(all.map(([name, value]) => [name, { type: "string", value }])),
      body: new TextEncoder().encode(JSON.stringify(body)),
    });
  }
}

/** As Bedrock counts: tokens read from the cache or written to it are not among the input's. */
const usageOf = ({ inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 }: ScriptedTokens) => ({
  inputTokens: inputTokens - cachedTokens - cacheWriteTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  cacheReadInputTokens: cachedTokens,
  cacheWriteInputTokens: cacheWriteTokens,
});
