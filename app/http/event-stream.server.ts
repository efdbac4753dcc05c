import { LIMITS } from "@redline/core/limits";
import type { LogEvent } from "@redline/core/platform/event-log";

/** An event log to stream: `follow` yields its events after a sequence number, and rejects where it may not be read. */
export type StreamedLog = {
  id: string;
  follow: (after: number, signal: AbortSignal) => Promise<AsyncIterable<LogEvent>>;
};

/** While events are sent, access is checked again this often, and with each ping. */
const CHECK_MS = 2_000;

/**
 * Streams event logs over HTTP, for as long as `isAllowed`. `id:` is the event's sequence in its log, so that the browser
 * resumes after the last event it saw. Where there are several logs, an event is named by its log, `after` has a number for each, and a log that cannot be
 * read is an event named `failed`; of a single one the response is the error. A log's end is an event named `end`, after
 * which there is nothing to come back for. Pings keep proxies awake; the stream ends itself before any of them would, and
 * the browser reconnects.
 */
export async function eventStream(
  request: Request,
  logs: StreamedLog[],
  isAllowed: () => Promise<boolean> = async () => true,
): Promise<Response> {
  const isSingle = logs.length === 1;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, request.signal, AbortSignal.timeout(LIMITS.eventLog.endAfterMs)]);
  const encoder = new TextEncoder();
  const after = positionsOf(request, isSingle);
  const followed = await Promise.all(
    logs.map(async ({ id, follow }, at) => {
      const failed = (error: unknown) => {
        if (isSingle) throw error;
        return null;
      };
      return { id, events: await follow(after[at] ?? 0, signal).catch(failed) };
    }),
  );
  let isCancelled = false;
  const stillAllowed = checkedEvery(CHECK_MS, isAllowed);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => {
        if (!stop.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const sendLog = async ({ id, events }: (typeof followed)[number]) => {
        const data = JSON.stringify({ log: id });
        if (!events) return send(`event: failed\ndata: ${data}\n\n`);
        const name = isSingle ? "" : `event: ${id}\n`;
        for await (const { sequence, event, last } of events) {
          if (!(await stillAllowed())) return stop.abort();
          send(`${name}id: ${sequence}\ndata: ${JSON.stringify(event)}\n\n`);
          if (last) send(`event: end\nid: ${sequence}\ndata: ${data}\n\n`);
        }
      };
      send(": hello\nretry: 1000\n\n");
      const ping = setInterval(() => {
        send(": ping\n\n");
        void stillAllowed().then((isStill) => isStill || stop.abort());
      }, LIMITS.eventLog.pingMs);
      try {
        await Promise.all(followed.map(sendLog));
      } finally {
        clearInterval(ping);
        if (!isCancelled) controller.close();
        stop.abort();
      }
    },
    cancel() {
      isCancelled = true;
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
}

/** Returns a check that asks at most once in a time; what can't be found out is no. */
function checkedEvery(ms: number, check: () => Promise<boolean>): () => Promise<boolean> {
  let asked = { atMs: Date.now(), answer: Promise.resolve(true) };
  return () => {
    if (Date.now() - asked.atMs >= ms) asked = { atMs: Date.now(), answer: check().catch(() => false) };
    return asked.answer;
  };
}

/** Returns the last sequence that the browser has of each log. A reconnecting browser names only that of a single one. */
function positionsOf(request: Request, isSingle: boolean): number[] {
  const resumed = isSingle ? request.headers.get("last-event-id") : null;
  const given = resumed ?? new URL(request.url).searchParams.get("after") ?? "";
  return given.split(",").map((each) => (/^\d{1,9}$/.test(each) ? Number(each) : 0));
}
