/** Reads CloudWatch's metrics of the last hour: each function's calls and failures, and how long jobs wait. */
import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { clientSettings } from "./clients";
import { nowMs } from "./clock";
import { queueAt, queueNames } from "./queues";
import { resources } from "./resources";

export const PERIOD_SECONDS = 300;
/** The last hour, in five minutes; the last period is the one under way. */
export const PERIODS = 12;
/** SQS measures once a minute and CloudWatch shows it a few minutes later; what is older says nothing about now. */
const AGE_COUNTS_SECONDS = 600;

export type FunctionMetrics = {
  /** The label that the stacks, their alarms and their dashboard have for it. */
  name: string;
  calls: number;
  /** Invocations that failed; for what answers requests, those answered with a 5xx. */
  failures: number;
  throttles: number;
  /** The slowest five minutes, as for the alarm; null without calls. */
  p95Ms: number | null;
  longestMs: number | null;
  /** Oldest first. */
  periods: { calls: number; failures: number }[];
};

export type Measures = {
  functions: FunctionMetrics[];
  /** By the queue's name; null where nothing was measured lately. */
  oldestJobSeconds: Record<string, number | null>;
};

/** Functions that answer requests at a URL: what goes wrong there is a 5xx, while their invocation counts as done. */
const AT_URLS = new Set(["Site", "Logs"]);

/** One call, whatever there is to measure: CloudWatch bills by the metric, about 40 of them at $0.01 a thousand. */
export async function readMeasures(): Promise<Measures> {
  const functions = functionNames();
  const queues = queueNames();
  const periodMs = PERIOD_SECONDS * 1_000;
  const end = nowMs() - (nowMs() % periodMs) + periodMs;
  const start = end - PERIODS * periodMs;
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const { MetricDataResults = [] } = await (await cloudwatch()).send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        ...functions.flatMap(([label, name], at) => functionQueries(label, name, at)),
        ...queues.map((queue, at) => ageQuery(queueAt(queue).url, at)),
      ],
      StartTime: new Date(start),
      EndTime: new Date(end),
      ScanBy: "TimestampAscending",
    }),
  );
  const results = new Map(MetricDataResults.map((result) => [result.Id, result]));
  const values = (id: string) => inPeriods(results.get(id), start);
  return {
    functions: functions.map(([name], at) => functionMeasures(name, (metric) => values(`${metric}${at}`))),
    oldestJobSeconds: Object.fromEntries(queues.map((queue, at) => [queue, latest(results.get(`age${at}`))])),
  };
}

/** By their labels. The site's own name is told by the runtime, because nothing can be linked to itself. */
function functionNames(): [label: string, name: string][] {
  const { AWS_LAMBDA_FUNCTION_NAME: site } = process.env;
  return Object.entries({ ...(site && { Site: site }), ...resources.Functions.names });
}

function functionQueries(label: string, functionName: string, at: number): MetricDataQuery[] {
  const query = (id: string, MetricName: string, Stat: string): MetricDataQuery => ({
    Id: `${id}${at}`,
    MetricStat: {
      Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions: [{ Name: "FunctionName", Value: functionName }] },
      Period: PERIOD_SECONDS,
      Stat,
    },
  });
  return [
    query("calls", "Invocations", "Sum"),
    query("failures", AT_URLS.has(label) ? "Url5xxCount" : "Errors", "Sum"),
    query("throttles", "Throttles", "Sum"),
    query("p95", "Duration", "p95"),
    query("longest", "Duration", "Maximum"),
  ];
}

function ageQuery(url: string, at: number): MetricDataQuery {
  const Dimensions = [{ Name: "QueueName", Value: url.split("/").pop() ?? "" }];
  const Metric = { Namespace: "AWS/SQS", MetricName: "ApproximateAgeOfOldestMessage", Dimensions };
  return { Id: `age${at}`, MetricStat: { Metric, Period: 60, Stat: "Maximum" } };
}

/** A value for each period, null where CloudWatch has none. */
function inPeriods(result: MetricDataResult | undefined, startMs: number): (number | null)[] {
  const values: (number | null)[] = Array(PERIODS).fill(null);
  const { Timestamps = [], Values = [] } = result ?? {};
  Timestamps.forEach((at, index) => {
    values[Math.floor((at.getTime() - startMs) / (PERIOD_SECONDS * 1_000))] = Values[index] ?? null;
  });
  return values;
}

function functionMeasures(name: string, values: (metric: string) => (number | null)[]): FunctionMetrics {
  const calls = values("calls");
  const failures = values("failures");
  return {
    name,
    calls: sum(calls),
    failures: sum(failures),
    throttles: sum(values("throttles")),
    p95Ms: most(values("p95")),
    longestMs: most(values("longest")),
    periods: calls.map((count, at) => ({ calls: count ?? 0, failures: failures[at] ?? 0 })),
  };
}

function latest(result: MetricDataResult | undefined): number | null {
  const at = result?.Timestamps?.at(-1)?.getTime() ?? 0;
  return at < nowMs() - AGE_COUNTS_SECONDS * 1_000 ? null : (result?.Values?.at(-1) ?? null);
}

const sum = (values: (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);

function most(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

let client: Promise<CloudWatchClient> | undefined;

/** Loaded when an operator looks: no other page waits for it. */
function cloudwatch(): Promise<CloudWatchClient> {
  client ??= import("@aws-sdk/client-cloudwatch").then(
    ({ CloudWatchClient }) => new CloudWatchClient(clientSettings()),
  );
  return client;
}
