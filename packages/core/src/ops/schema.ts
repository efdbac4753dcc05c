import type { Health } from "../platform/health";
import type { Measures } from "../platform/measures";
import type { QueueCounts } from "../platform/queues";
import type { DataVersions, KnownVersions } from "../platform/schema-version";
import type { ModelDay } from "../usage/schema";
import type { WorkLabels } from "../work/schema";

/** A session that a job is about; `isThere` says whether the operator can open it. */
export type JobSession = { sessionId: string; isThere: boolean };

/** A kind of job with its name for people, and what is not done when such a job is discarded. */
export type JobKind = { kind: string } & WorkLabels;

/** A job that failed for good. `job` is null where the message asked for nothing that is known. */
export type DeadJob = {
  id: string;
  job: (JobKind & JobSession) | null;
  reason: string | null;
  sentAt: string;
};

export type QueueState = {
  name: string;
  /** False for a queue that is here before its worker. */
  hasWorker: boolean;
  jobs: QueueCounts;
  /** How many dead letters there are; `letters` may be fewer, when somebody else reads them or there are very many. */
  dead: number;
  letters: DeadJob[];
};

export const JOB_STATES = ["waiting", "running", "stalled"] as const;

/** Work under way. `stalled`: its worker is gone, and the sweeper will have noticed within a minute. */
export type RunningJob = JobSession &
  JobKind & {
    state: (typeof JOB_STATES)[number];
    id: string;
    since: string;
  };

/** Each part is null where what it is read from does not answer: the page is most needed then. */
export type Overview = {
  health: Health;
  /** What was read at this moment (epoch ms): what is settled later is what was there then. */
  readAt: number;
  data: { stored: DataVersions; code: KnownVersions } | null;
  measures: Measures | null;
  queues: QueueState[] | null;
  jobs: RunningJob[] | null;
  spending: { models: ModelDay[]; isPartial: boolean } | null;
};
