import { askBedrock } from "./bedrock";
import { ModelFault, silent } from "./fault";
import { hasToolCalls } from "./messages";
import { takesTools } from "./models";
import { askOpenAi, withoutTools } from "./openai";
import type { AdapterEvent, AdapterRequest } from "./port";
import type { ModelRoute } from "./schema";
import type { Tally } from "./tally";

/**
 * One call of one model. Ends in silence when `request.signal` aborts; the call is closed then, and also when its
 * consumer leaves. Throws a ModelFault, AI_TIMEOUT when the model says nothing for too long.
 */
export async function* attempt(
  route: ModelRoute,
  request: AdapterRequest,
  tally: Tally,
): AsyncGenerator<Exclude<AdapterEvent, { type: "progress" }>> {
  const closing = new AbortController();
  const signal = AbortSignal.any([request.signal, closing.signal]);
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    closing.abort();
  }, route.silentMs);
  tally.begin();
  try {
    for await (const event of ask(route, { ...request, signal })) {
      // After an abort nothing more is said, whatever was on its way.
      if (signal.aborted) break;
      timer.refresh();
      tally.heard(event);
      if (event.type !== "progress") yield event;
      if (event.type === "done") return;
    }
    if (request.signal.aborted) return;
    throw silent(route.silentMs / 1_000);
  } catch (error) {
    if (request.signal.aborted) return;
    const fault = isSilent ? silent(route.silentMs / 1_000) : error;
    if (fault instanceof ModelFault && !fault.reachedModel) tally.neverReached();
    throw fault;
  } finally {
    clearTimeout(timer);
    closing.abort();
    tally.end();
  }
}

function ask(route: ModelRoute, request: AdapterRequest): AsyncGenerator<AdapterEvent> {
  // Without tools, what earlier turns called can't be sent as calls either.
  const mustTell = !takesTools(route) || (request.tools.length === 0 && hasToolCalls(request.messages));
  const fitting = mustTell ? withoutTools(request) : request;
  const { provider } = route;
  return provider.kind === "bedrock"
    ? askBedrock(route, provider.modelId, fitting)
    : askOpenAi(route, provider, fitting);
}
