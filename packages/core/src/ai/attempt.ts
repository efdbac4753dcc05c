import { followAbort, untilAborted } from "../platform/abort";
import { readAnswerText } from "./answer-text";
import { ModelFault } from "./fault";
import { hasToolCalls } from "./messages";
import { takesTools } from "./models";
import { askOpenAi, withoutTools } from "./openai";
import { rememberDroppedTools, unsupportedParams } from "./openai-capabilities";
import { announcesItsBeginning, isAtWork } from "./openai-probe";
import { Patience } from "./patience";
import type { AdapterEvent, AdapterRequest, ModelRequest } from "./port";
import type { ModelActivity, ModelRoute } from "./schema";
import type { UsageTracker } from "./usage-tracker";

/**
 * One call of one model. Ends in silence when `request.signal` aborts; the call is closed then, and also when its
 * consumer leaves. Throws a ModelFault, AI_TIMEOUT when the model says nothing for too long. Neither waits for the adapter
 * to notice. `activity` is what was told of the model before.
 */
export async function* attempt(
  route: ModelRoute,
  request: Omit<ModelRequest, "task">,
  tracker: UsageTracker,
  activity?: ModelActivity,
): AsyncGenerator<Exclude<AdapterEvent, { type: "progress" }>> {
  const ask = await adapterOf(route);
  const closing = new AbortController();
  const unfollow = followAbort(request.signal, closing);
  const options = {
    onActivity: (activity: ModelActivity) => request.onActivity?.(activity),
    isAtWork: () => isAtWork(route, closing.signal),
    announcesItsBeginning: () => announcesItsBeginning(route),
  };
  const patience = new Patience(route, options, activity);
  let hasCalled = false;
  tracker.begin();
  try {
    const onSignOfLife = () => patience.sign();
    const events = ask(fitting(route, { ...request, signal: closing.signal, onSignOfLife }));
    for await (const event of until(readAnswerText(events, request.tools), patience.end, closing.signal)) {
      // After an abort nothing more is said, whatever was on its way.
      if (closing.signal.aborted) break;
      tracker.heard(event);
      patience.output(event.type === "progress" ? event.of : undefined);
      if (event.type === "progress") continue;
      if (event.type === "toolCall") hasCalled = true;
      if (event.type === "done" && event.reason === "end" && request.mustCall && !hasCalled) noteNoCall(route);
      patience.pause();
      yield event;
      patience.resume();
      if (event.type === "done") return;
    }
  } catch (error) {
    if (request.signal.aborted) return;
    if (error instanceof ModelFault && !error.reachedModel && !tracker.hasHeard) tracker.neverReached();
    throw error;
  } finally {
    if (patience.neverBegan && !tracker.hasHeard) tracker.neverReached();
    patience.close();
    closing.abort();
    unfollow();
    tracker.end();
  }
}

/** The events, until `end` rejects or the signal aborts: then it rejects at once, whatever the adapter waits for. */
async function* until(
  events: AsyncGenerator<AdapterEvent>,
  end: Promise<never>,
  signal: AbortSignal,
): AsyncGenerator<AdapterEvent> {
  try {
    for (;;) {
      const next = events.next();
      // The losing promise may still reject: that must not be an unhandled rejection.
      next.catch(() => undefined);
      const { done, value } = await untilAborted(Promise.race([next, end]), signal);
      if (done) return;
      yield value;
    }
  } finally {
    // Not waited for: it may be in the middle of what never comes.
    events.return(undefined).catch(() => undefined);
  }
}

/** A server of the OpenAI protocol whose model does not call where it has to never told it of the tools. */
function noteNoCall(route: ModelRoute): void {
  if (route.provider.kind === "openai" && takesTools(route) && !unsupportedParams(route).has("toolChoice")) {
    rememberDroppedTools(route);
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
