/**
 * A worker thread of a reviewer, from the server's side: started when there is work, ended at a deadline, when it
 * has grown or served long enough, and when it is idle; what it had not begun is given to its successor.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { LIMITS } from "../limits";
import type { Priority, Reply, Results, Work } from "./messages";

const idleMs = 30_000;
/** Parsers' garbage lives for one file; a small nursery would copy much of it twice before. */
const nurseryMb = 48;
/** Loading the worker's code is no file's fault, but must end. */
const startMs = 60_000;
/** A machine busy with other things may give a worker so much less processor time than passes. */
const longestWait = 4;

/** The worker gave no answer for this work: it was ended at the deadline, or an engine failed on it. */
export class WorkFailed extends Error {
  override readonly name = "WorkFailed";
}

type Task = {
  id: number;
  work: Work;
  priority: Priority;
  resolve: (result: Results[keyof Results]) => void;
  reject: (error: unknown) => void;
  /** Set when no caller waits for the result any more. */
  isAbandoned: boolean;
};

export type PerformOptions = { signal?: AbortSignal; priority?: Priority };

export class ReviewWorkerClient {
  private worker: Worker | undefined;
  private readonly waiting: Task[] = [];
  private readonly running = new Map<number, Task>();
  private current: number | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;
  private served = 0;
  private isTired = false;
  /** True once the present worker has begun a request: one that fails before is itself broken. */
  private hasWorked = false;
  private isClosed = false;

  constructor(
    private readonly workerUrl: URL,
    private readonly limits: { recycleMb: number; recycleFiles: number } = LIMITS.review,
  ) {}

  /** The pieces of work that it has not finished. */
  get load(): number {
    return this.waiting.length + this.running.size;
  }

  /** Rejects with a `WorkFailed`, with the signal's reason when it is aborted, or when no worker can be started. */
  perform<Kind extends Work["kind"]>(
    work: Work & { kind: Kind },
    { signal, priority = "job" }: PerformOptions = {},
  ): Promise<Results[Kind]> {
    if (this.isClosed) return Promise.reject(new WorkFailed("the reviewer is closed"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abandon = () => {
        task.isAbandoned = true;
        const at = this.waiting.indexOf(task);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(signal?.reason);
      };
      const forget = () => signal?.removeEventListener("abort", abandon);
      const task: Task = {
        id: ++this.lastId,
        work,
        priority,
        isAbandoned: false,
        resolve: (result) => {
          forget();
          resolve(result as Results[Kind]);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      };
      signal?.addEventListener("abort", abandon, { once: true });
      this.waiting.push(task);
      this.dispatch();
    });
  }

  /** Ends the worker; what is under way rejects. */
  async close(): Promise<void> {
    this.isClosed = true;
    const worker = this.retire();
    for (const task of [...this.running.values(), ...this.waiting])
      task.reject(new WorkFailed("the reviewer is closed"));
    this.running.clear();
    this.waiting.length = 0;
    await worker?.terminate();
  }

  /** One job at a time goes to the worker; typing goes at once, and the worker lets it go first. */
  private dispatch(): void {
    if (this.isTired && this.running.size === 0) void this.retire()?.terminate();
    while (!this.isTired) {
      const at = this.nextIndex();
      const [task] = at < 0 ? [] : this.waiting.splice(at, 1);
      if (!task) break;
      this.start(task);
    }
    if (this.running.size === 0) this.rest();
  }

  private nextIndex(): number {
    const typing = this.waiting.findIndex(({ priority }) => priority === "typing");
    if (typing >= 0) return typing;
    const hasJob = [...this.running.values()].some(({ priority }) => priority === "job");
    return hasJob || this.waiting.length === 0 ? -1 : 0;
  }

  private start(task: Task): void {
    clearTimeout(this.idle);
    this.worker ??= this.hire();
    this.worker.ref();
    this.running.set(task.id, task);
    this.worker.postMessage({ id: task.id, priority: task.priority, work: task.work });
    if (this.running.size === 1) this.expect(task.id, startMs);
  }

  private hire(): Worker {
    const worker = newWorker(this.workerUrl);
    const lost = (message: string) => {
      if (this.worker === worker) this.lose(message);
    };
    this.hasWorked = false;
    worker.on("message", (reply: Reply) => {
      if (this.worker === worker) this.receive(reply);
    });
    worker.on("error", (error) => lost(error.message));
    worker.on("exit", () => lost("it ended"));
    return worker;
  }

  private receive(reply: Reply): void {
    this.hasWorked = true;
    if (reply.state === "step") {
      this.expect(reply.id, LIMITS.review.deadlineMs);
      return;
    }
    if (reply.state === "failed") {
      this.lose(reply.message, reply.id);
      return;
    }
    const task = this.running.get(reply.id);
    this.running.delete(reply.id);
    if (this.current === reply.id) this.stopWaiting();
    const [next] = this.running.keys();
    if (next !== undefined && this.current === undefined) this.expect(next, LIMITS.review.deadlineMs);
    this.served++;
    if (reply.memoryMb > this.limits.recycleMb || this.served >= this.limits.recycleFiles) this.isTired = true;
    task?.resolve(reply.result);
    this.dispatch();
  }

  /**
   * Ends the worker unless `id` shows a sign of life within this much processor time of the process, which a busy machine
   * gives later than it asks for it. Replies that this thread had no time to read count.
   */
  private expect(id: number, withinMs: number): void {
    this.stopWaiting();
    this.current = id;
    const before = process.cpuUsage();
    const latest = performance.now() + longestWait * withinMs;
    const wait = (ms: number) => {
      const timer = setTimeout(() => {
        setImmediate(() => {
          if (this.deadline !== timer) return;
          const { user, system } = process.cpuUsage(before);
          const leftMs = Math.min(withinMs - (user + system) / 1_000, latest - performance.now());
          if (leftMs > 0) wait(Math.max(leftMs, 100));
          else this.lose(`took longer than ${withinMs / 1000} s`, id);
        });
      }, ms);
      this.deadline = timer;
    };
    wait(withinMs);
  }

  private stopWaiting(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
    this.current = undefined;
  }

  /** The worker is gone or has to go: its current work failed, the rest of its work waits for the next one. */
  private lose(message: string, culprit = this.current): void {
    void this.retire()?.terminate();
    const tasks = [...this.running.values()];
    this.running.clear();
    for (const task of tasks) {
      if (!this.hasWorked) task.reject(new Error(`The reviewer's worker did not start: ${message}`));
      else if (task.id === culprit) task.reject(new WorkFailed(message));
      else if (!task.isAbandoned) this.waiting.unshift(task);
    }
    this.dispatch();
  }

  private retire(): Worker | undefined {
    const { worker } = this;
    this.worker = undefined;
    this.served = 0;
    this.isTired = false;
    this.stopWaiting();
    clearTimeout(this.idle);
    return worker;
  }

  private rest(): void {
    if (!this.worker) return;
    this.worker.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.retire()?.terminate(), idleMs);
    this.idle.unref();
  }
}

/** The bundled worker, or in development and tests the TypeScript source behind a loader. */
function newWorker(url: URL): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: nurseryMb };
  if (!url.pathname.endsWith(".ts")) return new Worker(url, { resourceLimits });
  const loader = new URL(
    "dist/esm/api/index.mjs",
    pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json")),
  );
  const load = `import(${JSON.stringify(loader.href)}).then(({ register }) => (register(), import(${JSON.stringify(url.href)})))`;
  return new Worker(load, { eval: true, resourceLimits });
}
