/** Keeps a work tree and its session alike for as long as it runs. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SyncEngine } from "./engine";
import type { Session } from "./ports";

const WAIT_SECONDS = 25;
/** git or another program may be in the middle of something that no event tells the end of. */
const AGAIN_MS = 1_000;

export type Followed = {
  engine: SyncEngine;
  session: Session;
  /** Calls back when the disk may have changed; returns how to end that. */
  watch: (changed: () => void) => Promise<() => Promise<void>>;
  /** Said of what failed and is tried again. */
  failed: (error: unknown) => void;
  signal: AbortSignal;
};

/** Resolves once the session is in the trash, or the signal aborts. Rejects with what trying again does not help. */
export async function follow({ engine, session, watch, failed, signal }: Followed): Promise<void> {
  let isDue = true;
  let wake: () => void = () => undefined;
  const due = () => {
    isDue = true;
    wake();
  };
  signal.addEventListener("abort", due);
  const unwatch = await watch(due);
  const ended = new AbortController();
  const polling = poll(engine, session, due, AbortSignal.any([signal, ended.signal]));
  try {
    while (!signal.aborted) {
      isDue = false;
      try {
        if (!(await engine.sync())) return;
      } catch (error) {
        if (signal.aborted) return;
        failed(error);
        setTimeout(due, AGAIN_MS).unref();
      }
      if (engine.isBusy) setTimeout(due, AGAIN_MS).unref();
      if (!isDue && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", due);
    ended.abort();
    await unwatch();
    await polling;
  }
}

/** Waits for what the session changes. */
async function poll(engine: SyncEngine, session: Session, due: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { version, isTrashed } = await session.changesAfter(engine.lastVersion, WAIT_SECONDS, signal);
      if (version > engine.lastVersion || isTrashed) due();
    } catch {
      // The next look says what is wrong.
    }
    await sleep(AGAIN_MS / 10, undefined, { signal }).catch(() => undefined);
  }
}
