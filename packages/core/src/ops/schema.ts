import type { Measures } from "../platform/cloudwatch-metrics";
import type { Health } from "../platform/health";
import type { QueueCounts } from "../platform/queues";
import type { DataVersions, SupportedVersions } from "../platform/schema-version";
import type { ModelDay } from "../usage/schema";
import type { WorkLabels } from "../work/schema";

/** A session that a job is about; `isThere` says whether the operator can open it. */
export type JobSession = { sessionId: string; isThere: boolean };

/** A kind of job with its display name, and the effect of discarding such a job. */
export type JobKind = { kind: string } & WorkLabels;

/** A job that failed permanently. `job` is null where its message is not a known job. */
export type DeadJob = {
  id: string;
  job: (JobKind & JobSession) | null;
  reason: string | null;
  sentAt: string;
};

export type QueueState = {
  name: string;
  /** False for a queue whose worker is not deployed yet. */
  hasWorker: boolean;
  jobs: QueueCounts;
  /** The number of dead letters; `letters` may be fewer when another reader holds some, or there are very many. */
  dead: number;
  letters: DeadJob[];
};

export const JOB_STATES = ["waiting", "running", "stalled"] as const;

/** A job in progress. `stalled`: its worker is gone, which the sweeper notices within a minute. */
export type RunningJob = JobSession &
  JobKind & {
    state: (typeof JOB_STATES)[number];
    id: string;
    since: string;
  };

/** A part is null where its source does not respond: the page is most needed then. */
export type Overview = {
  health: Health;
  /** The time of reading (epoch ms): redriving what is shown affects nothing that failed later. */
  readAt: number;
  data: { stored: DataVersions; code: SupportedVersions } | null;
  measures: Measures | null;
  queues: QueueState[] | null;
  jobs: RunningJob[] | null;
  spending: { models: ModelDay[]; isPartial: boolean } | null;
};
