import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const LOOK_MS = 10_000;
/** Processor time of a look that is nothing but timers and polls. */
const IDLE_CPU_MS = 300;
/** Processor time since the last collection that is worth others. */
const WORTH_CPU_MS = 300;
/** Some garbage, such as compiled code, is only marked as old by one collection and freed by the next ones. */
const COLLECTIONS = 3;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/**
 * Collects garbage when this process has worked and now has nothing to do. V8 leaves garbage until it needs the room, which
 * a process at rest never does, and on a laptop the room is wanted by others. Does nothing without `--expose-gc`.
 */
export function collectAtRest(collect: (() => void) | undefined = globalThis.gc): void {
  if (!collect) return;
  let before = cpuMs();
  let collectedAt = before;
  let left = 0;
  setInterval(() => {
    const now = cpuMs();
    const isIdle = now - before < IDLE_CPU_MS;
    before = now;
    if (now - collectedAt >= WORTH_CPU_MS) left = COLLECTIONS;
    if (!isIdle || left === 0) return;
    collect();
    left--;
    before = collectedAt = cpuMs();
  }, LOOK_MS).unref();
}

/** Collects the garbage of a start at once, in a process that was started without `--expose-gc`. */
export function collectNow(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let left = COLLECTIONS; left > 0; left--) collect();
}
