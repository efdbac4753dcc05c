import type { CallCost } from "../ai/index";
import { addUsage } from "../ai/internal";
import type { EventLogWriter } from "../platform/event-log";
import type { StoredReply } from "../threads/internal";
import type { Proposal, Reply, ReplyEvent } from "../threads/schema";
import type { WorkContext } from "../work/index";
import type { ReplyTask } from "./task";

export type ReplyWork = WorkContext<StoredReply, ReplyEvent>;

/**
 * One attempt at a reply while this process writes it. Its log holds what this attempt adds; the text of attempts before it
 * is in `text` from the start.
 */
export class ReplyWriter {
  readonly log: EventLogWriter<ReplyEvent>;
  text: string;
  readonly proposals: Proposal[] = [];
  model?: string;
  context?: Reply["context"];
  private readonly costs: CallCost[] = [];
  private suggestions = 0;

  constructor(
    private readonly work: ReplyWork,
    readonly task: ReplyTask,
  ) {
    this.log = work.events;
    this.text = task.textSoFar;
  }

  /** Aborts when it is not to be written on: it was stopped or taken by another process, or time is up. */
  get signal(): AbortSignal {
    return this.work.signal;
  }

  /** The status of a reply that was aborted. */
  get abortedStatus(): "stopped" | "interrupted" {
    return this.work.isCancelled ? "stopped" : "interrupted";
  }

  appendText(text: string): void {
    if (text === "") return;
    this.text += text;
    this.log.append({ type: "text", text });
  }

  /** Takes back what was appended after `text`: it turned out to be no part of the reply. */
  takeBack(text: string): void {
    if (this.text === text) return;
    this.text = text;
    this.log.append({ type: "kept", chars: text.length - this.task.textSoFar.length });
  }

  /** True once this attempt has written any text. */
  get hasSpoken(): boolean {
    return this.text.length > this.task.textSoFar.length;
  }

  nextSuggestion(): number {
    this.suggestions += 1;
    return this.suggestions;
  }

  propose(proposal: Proposal): void {
    this.proposals.push(proposal);
    this.log.append({ type: "proposal", proposal });
  }

  /** Tells the reader what is being done that is not text yet. */
  setStatus(text: string): void {
    this.log.append({ type: "progress", text });
  }

  setModel(model: string): void {
    if (this.model === model) return;
    this.model = model;
    this.log.append({ type: "model", name: model });
  }

  addCost(cost: CallCost): void {
    this.costs.push(cost);
  }

  get outputTokens(): number {
    return this.costs.reduce((sum, { usage }) => sum + usage.outputTokens, 0);
  }

  /** The sum of its calls; undefined without any. The price is unknown when that of any call is. */
  get cost(): Pick<Reply, "usage" | "costMicroUsd" | "firstTokenMs" | "totalMs"> {
    const [first] = this.costs;
    if (!first) return {};
    const sum = (of: (cost: CallCost) => number) => this.costs.reduce((total, cost) => total + of(cost), 0);
    return {
      usage: this.costs.slice(1).reduce((total, { usage }) => addUsage(total, usage), first.usage),
      costMicroUsd: this.costs.some((each) => each.costMicroUsd === null)
        ? null
        : sum((each) => each.costMicroUsd ?? 0),
      firstTokenMs: first.firstTokenMs,
      totalMs: sum(({ totalMs }) => totalMs),
    };
  }
}
