/** Separates the answer's text from the model's thoughts and leaked tool calls that a server streams along with it. */
import { isBegunCall, mayBeginCall, readLeakedCall } from "./leaked-calls";
import type { AdapterEvent } from "./port";
import type { ToolCall, ToolSpec } from "./schema";
import { TextPosition } from "./text-position";

/** Marks of thoughts that a server does not separate from the answer; recognised only at the answer's start. */
const THOUGHTS: readonly [string, string][] = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["<seed:think>", "</seed:think>"],
  ["[THINK]", "[/THINK]"],
];

const CLOSING_LINES = THOUGHTS.map(([, close]) => `${close}\n`);

const LONG_CHARS = 2_000;

/** The events of an adapter with their text read. It is the same however the text was cut. */
export async function* readAnswerText(
  events: AsyncIterable<AdapterEvent>,
  tools: readonly ToolSpec[],
): AsyncGenerator<AdapterEvent> {
  const reader = new AnswerText(tools);
  try {
    for await (const event of events) {
      if (event.type === "text") yield* reader.push(event.text);
      else if (event.type === "done") {
        yield* reader.end(event.reason === "length" || event.reason === "contextFull");
        yield { ...event, reason: event.reason === "end" && reader.hasCalls ? "tools" : event.reason };
      } else if (event.type !== "toolCall" || !reader.hasCalled(event.call)) {
        yield event;
      }
    }
  } catch (error) {
    yield* reader.end(true);
    throw error;
  }
}

class AnswerText {
  private state: { in: "beginning" | "text" } | { in: "thought"; close: string } = { in: "beginning" };
  private held = "";
  private hasThought = false;
  private readonly position = new TextPosition();
  private readonly called: ToolCall[] = [];

  constructor(private readonly tools: readonly ToolSpec[]) {}

  get hasCalls(): boolean {
    return this.called.length > 0;
  }

  /** Some servers leave in the text what they give as a call, too. */
  hasCalled({ name, input }: ToolCall): boolean {
    const json = JSON.stringify(input);
    return this.called.some((call) => call.name === name && JSON.stringify(call.input) === json);
  }

  *push(text: string): Generator<AdapterEvent> {
    this.held += text;
    // Text held this long is a call only if it ends with one of these.
    if (this.held.length > LONG_CHARS && this.state.in === "text" && !/[}\]>`]/.test(text)) return;
    yield* this.read(false);
  }

  /** Nothing follows: what is held is no call. `isCut`: the answer did not come to its end, and nor did what is held. */
  *end(isCut: boolean): Generator<AdapterEvent> {
    if (isCut && this.isInCall) yield* this.hide(this.held.length, "call");
    yield* this.read(true);
    if (this.state.in === "thought") yield* this.hide(this.held.length, "thought");
    else yield* this.show(this.held.length);
  }

  private get isInCall(): boolean {
    if (this.state.in !== "text" || this.tools.length === 0 || this.nextOpening() > 0) return false;
    return isBegunCall(this.held, this.tools);
  }

  private *read(isWhole: boolean): Generator<AdapterEvent> {
    for (;;) {
      const before = this.held.length;
      const { state } = this;
      if (state.in === "beginning") this.readBeginning(isWhole);
      else if (state.in === "thought") yield* this.readThought(state.close);
      else yield* this.readText(isWhole);
      if (this.state === state && this.held.length === before) return;
    }
  }

  private readBeginning(isWhole: boolean): void {
    const text = this.held.trimStart();
    if (this.hasThought) this.held = text;
    const opening = THOUGHTS.find(([open]) => text.startsWith(open));
    if (opening) {
      this.hasThought = true;
      this.held = text.slice(opening[0].length);
      this.state = { in: "thought", close: opening[1] };
    } else if (isWhole || !THOUGHTS.some(([open]) => open.startsWith(text))) {
      this.state = { in: "text" };
    }
  }

  private *readThought(close: string): Generator<AdapterEvent> {
    const end = this.held.indexOf(close);
    if (end === -1) {
      // The end of what came may be the beginning of the mark.
      yield* this.hide(Math.max(0, this.held.length - close.length + 1), "thought");
      return;
    }
    yield* this.hide(end + close.length, "thought");
    this.state = { in: "beginning" };
  }

  private *readText(isWhole: boolean): Generator<AdapterEvent> {
    const at = this.nextOpening();
    if (at > 0) {
      yield* this.show(at);
      return;
    }
    const close = this.closingMark();
    if (close === "maybe" && !isWhole) return;
    if (close !== "no" && close !== "maybe") {
      yield* this.hide(close.length, "thought");
      yield { type: "wasThought" };
      this.hasThought = true;
      this.state = { in: "beginning" };
      return;
    }
    const reading = readLeakedCall(this.held, this.tools, isWhole);
    if (reading === "maybe") return;
    if (reading === "no") {
      // A mark that opened nothing is text; another one may open behind it.
      yield* this.show(1);
      return;
    }
    yield* this.hide(reading.end, "call");
    for (const call of reading.calls) {
      this.called.push(call);
      yield { type: "toolCall", call };
    }
  }

  /** Returns the index in the held text at which a call may begin. No call begins in fenced code. */
  private nextOpening(): number {
    const position = this.position.copy();
    for (let at = 0; at < this.held.length; at++) {
      if (!position.isInFence && this.mayOpen(at, position.isLineStart)) return at;
      position.pass(this.held.charAt(at));
    }
    return this.held.length;
  }

  private mayOpen(at: number, isLineStart: boolean): boolean {
    if (this.tools.length > 0 && mayBeginCall(this.held, at, isLineStart)) return true;
    if (!isLineStart || this.hasThought || this.hasCalls) return false;
    return CLOSING_LINES.some((mark) => this.held.startsWith(mark, at) || mark.startsWith(this.held.slice(at)));
  }

  /** Returns the mark that ends thoughts without an opening, which a chat template may have written itself. */
  private closingMark(): string {
    if (this.hasThought || this.hasCalls || !this.position.isLineStart || this.position.isInFence) return "no";
    const mark = CLOSING_LINES.find((each) => this.held.startsWith(each));
    return mark ?? (CLOSING_LINES.some((each) => each.startsWith(this.held)) ? "maybe" : "no");
  }

  private *show(length: number): Generator<AdapterEvent> {
    const text = this.take(length);
    this.position.pass(text);
    if (text !== "") yield { type: "text", text };
  }

  private *hide(length: number, of: "thought" | "call"): Generator<AdapterEvent> {
    const text = this.take(length);
    if (text !== "") yield { type: "progress", of, chars: text.length };
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }
}
