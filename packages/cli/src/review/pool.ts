/**
 * Spreads files over several reviewers, each with a worker thread of its own. Loading an engine takes longer than checking
 * some files with it, so a worker keeps to the files of one engine while there are any.
 */
import { availableParallelism } from "node:os";
import { createReviewer, type Reviewer } from "@redline/core/reviewers/index";

/** One review ends soon, so a worker is replaced for its memory alone: together they stay below 500 MB. */
const LIMITS = { recycleMb: 160, recycleFiles: Number.POSITIVE_INFINITY };
/** More workers would each hold the engines in memory: about 100 MB. */
const MAX_WORKERS = 3;
/** Files left of a lane for which it pays to load its engine in one more worker. */
const WORTH_LOADING_FILES = 40;

export type Job = {
  /** Names the engine that the file needs; "" for a file that needs none. */
  lane: string;
  run(reviewer: Reviewer): Promise<void>;
};

export class ReviewerPool {
  private readonly reviewers: Reviewer[];

  constructor(workerUrl: URL | undefined, size = Math.min(availableParallelism(), MAX_WORKERS)) {
    this.reviewers = Array.from({ length: size }, () =>
      createReviewer({ ...(workerUrl && { workerUrl }), limits: LIMITS }),
    );
  }

  /** Starts the workers, so that they load their code while the difference is read. */
  warmUp(): void {
    for (const reviewer of this.reviewers) reviewer.duplication([]).catch(() => {});
  }

  /** Runs all jobs, those of a lane in order. Rejects with the first error. */
  async runAll(jobs: readonly Job[]): Promise<void> {
    const lanes = new Map<string, Lane>();
    for (const job of jobs) {
      const lane = lanes.get(job.lane) ?? { engine: job.lane, jobs: [], isBegun: false };
      lane.jobs.push(job);
      lanes.set(job.lane, lane);
    }
    const byLength = [...lanes.values()].sort((a, b) => b.jobs.length - a.jobs.length);
    await Promise.all(this.reviewers.map((reviewer) => work(reviewer, byLength)));
  }

  /** Runs one piece of work with some reviewer. */
  use<Result>(work: (reviewer: Reviewer) => Promise<Result>): Promise<Result> {
    return work(this.reviewers[0] as Reviewer);
  }

  async close(): Promise<void> {
    await Promise.all(this.reviewers.map((reviewer) => reviewer.close()));
  }
}

type Lane = { engine: string; jobs: Job[]; isBegun: boolean };

async function work(reviewer: Reviewer, lanes: readonly Lane[]): Promise<void> {
  for (let lane = nextLane(lanes); lane; lane = nextLane(lanes)) {
    lane.isBegun = true;
    for (let job = lane.jobs.shift(); job; job = lane.jobs.shift()) await job.run(reviewer);
  }
}

function nextLane(lanes: readonly Lane[]): Lane | undefined {
  const open = lanes.filter(({ jobs }) => jobs.length > 0);
  return (
    open.find(({ isBegun, engine }) => !isBegun && engine !== "") ??
    open.find(({ engine, jobs }) => engine === "" || jobs.length > WORTH_LOADING_FILES)
  );
}
