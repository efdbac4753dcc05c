/** Continues a request's trace and records its parts. Tracers are registered by the Lambda entry points via `traceWith`. */
import { type Client, watchClients } from "./clients";
import { currentRequestId } from "./correlation";
import { errorFields, log } from "./log";

/** A trace that may be handed on: its id, the part of it that hands it on, and whether it is recorded. */
export const TRACE_HEADER = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01]$/;

/** Returns the current invocation's trace header from Lambda, without the fields that are Lambda's own. */
export function currentTrace(): string | undefined {
  const given = (process.env._X_AMZN_TRACE_ID ?? "").split(";");
  const part = (name: string) => given.find((each) => each.startsWith(`${name}=`));
  const header = ["Root", "Parent", "Sampled"].map(part).join(";");
  return TRACE_HEADER.test(header) ? header : undefined;
}

/** Records what is done in a trace. */
export type Tracing = {
  /** Runs something as a part of the trace with a name of its own, until it has ended. */
  part<R>(name: string, annotations: Record<string, string>, run: () => Promise<R>): Promise<R>;
  /** The calls of a client become parts of what is under way, and carry the trace on. */
  watch(client: Client): void;
};

let load: (() => Promise<Tracing>) | undefined;
let loading: Promise<Tracing | undefined> | undefined;

/** Registers a lazily loaded tracer: it is large, and most requests are not sampled. */
export function traceWith(loadTracing: () => Promise<Tracing>): void {
  load = loadTracing;
  loading = undefined;
}

/** Runs something as a part of the trace, findable by the request's id; just runs it where no trace is recorded. */
export async function traced<R>(name: string, run: () => Promise<R>): Promise<R> {
  const tracing = currentTrace()?.endsWith("Sampled=1") ? await tracer() : undefined;
  if (!tracing) return run();
  const requestId = currentRequestId();
  return tracing.part(name, { ...(requestId && { requestId }) }, run);
}

function tracer(): Promise<Tracing | undefined> {
  loading ??= Promise.resolve(load?.()).then(
    (tracing) => {
      if (tracing) watchClients((client) => tracing.watch(client));
      return tracing;
    },
    (error) => {
      // A tracing failure must not fail the request.
      log.warn("no tracing", errorFields(error));
      return undefined;
    },
  );
  return loading;
}
