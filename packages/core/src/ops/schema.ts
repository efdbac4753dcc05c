import type { Announcement } from "../platform/announce";
import type { Health } from "../platform/health";
import type { QueueCounts, QueueName } from "../platform/queues";
import type { ModelDay } from "../usage/schema";

/** A job that failed for good. `job` is null where the message asked for nothing that is known. */
export type DeadJob = {
  id: string;
  job: Pick<Announcement, "kind" | "sessionId"> | null;
  reason: string | null;
  sentAt: string;
};

export type QueueState = {
  name: QueueName;
  jobs: QueueCounts;
  /** How many dead letters there are; `letters` may be fewer, when somebody else reads them or there are very many. */
  dead: number;
  letters: DeadJob[];
};

export const JOB_STATES = ["waiting", "running", "stalled"] as const;

/** Work under way. `stalled`: its worker is gone, and the sweeper will have noticed within a minute. */
export type RunningJob = {
  kind: Announcement["kind"];
  state: (typeof JOB_STATES)[number];
  sessionId: string;
  id: string;
  since: string;
};

/** Each part is null where what it is read from does not answer: the page is most needed then. */
export type Overview = {
  health: Health;
  queues: QueueState[] | null;
  jobs: RunningJob[] | null;
  spending: { models: ModelDay[]; isPartial: boolean } | null;
};
