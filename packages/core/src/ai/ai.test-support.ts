import { routesOf } from "./models";
import type { ModelEvent, ModelRequest } from "./port";
import { generate, type Meter, type RouteEnd } from "./router";
import type { Task } from "./schema";

/** A meter that lets everything through and remembers how each model's calls ended. */
export class OpenMeter implements Meter {
  readonly ends: RouteEnd[] = [];
  async open(_route?: unknown, _tokens?: number): Promise<void> {}
  async close(end: RouteEnd): Promise<void> {
    this.ends.push(end);
  }
  partialResultNote = (hasSpoken: boolean) => (hasSpoken ? "The text so far is kept." : "Your message is saved.");
}

export const question = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  task: "reply",
  system: "You review code.",
  messages: [{ role: "user", text: "What does this do?" }],
  tools: [],
  maxOutputTokens: 1_000,
  signal: new AbortController().signal,
  ...more,
});

export const PROPOSE = {
  name: "propose_change",
  description: "Proposes a change.",
  inputSchema: { type: "object", properties: { summary: { type: "string" } } },
};

export type Answer = {
  events: ModelEvent[];
  text: string;
  calls: Extract<ModelEvent, { type: "toolCall" }>["call"][];
  /** The last event. */
  last: ModelEvent | undefined;
  ends: RouteEnd[];
};

/** Asks the configured models, without a ledger. */
export async function ask(more: Partial<ModelRequest> = {}, on?: (event: ModelEvent) => void): Promise<Answer> {
  const request = question(more);
  const meter = new OpenMeter();
  const events: ModelEvent[] = [];
  for await (const event of generate(request, routesOf(request.task as Task), meter)) {
    events.push(event);
    on?.(event);
  }
  return {
    events,
    text: events.map((event) => (event.type === "text" ? event.text : "")).join(""),
    calls: events.flatMap((event) => (event.type === "toolCall" ? event.call : [])),
    last: events.at(-1),
    ends: meter.ends,
  };
}
