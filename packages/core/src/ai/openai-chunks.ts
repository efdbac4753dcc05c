/** Puts an answer together from the chunks of a chat completion. */
import { randomUUID } from "node:crypto";
import { toolCallOf } from "./messages";
import type { AdapterEvent } from "./port";
import type { StopReason, TokenUsage, ToolCall } from "./schema";

type Content = string | { text?: string }[] | null;
type ToolDelta = {
  index?: number;
  id?: string | null;
  function?: { name?: string | null; arguments?: string | object | null };
};
type Delta = {
  content?: Content;
  refusal?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: ToolDelta[] | null;
};
export type Chunk = {
  /** A whole answer, where a server does not stream, has `message`. */
  choices?: { delta?: Delta; message?: Delta; finish_reason?: string | null }[];
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number | null } | null;
    /** DeepSeek's. */
    prompt_cache_hit_tokens?: number | null;
    /** Moonshot's. */
    cached_tokens?: number | null;
  } | null;
  /** llama.cpp's: of the prompt, what it had read before, and what it read now. */
  timings?: { cache_n?: number; prompt_n?: number } | null;
  error?: unknown;
};

type Building = { id: string; name: string; json: string };

export class ChunkReader {
  /** Set once the model has said why it stopped. */
  finish?: string;
  usage?: TokenUsage;
  private readonly calls: Building[] = [];
  private readonly byIndex = new Map<number, Building>();
  private hasRefused = false;
  private alreadyRead = 0;

  *take({ choices = [], usage, timings }: Chunk): Generator<AdapterEvent> {
    this.alreadyRead = timings?.cache_n ?? this.alreadyRead;
    if (usage) this.usage = parseOpenAiUsage(usage, this.alreadyRead);
    for (const choice of choices.slice(0, 1)) {
      yield* this.takeDelta(choice.delta ?? choice.message ?? {});
      this.finish = choice.finish_reason ?? this.finish;
    }
  }

  /** Yields the events that are known only at the end, such as tool calls, whose parts may be interleaved. */
  *end(): Generator<AdapterEvent> {
    for (const call of this.toolCalls()) yield { type: "toolCall", call };
    if (this.usage) yield { type: "usage", usage: this.usage };
    yield { type: "done", reason: this.reason() };
  }

  private *takeDelta(delta: Delta): Generator<AdapterEvent> {
    const thoughts = delta.reasoning_content ?? delta.reasoning ?? "";
    if (thoughts) yield { type: "progress", of: "thought", chars: thoughts.length };
    const text = contentText(delta.content);
    if (text) yield { type: "text", text };
    if (delta.refusal) {
      this.hasRefused = true;
      yield { type: "text", text: delta.refusal };
    }
    for (const part of delta.tool_calls ?? []) yield { type: "progress", of: "call", chars: this.takePart(part) };
  }

  private takePart(part: ToolDelta): number {
    const { name, arguments: input } = part.function ?? {};
    const json = typeof input === "string" ? input : input ? JSON.stringify(input) : "";
    const call = this.callOf(part);
    call.name += name ?? "";
    call.json += json;
    return json.length;
  }

  /** Which call a part belongs to: by its index; else by its id; else a name begins a new one. */
  private callOf({ index, id, function: called }: ToolDelta): Building {
    const last = this.calls.at(-1);
    if (index !== undefined) {
      const known = this.byIndex.get(index);
      // Some servers give every call the index 0, and an id of its own.
      if (known && (!id || !known.id || known.id === id)) {
        if (id) known.id = id;
        return known;
      }
      const call = this.begin(id);
      this.byIndex.set(index, call);
      return call;
    }
    const isNew = !last || (id ? id !== last.id : Boolean(called?.name));
    return isNew ? this.begin(id) : last;
  }

  private begin(id: string | null | undefined): Building {
    const call = { id: id ?? "", name: "", json: "" };
    this.calls.push(call);
    return call;
  }

  private toolCalls(): ToolCall[] {
    return this.calls.map(({ id, name, json }) => toolCallOf(id || `call_${randomUUID()}`, name, json));
  }

  private reason(): StopReason {
    if (this.hasRefused || this.finish === "content_filter") return "refusal";
    if (this.finish === "length") return "length";
    return this.calls.length > 0 ? "tools" : "end";
  }
}

const contentText = (content: Content | undefined): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text = "" }) => text).join("");

/** `alreadyRead` is said beside the usage, by servers that do not say it there. */
function parseOpenAiUsage(usage: NonNullable<Chunk["usage"]>, alreadyRead: number): TokenUsage {
  const { prompt_tokens = 0, completion_tokens = 0, prompt_tokens_details } = usage;
  const cachedTokens =
    prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens ?? alreadyRead;
  // Some gateways count what was cached beside the prompt, as the servers behind them do.
  const inputTokens = cachedTokens > prompt_tokens ? prompt_tokens + cachedTokens : prompt_tokens;
  return { inputTokens, outputTokens: completion_tokens, cachedTokens, estimated: false };
}
