export const nowMs = (): number => Date.now();
export const nowIso = (): string => new Date(nowMs()).toISOString();
/** Seconds since the epoch, the unit of DynamoDB's TTL. */
export const nowSeconds = (): number => Math.floor(nowMs() / 1000);
export const days = (count: number): number => count * 24 * 60 * 60;

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
