/** One metered call, taken to its end; and what calls have used so far. */
import type { MeteredRequest } from "../../ai/index";
import { addUsage, callModel, type FileContext } from "../../ai/internal";
import type { StopReason, TokenUsage, ToolCall } from "../../ai/schema";
import type { AppError } from "../../errors";

export type CallRequest = Pick<MeteredRequest, "actor" | "teamId" | "about" | "signal">;

/** One call's result; aborted when it has neither `reason` nor `error`. */
export type Turn = {
  text: string;
  calls: ToolCall[];
  /** The part of the file that the model was shown. */
  context?: FileContext;
  reason?: StopReason;
  error?: AppError;
};

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false };

/** The usage of several calls together; `costMicroUsd` is null as soon as one of them has no price. */
export class Spent {
  usage: TokenUsage = NOTHING;
  costMicroUsd: number | null = 0;
  model: string | undefined;

  get tokens(): number {
    return this.usage.inputTokens + this.usage.outputTokens;
  }

  /** Adds it to what earlier attempts are known to have used. */
  addTo(step: { usage: TokenUsage; costMicroUsd: number | null }): void {
    const all = new Spent();
    all.add(step.usage, step.costMicroUsd);
    all.add(this.usage, this.costMicroUsd);
    Object.assign(step, { usage: all.usage, costMicroUsd: all.costMicroUsd });
  }

  add(usage: TokenUsage, costMicroUsd: number | null): void {
    this.usage = addUsage(this.usage, usage);
    const isFree = usage.inputTokens + usage.outputTokens === 0;
    if (isFree) return;
    this.costMicroUsd = costMicroUsd === null || this.costMicroUsd === null ? null : this.costMicroUsd + costMicroUsd;
  }
}

export async function callOnce(
  call: CallRequest,
  request: Omit<MeteredRequest, "task" | keyof CallRequest>,
  spent: Spent,
): Promise<Turn> {
  const turn: Turn = { text: "", calls: [] };
  for await (const event of callModel({ ...call, ...request, task: "review" })) {
    if (event.type === "model") {
      spent.model = event.name;
      turn.context = event.context;
    }
    if (event.type === "text") turn.text += event.text;
    else if (event.type === "toolCall") turn.calls.push(event.call);
    else if (event.type === "done") turn.reason = event.reason;
    else if (event.type === "failed") turn.error = event.error;
    else if (event.type === "cost") spent.add(event.cost.usage, event.cost.costMicroUsd);
  }
  return turn;
}
