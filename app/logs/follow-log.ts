import type { LogListener } from "./log-stream";
import { SharedStream } from "./shared-stream";

let stream: SharedStream | undefined;

/** Follows an event log from its beginning while the page is visible. Returns how to stop. */
export function followLog(logId: string, listen: LogListener): () => void {
  stream ??= startSharedStream();
  return stream.follow(logId, listen);
}

function startSharedStream(): SharedStream {
  const shared = new SharedStream({
    id: Math.random().toString(36).slice(2),
    isVisible: () => document.visibilityState === "visible",
    lock: requestLock,
    openChannel: (name) => new BroadcastChannel(name),
    openStream: (url) => new EventSource(url),
  });
  document.addEventListener("visibilitychange", () => {
    shared.update();
    shared.retry();
  });
  addEventListener("online", () => shared.retry());
  return shared;
}

function requestLock(name: string, signal: AbortSignal, whileHeld: () => Promise<void>): void {
  // Browsers have locks at https and localhost only; elsewhere each visible tab has a stream of its own.
  if (!navigator.locks) {
    void whileHeld();
    return;
  }
  navigator.locks.request(name, { signal }, whileHeld).catch((error: unknown) => {
    // The tab left before its turn.
    if (!signal.aborted) throw error;
  });
}
