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
  const ask = await adapterOf(route);
  const closing = new AbortController();
  const signal = AbortSignal.any([request.signal, closing.signal]);
  let isSilent = false;
  // Only the model's silence counts, not the time that its consumer takes.
  let isWaiting = true;
  const timer = setTimeout(() => {
    if (!isWaiting) return;
    isSilent = true;
    closing.abort();
  }, route.silentMs);
  tally.begin();
  try {
    for await (const event of ask({ ...fitting(route, request), signal })) {
      // After an abort nothing more is said, whatever was on its way.
      if (signal.aborted) break;
      tally.heard(event);
      isWaiting = false;
      if (event.type !== "progress") yield event;
      isWaiting = true;
      timer.refresh();
      if (event.type === "done") return;
    }
    if (request.signal.aborted) return;
    throw silent(route.silentMs / 1_000);
  } catch (error) {
    if (request.signal.aborted) return;
    const fault = isSilent ? silent(route.silentMs / 1_000) : error;
    if (fault instanceof ModelFault && !fault.reachedModel && !tally.hasHeard) tally.neverReached();
    throw fault;
  } finally {
    clearTimeout(timer);
    closing.abort();
    tally.end();
  }
}

type Adapter = (request: AdapterRequest) => AsyncGenerator<AdapterEvent>;

async function adapterOf(route: ModelRoute): Promise<Adapter> {
  const { provider } = route;
  if (provider.kind === "openai") return (request) => askOpenAi(route, provider, request);
  // Loaded when it is needed: it is large, and most who start Redline on a laptop have no use for it.
  const { askBedrock } = await import("./bedrock");
  return (request) => askBedrock(route, provider.modelId, request);
}

/** Without tools, what earlier turns called can't be sent as calls either. */
function fitting(route: ModelRoute, request: AdapterRequest): AdapterRequest {
  const mustTell = !takesTools(route) || (request.tools.length === 0 && hasToolCalls(request.messages));
  return mustTell ? withoutTools(request) : request;
}
