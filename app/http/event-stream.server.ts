import { LIMITS } from "@redline/core/limits";
import type { LogEvent } from "@redline/core/platform/event-log";

/**
 * Streams an event log over HTTP: `id:` is the sequence, so that the browser resumes after the last event it saw. Pings
 * keep proxies awake; the stream ends itself before any of them would, and the browser reconnects. A log's end is an
 * event named `end`, after which there is nothing to come back for.
 */
export function eventStream(
  request: Request,
  follow: (after: number, signal: AbortSignal) => Promise<AsyncIterable<LogEvent>>,
): Promise<Response> {
  const after = lastEventId(request);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, request.signal, AbortSignal.timeout(LIMITS.eventLog.endAfterMs)]);
  const encoder = new TextEncoder();
  return follow(after, signal).then((events) => {
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        const send = (text: string) => {
          if (!stop.signal.aborted) controller.enqueue(encoder.encode(text));
        };
        send(": hello\nretry: 1000\n\n");
        const ping = setInterval(() => send(": ping\n\n"), LIMITS.eventLog.pingMs);
        try {
          for await (const { sequence, event, last } of events) {
            send(`id: ${sequence}\ndata: ${JSON.stringify(event)}\n\n`);
            if (last) send(`event: end\nid: ${sequence}\ndata: {}\n\n`);
          }
        } finally {
          clearInterval(ping);
          if (!stop.signal.aborted) controller.close();
        }
      },
      cancel() {
        stop.abort();
      },
    });
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  });
}

function lastEventId(request: Request): number {
  const given = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? "0";
  return /^\d{1,9}$/.test(given) ? Number(given) : 0;
}
