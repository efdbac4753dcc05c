import { EventEmitter } from "node:events";

const nearby = new EventEmitter().setMaxListeners(0);

/** Tells those of this process who wait for a codebase's next version that it was written. */
export const announceVersion = (codebaseId: string): void => void nearby.emit(codebaseId);

/** Resolves when this process writes a version of the codebase, after `ms` at the latest, or once the signal aborts. */
export function versionWithin(codebaseId: string, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      nearby.off(codebaseId, end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    nearby.once(codebaseId, end);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
