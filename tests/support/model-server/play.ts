/** Plays a scripted answer on a wire, with its delays and its fault. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, ScriptedAnswer, ScriptedTokens } from "./script";
import { chunksOf, stopOf, tokensOf, toolJson } from "./script";

/** One answer's way back to the caller, in its protocol. */
export interface Wire {
  /** Aborted when the caller left, or the server stops. */
  readonly left: AbortSignal;
  /** The headers alone. */
  open(): void;
  /** The headers, and that an answer begins. */
  start(): void;
  /** Sends bytes that are not part of the answer; a no-op where the protocol has none. */
  ping(): void;
  reasoning(text: string, field: NonNullable<ScriptedAnswer["reasoningField"]>): void;
  text(text: string): void;
  toolCall(call: NonNullable<ScriptedAnswer["toolCalls"]>[number], index: number, style: ToolStyle): void;
  /** The proper end. */
  end(stop: ReturnType<typeof stopOf>, usage: ScriptedTokens | null): void;
  exception(type: string, message: string, code?: number): void;
  garbage(): void;
  cut(connection: boolean): void;
  /** Ends the response, with nothing that says the answer has ended. */
  close(): void;
  /** `more` stands beside the message, where the protocol has room for it. */
  error(
    status: number,
    type: string | undefined,
    message: string,
    headers: Record<string, string>,
    more?: object,
  ): void;
  /** The answer to a request that does not stream. */
  whole(answer: ScriptedAnswer, usage: ScriptedTokens | null): void;
}

type ToolStyle = NonNullable<ScriptedAnswer["toolStyle"]>;

/** `read` is done before the answer: it takes as long as the server needs to read the prompt. */
export async function play(
  wire: Wire,
  call: Call,
  answer: ScriptedAnswer,
  read: () => Promise<void> = async () => undefined,
): Promise<void> {
  try {
    if (answer.fault?.kind !== "throttled" && answer.fault?.kind !== "http") await read();
    call.outcome = await perform(wire, call, answer);
  } catch (error) {
    if (!wire.left.aborted) throw error;
  }
  if (wire.left.aborted && call.outcome === "open") call.outcome = "abandoned";
}

async function perform(wire: Wire, call: Call, answer: ScriptedAnswer): Promise<Call["outcome"]> {
  const { fault } = answer;
  if (fault?.kind === "throttled") {
    const { retryAfterSeconds } = fault;
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    wire.error(429, undefined, "Too many requests, please wait before trying again.", headers);
    return "throttled";
  }
  if (fault?.kind === "http") {
    const message = fault.message ?? `Scripted HTTP ${fault.status}.`;
    wire.error(fault.status, fault.type, message, fault.headers ?? {}, fault.more);
    return "refused";
  }
  call.spent.inputTokens = answer.usage?.inputTokens ?? call.spent.inputTokens;
  if (answer.firstDelayMs) await sleep(answer.firstDelayMs, undefined, { signal: wire.left });
  if (!call.isStreamed && !fault) {
    call.spent.outputTokens = outputTokens(answer);
    wire.whole(answer, usageOf(call, answer));
    return "answered";
  }
  return stream(wire, call, answer);
}

async function stream(wire: Wire, call: Call, answer: ScriptedAnswer): Promise<Call["outcome"]> {
  const {
    fault,
    reasoning,
    reasoningField = "reasoning_content",
    toolCalls = [],
    toolStyle = "pieces",
    delayMs,
  } = answer;
  const chunks = chunksOf(answer);
  const after = fault ? faultPosition(fault, chunks.length) : Number.POSITIVE_INFINITY;
  // A server that never answers sends no headers either.
  if (!(fault?.kind === "silent" && after === 0)) await begin(wire, answer);
  else if (fault.headers) wire.open();
  if (reasoning && after > 0) wire.reasoning(reasoning, reasoningField);
  for (const [index, chunk] of chunks.entries()) {
    if (index >= after) break;
    if (index > 0 && delayMs) await sleep(delayMs, undefined, { signal: wire.left });
    wire.left.throwIfAborted();
    wire.text(chunk);
    call.spent.outputTokens = tokensOf(chunks.slice(0, index + 1).join(""));
  }
  if (fault) return fail(wire, fault);
  for (const [index, toolCall] of toolCalls.entries()) {
    if (delayMs) await sleep(delayMs, undefined, { signal: wire.left });
    wire.toolCall(toolCall, index, toolStyle);
  }
  call.spent.outputTokens = outputTokens(answer);
  wire.end(stopOf(answer), usageOf(call, answer));
  return "answered";
}

async function begin(wire: Wire, { pings }: ScriptedAnswer): Promise<void> {
  if (pings) wire.open();
  for (let sent = 0; sent < (pings?.count ?? 0); sent++) {
    await sleep(pings?.everyMs, undefined, { signal: wire.left });
    wire.ping();
  }
  wire.start();
}

async function fail(wire: Wire, fault: NonNullable<ScriptedAnswer["fault"]>): Promise<Call["outcome"]> {
  switch (fault.kind) {
    case "silent":
      await untilLeft(wire.left);
      return "abandoned";
    case "cut":
      // Written bytes have to leave first: a reset discards those that still wait to be sent.
      await sleep(30);
      wire.cut(fault.connection ?? false);
      break;
    case "silentEnd":
      wire.close();
      break;
    case "garbage":
      wire.garbage();
      break;
    case "exception":
      wire.exception(fault.type, fault.message ?? `Scripted ${fault.type}.`, fault.code);
      break;
  }
  return "failed";
}

function faultPosition(fault: NonNullable<ScriptedAnswer["fault"]>, chunks: number): number {
  if ("after" in fault && fault.after !== undefined) return fault.after;
  return fault.kind === "silent" ? 0 : Math.ceil(chunks / 2);
}

const outputTokens = (answer: ScriptedAnswer) =>
  answer.usage?.outputTokens ??
  tokensOf(chunksOf(answer).join("") + (answer.toolCalls ?? []).map((toolCall) => toolJson(toolCall)).join(""));

function usageOf(call: Call, answer: ScriptedAnswer): ScriptedTokens | null {
  if (answer.usage === null) return null;
  call.spent.cachedTokens = answer.usage?.cachedTokens ?? call.spent.cachedTokens;
  return { ...call.spent };
}

const untilLeft = (left: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (left.aborted) return resolve();
    left.addEventListener("abort", () => resolve(), { once: true });
  });
