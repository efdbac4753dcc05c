/** The numbers of the infrastructure (limits.md, "Queues"; aws.md). */
export const POLICY = {
  /** Where the site runs. One until the table is global: a server far from its table is slower, not faster. */
  regions: ["us-east-1"],
  /** Each queue with what its worker may take. */
  queues: {
    /** It waits for the engines and models most of its time, and needs an eighth of a gigabyte (docs/operating/bundles.md). */
    review: { timeoutSeconds: 300, memory: "512 MB", concurrency: 4 },
    pm: { timeoutSeconds: 300, memory: "1 GB", concurrency: 2 },
    dev: { timeoutSeconds: 900, memory: "2 GB", concurrency: 2 },
    qa: { timeoutSeconds: 600, memory: "1 GB", concurrency: 2 },
    ops: { timeoutSeconds: 300, memory: "512 MB", concurrency: 2 },
  },
  functions: {
    /** One whole processor: the engines use no second one. */
    check: { timeoutSeconds: 60, memory: "1769 MB", reserved: { shared: 20, own: 2 } },
    changes: { timeoutSeconds: 30, memory: "256 MB" },
    sweep: { timeoutSeconds: 60, memory: "256 MB" },
    nightly: { timeoutSeconds: 300, memory: "1 GB" },
    notify: { timeoutSeconds: 20, memory: "128 MB" },
    /** Answers are written in it, so it may run as long as they take; one follower holds one instance. */
    logs: { timeoutSeconds: 300, memory: "256 MB", reserved: { shared: 200, own: 10 } },
    site: { timeoutSeconds: 30, memory: "1 GB" },
  },
  /**
   * CodeDeploy's word for a tenth of the work for ten minutes, then all: alarms look at five minutes, and hear of them late.
   * A job that old code does not know yet comes back after half an hour.
   */
  release: { shift: "LambdaCanary10Percent10Minutes" },
  /** Receives before a job goes to the dead letters. */
  receives: 3,
  streamAttempts: 5,
  /** A job must not be given out again while its function may still be at work on it. */
  visibilityTimeouts: 6,
  retentionDays: 4,
  deadLetterDays: 14,
  blobs: { uploadDays: 1, exportDays: 7, oldVersionDays: 90 },
  /** Requests of one address in five minutes. */
  waf: { perAddress: 20_000, signInPerAddress: 100 },
  alarms: {
    errorShare: 0.05,
    siteP95Ms: 1_000,
    durationShare: 0.8,
    /** Beyond the time after which a job is given out again: see `oldestJobSeconds`. */
    afterRetrySeconds: 600,
    iteratorAgeMs: 60_000,
    tableThrottlesPerMinute: 10,
    modelTimeoutShare: 0.1,
    modelUsdPerHour: 20,
  },
  /** Share of requests that are traced with all they cause; a trace costs more than what it shows most times. */
  traced: { inProduction: 0.05, elsewhere: 1 },
  budget: { monthlyUsd: 100, warnShare: 0.8 },
} as const;

export type QueueName = keyof typeof POLICY.queues;
export type Reserved = { shared: number; own: number };

/** How long a job that was taken is given to nobody else. */
export const visibilitySeconds = (queue: QueueName): number =>
  POLICY.visibilityTimeouts * POLICY.queues[queue].timeoutSeconds;

/**
 * Older than this, a job failed twice or has nobody to do it. Its age goes on while it is worked on and while it waits to
 * be given out again, so one that fails once is as old as that takes.
 */
export const oldestJobSeconds = (queue: QueueName): number =>
  visibilitySeconds(queue) + POLICY.alarms.afterRetrySeconds;

/** Others are a developer's own. */
const isShared = (stage: string): boolean => stage === "production" || stage === "staging";

/** A developer wants to see new code at once. */
export const isReleasedGradually = isShared;

/** Instances that are kept for a function, and at most used by it: an account has a thousand for all of its stages. */
export const reservedIn = (stage: string, { shared, own }: Reserved): number => (isShared(stage) ? shared : own);

export const isProduction = (stage: string): boolean => stage === "production";

/** Logs of a developer's stage are read the same day. */
export const logRetention = (stage: string) => (stage.startsWith("dev") ? ("3 days" as const) : ("1 week" as const));

/**
 * Lambda's own lines say what its metrics say, so production does without those of calls that went well; ours are of use
 * from `INFO` on.
 */
export const logLevels = (stage: string) => ({
  systemLogLevel: isProduction(stage) ? "WARN" : "INFO",
  applicationLogLevel: "INFO",
});

export const tracedShare = (stage: string): number =>
  isProduction(stage) ? POLICY.traced.inProduction : POLICY.traced.elsewhere;

export const seconds = (count: number) => `${count} seconds` as const;
export const daysInSeconds = (count: number) => count * 24 * 60 * 60;
