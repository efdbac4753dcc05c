import type { CallCost } from "../ai/index";
import { addUsage } from "../ai/internal";
import { LIMITS } from "../limits";
import { sleep } from "../platform/clock";
import { EventLogWriter } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import { type AnswerEnd, type ClaimedAnswer, onStopNearby, renewAnswer } from "../threads/internal";
import { type AnswerEvent, answerLogId, type Proposal } from "../threads/schema";

/**
 * One attempt at an answer while this process writes it: what it has come to, and whether it is still to be written.
 * Its log holds what this attempt adds; the words of attempts before it are in `text` from the start.
 */
export class Writing {
  readonly log: EventLogWriter<AnswerEvent>;
  text: string;
  readonly proposals: Proposal[];
  model?: string;
  context?: AnswerEnd["context"];
  private readonly costs: CallCost[] = [];
  private readonly quit = new AbortController();
  private suggestions = 0;
  /** Why it is not to be written on: its reader said so, another process took it, or this one is ending. */
  quitBecause?: "stopped" | "lost" | "interrupted";

  constructor(readonly claim: ClaimedAnswer) {
    const { session, thread, number, attempt } = claim;
    this.log = new EventLogWriter(answerLogId(session.id, thread.id, number, attempt));
    this.text = claim.textSoFar;
    this.proposals = [];
  }

  /** Aborts when there is no use in going on. */
  get signal(): AbortSignal {
    return this.quit.signal;
  }

  stop(because: "stopped" | "lost" | "interrupted"): void {
    this.quitBecause ??= because;
    this.quit.abort();
  }

  /** How an answer that is not written on has ended. */
  get quitStatus(): "stopped" | "interrupted" {
    return this.quitBecause === "stopped" ? "stopped" : "interrupted";
  }

  say(text: string): void {
    if (text === "") return;
    this.text += text;
    this.log.append({ type: "text", text });
  }

  /** Takes back what was appended after `text`: it turned out to be no part of the answer. */
  takeBack(text: string): void {
    if (this.text === text) return;
    this.text = text;
    this.log.append({ type: "kept", chars: text.length - this.claim.textSoFar.length });
  }

  /** Whether this attempt has said anything yet. */
  get hasSpoken(): boolean {
    return this.text.length > this.claim.textSoFar.length;
  }

  nextSuggestion(): number {
    this.suggestions += 1;
    return this.suggestions;
  }

  propose(proposal: Proposal): void {
    this.proposals.push(proposal);
    this.log.append({ type: "proposal", proposal });
  }

  doing(words: string): void {
    this.log.append({ type: "doing", words });
  }

  answeredBy(model: string): void {
    if (this.model === model) return;
    this.model = model;
    this.log.append({ type: "model", name: model });
  }

  paid(cost: CallCost): void {
    this.costs.push(cost);
  }

  get outputTokens(): number {
    return this.costs.reduce((sum, { usage }) => sum + usage.outputTokens, 0);
  }

  /** What all of its calls came to; nothing when there were none. The price is unknown when that of any of them is. */
  get cost(): Pick<AnswerEnd, "usage" | "costMicroUsd" | "firstTokenMs" | "totalMs"> {
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

/**
 * Keeps the lease while an answer is written, and learns within a second that it is to stop (at once when that was
 * asked for in this process), or that another process took it over. Returns what ends the watch.
 */
export function watch(writing: Writing): () => void {
  const done = new AbortController();
  const over = AbortSignal.any([done.signal, writing.signal]);
  const listenNoMore = onStopNearby(writing.claim, () => writing.stop("stopped"));
  void (async () => {
    for (;;) {
      await sleep(LIMITS.answer.stopPollMs, over);
      if (over.aborted) return;
      try {
        const answer = await renewAnswer(writing.claim);
        if (answer !== "go-on") writing.stop(answer === "stop" ? "stopped" : "lost");
      } catch (error) {
        log.warn("lease not renewed", errorFields(error));
      }
    }
  })();
  return () => {
    listenNoMore();
    done.abort();
  };
}
