/** `POST /v1/chat/completions` as OpenAI-compatible servers speak it: server-sent events, or one JSON. */
import type { ServerResponse } from "node:http";
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

type Body = {
  model?: string;
  stream?: boolean;
  messages?: {
    role: string;
    content?: string | { text?: string }[] | null;
    tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  }[];
  tools?: { function: { name: string } }[];
  stream_options?: { include_usage?: boolean };
};

/** Reads a request, or returns undefined for a path that is not of this API. */
export function heardByOpenAi(path: string, body: Body): Heard | undefined {
  if (path !== "/v1/chat/completions") return undefined;
  const messages = (body.messages ?? []).map(
    ({ role, content, tool_calls = [] }): HeardMessage => ({
      role,
      text: typeof content === "string" ? content : (content ?? []).map(({ text = "" }) => text).join(""),
      toolCalls: tool_calls.map((call) => ({
        id: call.id,
        name: call.function.name,
        input: JSON.parse(call.function.arguments || "{}"),
      })),
    }),
  );
  return {
    model: body.model ?? "",
    isStreamed: body.stream === true,
    system: messages
      .filter(({ role }) => role === "system")
      .map(({ text }) => text)
      .join("\n"),
    messages: messages.filter(({ role }) => role !== "system"),
    toolNames: (body.tools ?? []).map((tool) => tool.function.name),
  };
}

/** The prompt in the order in which chat templates put it: tools, system prompt, messages. */
export function partsOfOpenAi({ tools = [], messages = [] }: Body): PromptPart[] {
  return [tools, ...messages].map((part) => ({ text: JSON.stringify(part), isCachePoint: false }));
}

const STOPS = {
  end: "stop",
  length: "length",
  contextFull: "length",
  tools: "tool_calls",
  refusal: "content_filter",
} as const;

export class OpenAiWire implements Wire {
  constructor(
    private readonly response: ServerResponse,
    readonly left: AbortSignal,
    private readonly model: string,
  ) {}

  open(): void {
    if (this.response.headersSent) return;
    this.response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    this.response.flushHeaders();
  }

  ping(): void {
    this.write(":\n\n");
  }

  start(): void {
    this.open();
    this.chunk({ role: "assistant", content: "" });
  }

  reasoning(text: string, field: NonNullable<ScriptedAnswer["reasoningField"]>): void {
    this.chunk({ content: null, [field]: text });
  }

  text(text: string): void {
    this.chunk({ content: text });
  }

  toolCall(
    call: NonNullable<ScriptedAnswer["toolCalls"]>[number],
    index: number,
    style: NonNullable<ScriptedAnswer["toolStyle"]>,
  ): void {
    const id = style === "withoutIds" ? {} : { id: call.id ?? `call_${index}` };
    const json = toolJson(call);
    const send = (more: object, name: object, part: string) =>
      this.chunk({ tool_calls: [{ index, ...more, function: { ...name, arguments: part } }] });
    const [first, rest] = style === "pieces" ? ["", pieces(json)] : [json, []];
    send({ ...id, type: "function" }, { name: call.name }, first);
    for (const piece of rest) send({}, {}, piece);
  }

  end(stop: ReturnType<typeof stopOf>, usage: ScriptedTokens | null): void {
    this.chunk({}, STOPS[stop]);
    if (usage) this.data({ ...this.head(), choices: [], usage: usageOf(usage) });
    this.write("data: [DONE]\n\n");
    this.close();
  }

  exception(type: string, message: string, code?: number): void {
    this.data({ error: { message, type, ...(code !== undefined && { code }) } });
    this.close();
  }

  garbage(): void {
    this.write('data: {"choices":[{"index":0,"delta":{"content":"hal\n\n');
    this.close();
  }

  cut(): void {
    this.response.socket?.resetAndDestroy();
  }

  close(): void {
    this.response.end();
  }

  error(
    status: number,
    type: string | undefined,
    message: string,
    headers: Record<string, string>,
    more: object = {},
  ): void {
    this.response.writeHead(status, { "content-type": "application/json", ...headers });
    this.response.end(JSON.stringify({ error: { message, type: type ?? "error", code: type ?? null, ...more } }));
  }

  whole(answer: ScriptedAnswer, usage: ScriptedTokens | null): void {
    const calls = (answer.toolCalls ?? []).map((call, index) => ({
      id: call.id ?? `call_${index}`,
      type: "function",
      function: { name: call.name, arguments: toolJson(call) },
    }));
    const message = {
      role: "assistant",
      content: answer.text ?? null,
      ...(calls.length > 0 && { tool_calls: calls }),
    };
    this.response.writeHead(200, { "content-type": "application/json" });
    this.response.end(
      JSON.stringify({
        ...this.head("chat.completion"),
        choices: [{ index: 0, message, finish_reason: STOPS[stopOf(answer)] }],
        ...(usage && { usage: usageOf(usage) }),
      }),
    );
  }

  private head(object = "chat.completion.chunk") {
    return { id: "chatcmpl-test", object, created: 0, model: this.model };
  }

  private chunk(delta: object, finish: string | null = null): void {
    this.data({ ...this.head(), choices: [{ index: 0, delta, finish_reason: finish }] });
  }

  private data(value: object): void {
    this.write(`data: ${JSON.stringify(value)}\n\n`);
  }

  private write(text: string): void {
    if (!this.left.aborted) this.response.write(text);
  }
}

const usageOf = ({ inputTokens, outputTokens, cachedTokens = 0 }: ScriptedTokens) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
});
