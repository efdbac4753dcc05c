/** Which model of a task is asked, how often, and when its fallback is. */
import { Backoff } from "../backoff";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { sleep } from "../platform/clock";
import { attempt } from "./attempt";
import { ModelFault, stillLoading } from "./fault";
import { type Fitted, fitRequest, holdsLess, learnUsage } from "./fitting";
import { KnownFacts } from "./model-facts";
import type { ModelEvent, ModelRequest } from "./port";
import type { ModelRoute } from "./schema";
import { lengthReason } from "./stop-reason";
import { UsageTracker } from "./usage-tracker";

/** The result of one model's calls for an answer. */
export type RouteEnd = {
  status: "done" | "failed" | "cancelled" | "truncated";
  route: ModelRoute;
  tracker: UsageTracker;
  fault?: ModelFault;
};

/** Billing hook. `open` is called before each model and may reject with an AppError; `close` always follows. */
export interface Meter {
  open(route: ModelRoute, tokens: number): Promise<void>;
  close(end: RouteEnd): Promise<void>;
  /** Returns the sentence that says what was kept when a reply fails. */
  partialResultNote(hasSpoken: boolean): string;
}

/** Total retry backoff per call. */
const WAIT_BUDGET_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
/** The pause between checks of a server that is loading its model. */
const LOADING_PAUSE_MS = 1_000;

/** The most retries with less input, each after the server refused it as too long. */
const MAX_FITS = 5;

/**
 * Asks the models of a task, first choice first; a fallback only while nothing was said. Each is sent what fits it. A
 * throttled model is asked again, up to five times in all, with full jitter or as its server says.
 */
export async function* generate(
  request: ModelRequest,
  routes: readonly ModelRoute[],
  meter: Meter,
  facts = new KnownFacts(),
): AsyncGenerator<ModelEvent> {
  let fault: ModelFault | AppError = new ModelFault("MODEL_REQUIRED", "No model is configured for this.", {
    advice: "Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model>.",
  });
  for (const route of routes) {
    for (let fits = 1; fits <= MAX_FITS; fits++) {
      const fitted = fitRequest(route, request, await facts.of(route));
      if (!("request" in fitted)) {
        fault = fitted;
        break;
      }
      const result = yield* callRoute(route, fitted, meter, facts);
      if (!(result.fault instanceof ModelFault)) {
        if (result.fault) yield { type: "failed", error: result.fault };
        return;
      }
      fault = result.fault;
      if (result.hasSpoken) {
        yield { type: "failed", error: fault.toAppError(meter.partialResultNote(true)) };
        return;
      }
      if (!(await holdsLess(route, fitted, fault, facts))) break;
    }
  }
  if (request.signal.aborted) return;
  yield {
    type: "failed",
    error: fault instanceof ModelFault ? fault.toAppError(meter.partialResultNote(false)) : fault,
  };
}

type RouteResult = { hasSpoken: boolean; fault?: ModelFault | AppError };

async function* callRoute(
  route: ModelRoute,
  fitted: Fitted,
  meter: Meter,
  facts: KnownFacts,
): AsyncGenerator<ModelEvent, RouteResult> {
  const { request, context } = fitted;
  const mostTokens = fitted.counter.most(request);
  try {
    await meter.open(route, mostTokens + request.maxOutputTokens);
  } catch (error) {
    if (error instanceof AppError) return { hasSpoken: false, fault: error };
    throw error;
  }
  const tracker = new UsageTracker(mostTokens);
  // The status unless another one is known: the consumer left.
  let status: RouteEnd["status"] = "cancelled";
  let fault: ModelFault | undefined;
  let hasSpoken = false;
  try {
    if (request.signal.aborted) return { hasSpoken };
    yield { type: "model", name: route.name, ...(context && { context }) };
    for await (const event of callWithRetries(route, request, tracker)) {
      if (event.type === "text" || event.type === "toolCall") hasSpoken = true;
      if (event.type === "usage") {
        const cut = await learnUsage(route, fitted, event.usage, facts);
        if (cut) throw cut;
      }
      if (event.type !== "done") {
        yield event;
        continue;
      }
      const reason =
        event.reason === "length"
          ? await lengthReason(route, tracker.estimatedSoFar, facts, request.signal)
          : event.reason;
      status = reason === "length" || reason === "contextFull" ? "truncated" : "done";
      if (!tracker.hasReportedUsage) yield { type: "usage", usage: tracker.estimatedSoFar };
      yield { type: "done", reason };
    }
    return { hasSpoken };
  } catch (error) {
    status = "failed";
    if (!(error instanceof ModelFault)) throw error;
    fault = error;
    if (error.isCut && hasSpoken) status = "truncated";
    return { hasSpoken, fault: error };
  } finally {
    await meter.close({ status, route, tracker, fault });
  }
}

/** Asks one model until it says something, as often as its faults allow. */
async function* callWithRetries(route: ModelRoute, request: ModelRequest, tracker: UsageTracker) {
  const startedAt = performance.now();
  const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  let waitedMs = 0;
  let isLoading = false;
  for (let made = 1; ; made++) {
    let hasSpoken = false;
    try {
      for await (const event of attempt(route, request, tracker, isLoading ? "loading" : undefined)) {
        hasSpoken = true;
        yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof ModelFault) || hasSpoken) throw error;
      if (error.isLoading) {
        await waitForLoading(error, startedAt, request);
        if (request.signal.aborted) return;
        isLoading = true;
        made = 0;
        backoff.reset();
        continue;
      }
      if (made >= error.attempts) throw error;
      const pauseMs = error.retryAfterMs ?? Math.random() * backoff.nextMs();
      if (waitedMs + pauseMs > WAIT_BUDGET_MS) throw error;
      waitedMs += pauseMs;
      await sleep(pauseMs, request.signal);
      if (request.signal.aborted) return;
    }
  }
}

/** Waits until a model that loads may be asked again. Throws the fault when it has loaded for too long. */
async function waitForLoading(fault: ModelFault, startedAt: number, { signal, onActivity }: ModelRequest) {
  const pauseMs = Math.min(fault.retryAfterMs ?? LOADING_PAUSE_MS, LONGEST_PAUSE_MS);
  if (performance.now() - startedAt + pauseMs > LIMITS.model.waitMs) throw stillLoading(fault);
  onActivity?.("loading");
  await sleep(pauseMs, signal);
}
