/** Which model of a task is asked, how often, and when its fallback is. */
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { sleep } from "../platform/clock";
import { attempt } from "./attempt";
import { ModelFault, stillLoading } from "./fault";
import { requestChars } from "./messages";
import type { ModelEvent, ModelRequest } from "./port";
import { estimateTokens, type ModelRoute } from "./schema";
import { Tally } from "./tally";

/** How the calls of one model for an answer ended. */
export type RouteEnd = {
  status: "done" | "failed" | "cancelled" | "truncated";
  route: ModelRoute;
  tally: Tally;
  fault?: ModelFault;
};

/** Who pays. `open` comes before a model is asked and may refuse with an AppError; `close` follows, whatever happened. */
export interface Meter {
  open(route: ModelRoute, tokens: number): Promise<void>;
  close(end: RouteEnd): Promise<void>;
  /** What a person is told was kept, when the answer fails. */
  kept(hasSpoken: boolean): string;
}

/** Waits before a call is made again take at most this long together. */
const WAIT_BUDGET_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** How often a server that loads its model is asked whether it has. */
const LOADING_PAUSE_MS = 1_000;
/** An answer that may not even be this long is not worth asking for. */
const MIN_OUTPUT_TOKENS = 256;

/**
 * Asks the models of a task, first choice first; a fallback only while nothing was said. A throttled model is asked again,
 * up to five times in all, with full jitter or as its server says.
 */
export async function* generate(
  request: ModelRequest,
  routes: readonly ModelRoute[],
  meter: Meter,
): AsyncGenerator<ModelEvent> {
  const inputTokens = estimateTokens(requestChars(request));
  let fault = new ModelFault("MODEL_REQUIRED", "No model is set up for this.", {
    advice: "Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model>.",
  });
  for (const route of routes) {
    const maxOutputTokens = outputTokensOf(route, inputTokens, request.maxOutputTokens);
    if (maxOutputTokens === undefined) {
      fault = tooMuch(route, inputTokens);
      continue;
    }
    const asked = yield* askRoute(route, { ...request, maxOutputTokens }, inputTokens, meter);
    if (!(asked.fault instanceof ModelFault)) {
      if (asked.fault) yield { type: "failed", error: asked.fault };
      return;
    }
    fault = asked.fault;
    if (asked.hasSpoken) {
      yield { type: "failed", error: fault.toAppError(meter.kept(true)) };
      return;
    }
  }
  if (!request.signal.aborted) yield { type: "failed", error: fault.toAppError(meter.kept(false)) };
}

type Asked = { hasSpoken: boolean; fault?: ModelFault | AppError };

async function* askRoute(
  route: ModelRoute,
  request: ModelRequest,
  inputTokens: number,
  meter: Meter,
): AsyncGenerator<ModelEvent, Asked> {
  try {
    await meter.open(route, inputTokens + request.maxOutputTokens);
  } catch (error) {
    if (error instanceof AppError) return { hasSpoken: false, fault: error };
    throw error;
  }
  const tally = new Tally(inputTokens);
  // What stands unless something else is known: the consumer left.
  let status: RouteEnd["status"] = "cancelled";
  let fault: ModelFault | undefined;
  let hasSpoken = false;
  try {
    if (request.signal.aborted) return { hasSpoken };
    yield { type: "model", name: route.name };
    for await (const event of askPatiently(route, request, tally)) {
      if (event.type === "text" || event.type === "toolCall") hasSpoken = true;
      if (event.type === "done") {
        status = event.reason === "length" ? "truncated" : "done";
        if (!tally.isSaid) yield { type: "usage", usage: tally.underWay };
      }
      yield event;
    }
    return { hasSpoken };
  } catch (error) {
    status = "failed";
    if (!(error instanceof ModelFault)) throw error;
    fault = error;
    if (error.isCut && hasSpoken) status = "truncated";
    return { hasSpoken, fault: error };
  } finally {
    await meter.close({ status, route, tally, fault });
  }
}

/** Asks one model until it says something, as often as its faults allow. */
async function* askPatiently(route: ModelRoute, request: ModelRequest, tally: Tally) {
  const startedAt = performance.now();
  let waitedMs = 0;
  let isLoading = false;
  for (let made = 1; ; made++) {
    let hasSpoken = false;
    try {
      for await (const event of attempt(route, request, tally, isLoading ? "loading" : undefined)) {
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
        continue;
      }
      if (made >= error.attempts) throw error;
      const pauseMs = error.retryAfterMs ?? Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** made);
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

/** How many tokens this model may answer with, or undefined when the input leaves no room for an answer. */
function outputTokensOf(route: ModelRoute, inputTokens: number, wanted: number): number | undefined {
  if (inputTokens > LIMITS.model.maxInputTokens) return undefined;
  const room = route.contextTokens - inputTokens;
  return room < Math.min(MIN_OUTPUT_TOKENS, wanted) ? undefined : Math.min(wanted, room);
}

function tooMuch(route: ModelRoute, inputTokens: number): ModelFault {
  const most = Math.min(LIMITS.model.maxInputTokens, route.contextTokens - MIN_OUTPUT_TOKENS);
  const counts = `about ${inputTokens.toLocaleString("en")} of at most ${most.toLocaleString("en")} tokens`;
  return new ModelFault("TOKEN_LIMIT_EXCEEDED", `This is too long for ${route.name} (${counts}). Nothing was sent.`, {
    advice: "Select a smaller block and ask again.",
  });
}
