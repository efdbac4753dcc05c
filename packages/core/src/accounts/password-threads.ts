import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { passwordWorker } from "./password-worker";

type Task = { task: "hash" | "verify" | "strength"; input: object };
type Answer = { result?: unknown; failed?: string };

/** A thread holds 46 MiB once it has hashed; it ends after a rest. */
const IDLE_MS = 30_000;

const idle: Worker[] = [];
const waiting: ((worker: Worker) => void)[] = [];
let threads = 0;

/** Runs a task in a thread: at most one for each core at a time, the others wait their turn. */
export async function inPasswordThread<Result>(task: Task): Promise<Result> {
  const worker = await takeWorker();
  try {
    worker.ref();
    worker.postMessage(task);
    const [{ result, failed }] = (await once(worker, "message")) as [Answer];
    if (failed !== undefined) throw new Error(failed);
    giveBack(worker);
    return result as Result;
  } catch (error) {
    await discard(worker);
    throw error;
  }
}

async function takeWorker(): Promise<Worker> {
  const rested = idle.pop();
  if (rested) return rested;
  if (threads < availableParallelism()) return startWorker();
  return new Promise((resolve) => waiting.push(resolve));
}

function startWorker(): Worker {
  threads += 1;
  const { source, packages } = passwordWorker();
  return new Worker(source, { eval: true, workerData: packages });
}

function giveBack(worker: Worker): void {
  const next = waiting.shift();
  if (next) {
    next(worker);
    return;
  }
  worker.unref();
  idle.push(worker);
  setTimeout(() => {
    const at = idle.indexOf(worker);
    if (at < 0) return;
    idle.splice(at, 1);
    void discard(worker);
  }, IDLE_MS).unref();
}

async function discard(worker: Worker): Promise<void> {
  threads -= 1;
  const next = waiting.shift();
  if (next) next(startWorker());
  await worker.terminate();
}
