/** The worker threads of a reviewer. Each has its own engines, deadline and memory limit, and is started when it is needed. */
import type { Results, Work } from "./messages";
import type { SourceFile } from "./schema";
import { type PerformOptions, ReviewWorkerClient } from "./worker-client";

export class ReviewWorkerPool {
  private readonly clients: readonly ReviewWorkerClient[];
  /** The thread that remembers what it found in a file. */
  private readonly homes = new WeakMap<SourceFile, ReviewWorkerClient>();

  constructor(workerUrl: URL, threads: number, limits?: { recycleMb: number; recycleFiles: number }) {
    this.clients = Array.from({ length: threads }, () => new ReviewWorkerClient(workerUrl, limits));
  }

  /** As a single thread's; work on the same `file` object goes to the same thread. */
  perform<Kind extends Work["kind"]>(
    work: Work & { kind: Kind },
    options?: PerformOptions,
    file?: SourceFile,
  ): Promise<Results[Kind]> {
    const client = (file && this.homes.get(file)) ?? this.leastBusy();
    if (file) this.homes.set(file, client);
    return client.perform<Kind>(work, options);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  /** The first of the least busy ones: a second thread is started for work at the same time only. */
  private leastBusy(): ReviewWorkerClient {
    return this.clients.reduce((best, client) => (client.load < best.load ? client : best));
  }
}
