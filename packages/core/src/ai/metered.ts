import { errorFields, log } from "../platform/log";
import { count } from "../platform/metrics";
import { type ReservedCall, reserveCall, settleCall } from "../usage/internal";
import { modelFacts } from "./facts-store";
import { routesOf } from "./models";
import type { CallCost, MeteredRequest, ModelEvent } from "./port";
import { generate, type Meter, type RouteEnd } from "./router";
import type { ModelRoute, TokenUsage } from "./schema";
import { addUsage } from "./usage-tracker";

/**
 * Asks the model of a task. Reserves the tokens it may use first (QUOTA_EXCEEDED, with nothing spent, arrives as
 * `failed`), and settles what was used whatever happened, also when the consumer leaves. The last event is `cost`, also
 * after an abort, wherever a call was opened; without any, there is none.
 */
export async function* callModel(
  request: MeteredRequest,
): AsyncGenerator<ModelEvent | { type: "cost"; cost: CallCost }> {
  const meter = new LedgerMeter(request);
  yield* generate(request, routesOf(request.task), meter, modelFacts);
  if (meter.cost) yield { type: "cost", cost: meter.cost };
}

/** Each model that is asked has a ledger row of its own; a fallback's comes after that of the model that failed. */
class LedgerMeter implements Meter {
  cost: CallCost | undefined;
  private call: ReservedCall | undefined;

  constructor(private readonly request: MeteredRequest) {}

  async open(route: ModelRoute, tokens: number): Promise<void> {
    const { actor, teamId, task, about, promptVersion } = this.request;
    this.call = await reserveCall(actor, { teamId, task, about, promptVersion, model: route.name, tokens });
  }

  async close({ status, route, tracker, fault }: RouteEnd): Promise<void> {
    if (!this.call) return;
    const { usage, firstTokenMs, totalMs } = tracker;
    const settlement = { status, model: route.name, usage, price: route.price, firstTokenMs, totalMs };
    let costMicroUsd: number | null = null;
    try {
      costMicroUsd = await settleCall(this.call, settlement);
    } catch (error) {
      // The answer is there. What it cost stays reserved, and the sweeper marks the row.
      log.error("call not settled", { callId: this.call.id, ...errorFields(error) });
    }
    count("ModelCalls");
    if (status === "failed") count("ModelFailures");
    count("ModelTimeouts", fault?.code === "AI_TIMEOUT" ? 1 : 0);
    count("ModelTokens", usage.inputTokens + usage.outputTokens);
    count("ModelMicroUsd", costMicroUsd ?? 0);
    this.add({ callId: this.call.id, usage, costMicroUsd, firstTokenMs, totalMs });
    this.call = undefined;
  }

  partialResultNote(hasSpoken: boolean): string {
    if (hasSpoken) return "The text so far is kept.";
    return {
      message: "Your message is saved.",
      review: "Findings so far are kept.",
      change: "Nothing was changed.",
      test: "",
    }[this.request.about.kind];
  }

  private add(call: CallCost): void {
    const before = this.cost;
    if (!before) {
      this.cost = call;
      return;
    }
    const { callId, firstTokenMs } = call;
    this.cost = {
      callId,
      usage: addUsage(before.usage, call.usage),
      costMicroUsd: sumCosts(before, call),
      totalMs: before.totalMs + call.totalMs,
      ...(firstTokenMs !== undefined && { firstTokenMs: before.totalMs + firstTokenMs }),
    };
  }
}

/** Unknown as soon as tokens were used at an unknown price. */
function sumCosts(...calls: { usage: TokenUsage; costMicroUsd: number | null }[]): number | null {
  const spent = calls.filter(({ usage }) => usage.inputTokens + usage.outputTokens > 0);
  if (spent.some(({ costMicroUsd }) => costMicroUsd === null)) return null;
  return calls.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0);
}
