/** Waiting that an abort always ends, whatever the other side of it does with the signal. */

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as that aborts. `work` goes on unheard then, and may
 * fail without anybody to catch it.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/**
 * Aborts `follower` when `leader` does. Unlike `AbortSignal.any` nothing of it is held weakly. Returns what ends that.
 */
export function followAbort(leader: AbortSignal, follower: AbortController): () => void {
  const abort = () => follower.abort(leader.reason);
  if (leader.aborted) abort();
  else leader.addEventListener("abort", abort, { once: true });
  return () => leader.removeEventListener("abort", abort);
}
