/** What is counted of the product at work: sums without names or ids. Durations and errors AWS measures itself. */
export const METRICS = {
  SessionsCreated: "Count",
  ReviewsDone: "Count",
  FindingsFound: "Count",
  ChangesApplied: "Count",
  AnswersDone: "Count",
  AnswersFailed: "Count",
  ModelCalls: "Count",
  ModelFailures: "Count",
  ModelTimeouts: "Count",
  ModelTokens: "Count",
  ModelMicroUsd: "Count",
  JobsDone: "Count",
  JobsFailed: "Count",
} as const;

export type Metric = keyof typeof METRICS;

let counts = new Map<Metric, number>();

/** Adds to a sum of this process. */
export function count(metric: Metric, by = 1): void {
  if (by !== 0) counts.set(metric, (counts.get(metric) ?? 0) + by);
}

/** The sums since they were last taken. */
export function takeCounts(): Map<Metric, number> {
  const taken = counts;
  counts = new Map();
  return taken;
}

/** Alarms and the dashboard (`stacks/alarms.ts`) look for them here, by stage: one account may have several. */
const NAMESPACE = "Redline";

/**
 * Hands the sums to CloudWatch, as a line of its embedded format on standard output, which needs no call; nothing where
 * nothing was counted, or on the laptop. To be called at the end of each invocation.
 */
export function publishCounts(write: (line: string) => void = (line) => process.stdout.write(line)): void {
  const taken = takeCounts();
  if (taken.size === 0 || process.env.AWS_LAMBDA_FUNCTION_NAME === undefined) return;
  const Metrics = [...taken.keys()].map((Name) => ({ Name, Unit: METRICS[Name] }));
  const directive = { Namespace: NAMESPACE, Dimensions: [["Stage"]], Metrics };
  const Stage = process.env.REDLINE_STAGE ?? "unknown";
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] }, Stage, ...Object.fromEntries(taken) };
  write(`${JSON.stringify(line)}\n`);
}
