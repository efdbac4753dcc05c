/** Names of the product's metrics, as alarms and the dashboard use them (`stacks/`). */

/** The CloudWatch namespace of our metrics, and their dimension: one account may have several stages. */
export const METRICS_NAMESPACE = "Redline";
export const METRICS_DIMENSION = "Stage";

/** CloudWatch asks a price for each of these, so only what an alarm hangs on is one. */
export const METRICS = {
  /** 0 or 1 for each call to a model, so that the average is the share of calls that ran out of time. */
  ModelTimeouts: "Count",
  ModelMicroUsd: "Count",
  /** An invocation that took most of its function's time. */
  NearTimeout: "Count",
} as const;

export type Metric = keyof typeof METRICS;

/** The other sums, which go out as properties of a log line: Logs Insights adds them up, without a monthly price. */
export const SUMS = [
  "SessionsCreated",
  "ReviewsDone",
  "FindingsFound",
  "ChangesApplied",
  "RepliesCompleted",
  "RepliesFailed",
  "ModelCalls",
  "ModelFailures",
  "ModelTokens",
  "JobsDone",
  "JobsFailed",
] as const;

export type Sum = (typeof SUMS)[number];
