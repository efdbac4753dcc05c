/** Records traces with X-Ray. Loaded for the first request that is traced: see `core/platform/trace.ts`. */
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { Client } from "@redline/core/platform/clients";

const tracer = new Tracer({ serviceName: "redline", captureHTTPsRequests: false });
const { provider } = tracer;
// Calls outside a trace are neither errors nor log lines.
provider.setContextMissingStrategy(() => undefined);

/** Lambda's own segment, below which everything is; the SDK knows it in the moment in which it is loaded. */
const root = provider.getSegment();

/**
 * A part of the trace with all that `run` does. It is marked as failed where that fails; what the error said is left out,
 * as it may quote what was being worked on.
 */
export function part<R>(name: string, annotations: Record<string, string>, run: () => Promise<R>): Promise<R> {
  return within(() => {
    const recorded = provider.captureAsyncFunc(name, async (segment) => {
      for (const [key, value] of Object.entries(annotations)) segment?.addAnnotation(key, value);
      tracer.annotateColdStart();
      try {
        return await run();
      } catch (error) {
        segment?.addFaultFlag();
        throw error;
      } finally {
        segment?.close();
      }
    });
    return recorded as Promise<R>;
  });
}

/** An invocation after the one that loaded this has no segment of its own accord. */
function within<R>(run: () => R): R {
  const current = provider.getSegment();
  if (current && current !== root && !current.isClosed()) return run();
  return provider.getNamespace().runAndReturn(() => {
    if (root) provider.setSegment(root);
    return run();
  });
}

export function watch(client: Client): void {
  tracer.captureAWSv3Client(client as Parameters<typeof tracer.captureAWSv3Client>[0]);
}
