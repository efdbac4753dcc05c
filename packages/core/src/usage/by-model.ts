import { nowMs } from "../platform/clock";
import { type Call, dayOf, type ModelDay } from "./schema";
import { queryCalls } from "./store";

const PAGE = 2_000;
const MAX_CALLS = 10_000;

/**
 * Returns a team's calls of today (UTC) by model, the most expensive first. `isPartial` when there were more than
 * 10,000: then the newest are counted.
 */
export async function modelsToday(teamId: string): Promise<{ models: ModelDay[]; isPartial: boolean }> {
  const day = dayOf(nowMs());
  const models = new Map<string, ModelDay>();
  let startKey: Record<string, unknown> | undefined;
  let counted = 0;
  do {
    const { calls, lastKey } = await queryCalls({ teamId, from: day, to: day }, { limit: PAGE, startKey });
    for (const call of calls) models.set(call.model, added(models.get(call.model), call));
    counted += calls.length;
    startKey = lastKey;
  } while (startKey && counted < MAX_CALLS);
  const sorted = [...models.values()].sort((a, b) => b.costMicroUsd - a.costMicroUsd || b.calls - a.calls);
  return { models: sorted, isPartial: startKey !== undefined };
}

const none = (model: string): ModelDay => ({
  model,
  ...{ calls: 0, failed: 0, underWay: 0, unknown: 0, tokens: 0, costMicroUsd: 0, unpriced: 0 },
});

function added(day: ModelDay | undefined, call: Call): ModelDay {
  const sum = day ?? none(call.model);
  const tokens = call.inputTokens + call.outputTokens;
  return {
    ...sum,
    calls: sum.calls + 1,
    failed: sum.failed + Number(call.status === "failed"),
    underWay: sum.underWay + Number(call.status === "reserved"),
    unknown: sum.unknown + Number(call.status === "unknown"),
    tokens: sum.tokens + tokens,
    costMicroUsd: sum.costMicroUsd + (call.costMicroUsd ?? 0),
    unpriced: sum.unpriced + Number(call.costMicroUsd === null && tokens > 0),
  };
}
