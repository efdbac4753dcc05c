/** Limits, timeouts and thresholds of the infrastructure. */
export const POLICY = {
  /** One region until the table is global: a server far from its table is slower, not faster. */
  regions: ["us-east-1"],
  /** Worker limits by queue. A queue comes with its worker, and its alarms with it. */
  queues: {
    /** Mostly waits for engines and models; peak memory is about 128 MB (docs/operating/bundles.md). */
    review: { timeoutSeconds: 300, memory: "512 MB", concurrency: 4 },
  },
  functions: {
    /** 1,769 MB buys one full vCPU; the engines are single-threaded. */
    check: { timeoutSeconds: 60, memory: "1769 MB", reserved: { shared: 20, personal: 2 } },
    changes: { timeoutSeconds: 30, memory: "256 MB" },
    sweep: { timeoutSeconds: 60, memory: "256 MB" },
    nightly: { timeoutSeconds: 300, memory: "1 GB" },
    notify: { timeoutSeconds: 20, memory: "128 MB" },
    /** Generates the replies it streams, so its timeout bounds a reply; each follower occupies one instance. */
    logs: { timeoutSeconds: 300, memory: "256 MB", reserved: { shared: 200, personal: 10 } },
    site: { timeoutSeconds: 30, memory: "1 GB" },
  },
  /**
   * A CodeDeploy configuration: 10% of the work for ten minutes, then all of it. Alarms evaluate five minutes, and metrics
   * arrive late.
   */
  canary: { deploymentConfig: "LambdaCanary10Percent10Minutes" },
  /** Receives before SQS moves a job to the dead letters. */
  maxReceives: 3,
  streamRetries: 5,
  /** Visibility timeout as a multiple of the worker's timeout, so that a job is not redelivered while still in progress. */
  visibilityTimeoutFactor: 6,
  retentionDays: 4,
  deadLetterDays: 14,
  blobs: { uploadDays: 1, exportDays: 7, oldVersionDays: 90 },
  /** Requests per address in five minutes. */
  waf: { perAddress: 20_000 },
  alarms: {
    errorShare: 0.05,
    siteP95Ms: 1_000,
    durationShare: 0.8,
    /** On top of the visibility timeout: see `oldestJobSeconds`. */
    afterRetrySeconds: 600,
    iteratorAgeMs: 60_000,
    tableThrottlesPerMinute: 10,
    modelTimeoutShare: 0.1,
    modelUsdPerHour: 20,
  },
  /** Share of requests traced end to end; tracing every request in production costs more than it shows. */
  traceSampling: { production: 0.05, elsewhere: 1 },
  budget: { monthlyUsd: 100, warnShare: 0.8 },
} as const;

export type QueueName = keyof typeof POLICY.queues;
/** Instances on a shared stage (staging, production) and on a developer's personal stage. */
export type ReservedConcurrency = { shared: number; personal: number };

/** Returns how long a received job stays hidden from other workers. */
export const visibilitySeconds = (queue: QueueName): number =>
  POLICY.visibilityTimeoutFactor * POLICY.queues[queue].timeoutSeconds;

/**
 * Returns the age above which a job has failed twice or has no worker. SQS counts a job's age through processing and
 * redelivery, so a job that failed once reaches the visibility timeout without being stuck.
 */
export const oldestJobSeconds = (queue: QueueName): number =>
  visibilitySeconds(queue) + POLICY.alarms.afterRetrySeconds;

const isShared = (stage: string): boolean => stage === "production" || stage === "staging";

/** Personal stages deploy all at once: a developer wants to see new code immediately. */
export const usesCanary = isShared;

/** Returns a function's reserved concurrency, which is also its maximum; an account has 1,000 for all of its stages. */
export const reservedConcurrency = (stage: string, { shared, personal }: ReservedConcurrency): number =>
  isShared(stage) ? shared : personal;

export const isProduction = (stage: string): boolean => stage === "production";

/** Logs of a personal stage are read the same day. */
export const logRetention = (stage: string) => (stage.startsWith("dev") ? ("3 days" as const) : ("1 week" as const));

/** Lambda's system logs repeat its metrics, so production omits those of successful invocations. */
export const logLevels = (stage: string) => ({
  systemLogLevel: isProduction(stage) ? "WARN" : "INFO",
  applicationLogLevel: "INFO",
});

export const traceSampleRate = (stage: string): number =>
  isProduction(stage) ? POLICY.traceSampling.production : POLICY.traceSampling.elsewhere;

export const seconds = (count: number) => `${count} seconds` as const;
export const daysInSeconds = (count: number) => count * 24 * 60 * 60;
