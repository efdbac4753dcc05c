/** The product's functions outside of requests, with the same triggers and limits as on AWS. */

export interface QueueTriggerConfig {
  queue: string;
  /** Messages in one event, at most 10. */
  batchSize: number;
  /** Events at work at the same time. */
  concurrency: number;
}

export interface StreamTriggerConfig {
  stream: true;
  /** Records in one event. */
  batchSize: number;
}

export interface ScheduleTriggerConfig {
  everyMs: number;
}

export interface FunctionConfig {
  /** The name of its bundle, by which it is invoked. */
  name: string;
  timeoutMs: number;
  /** Without one it is only invoked by name. */
  trigger?: QueueTriggerConfig | StreamTriggerConfig | ScheduleTriggerConfig;
}

const seconds = (count: number) => count * 1_000;
const minutes = (count: number) => seconds(count * 60);

/** @param queues the names of the queues */
export function productFunctions(queues: { review: string }): FunctionConfig[] {
  return [
    {
      name: "review",
      timeoutMs: minutes(5),
      trigger: { queue: queues.review, batchSize: 1, concurrency: 4 },
    },
    { name: "stream-table-changes", timeoutMs: seconds(30), trigger: { stream: true, batchSize: 25 } },
    { name: "cron-sweep", timeoutMs: minutes(1), trigger: { everyMs: minutes(1) } },
    { name: "cron-nightly", timeoutMs: minutes(5), trigger: { everyMs: minutes(60) } },
    { name: "check", timeoutMs: minutes(1) },
  ];
}
