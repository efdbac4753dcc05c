import { Metrics } from "@aws-lambda-powertools/metrics";
import { isInLambda, setting } from "./env";
import { log } from "./log";
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE, type Metric, type Sum } from "./metric-names";

/** Metrics since the last flush. A metric keeps every value, so that it has an average. */
let metrics: { name: Metric; value: number }[] = [];
let sums: Partial<Record<Sum, number>> = {};

/** Increments a counter, without names or ids; a no-op on the laptop. */
export function count(name: Metric | Sum, by = 1): void {
  if (!isInLambda()) return;
  if (name in METRICS) metrics.push({ name: name as Metric, value: by });
  else if (by !== 0) sums[name as Sum] = (sums[name as Sum] ?? 0) + by;
}

/**
 * Flushes the counters at the end of an invocation: metrics as one line of CloudWatch's embedded metric format on
 * standard output, which needs no call, with the sums as its fields; sums alone as a log line.
 */
export function publishCounts(): void {
  const [values, totals] = [metrics, sums];
  [metrics, sums] = [[], {}];
  if (values.length === 0) {
    if (Object.keys(totals).length > 0) log.info("counted", totals);
    return;
  }
  const line = emf();
  // Typed as text, though any JSON goes through; only numbers can be added up.
  for (const [name, total] of Object.entries(totals)) line.addMetadata(name, total as never);
  for (const { name, value } of values) line.addMetric(name, METRICS[name], value);
  line.publishStoredMetrics();
}

let made: Metrics | undefined;

function emf(): Metrics {
  if (!made) {
    made = new Metrics({ namespace: METRICS_NAMESPACE });
    // Powertools' own is the service's name, under which no alarm would find them.
    made.clearDefaultDimensions();
    made.setDefaultDimensions({ [METRICS_DIMENSION]: setting("REDLINE_STAGE") });
  }
  return made;
}
