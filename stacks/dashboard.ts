/// <reference path="../.sst/platform/config.d.ts" />
import { METRICS_DIMENSION, METRICS_NAMESPACE, type Metric, type Sum } from "@redline/core/platform/metric-names";
import type { Data } from "./data";
import type { MonitoredFunction } from "./functions";
import { oldestJobSeconds, POLICY, type QueueName } from "./policy";
import { allQueues, type Queues } from "./queues";

/** CloudWatch names of the stage's resources. */
type ResourceNames = {
  region: string;
  table: string;
  indexes: string[];
  functions: { label: string; name: string; logGroup: string }[];
  queues: { title: QueueName; jobs: string; dead: string }[];
};

/**
 * Creates the stage's CloudWatch dashboard. AWS metrics are charted directly; product counters are summed from the logs by
 * Logs Insights when the dashboard is open, which costs nothing otherwise.
 */
export function dashboard({ table }: Data, jobs: Queues, functions: MonitoredFunction[]) {
  const names = $util.output({
    region: aws.getRegionOutput().region,
    table: table.name,
    indexes: table.nodes.table.globalSecondaryIndexes.apply((all) => (all ?? []).map(({ name }) => name)),
    functions: functions.map(({ label, name, logGroup }) => ({ label, name, logGroup })),
    queues: allQueues(jobs).map(({ name, queue, dead }) => ({
      ...{ title: name, jobs: queue.nodes.queue.name, dead: dead.nodes.queue.name },
    })),
  });
  const dashboardBody = names.apply((known) => JSON.stringify({ widgets: widgets(known, $app.stage) }));
  return new aws.cloudwatch.Dashboard("Dashboard", { dashboardName: `redline-${$app.stage}`, dashboardBody });
}

type Series = (string | { label: string })[];

function widgets(names: ResourceNames, stage: string) {
  const { region, functions, queues, table, indexes } = names;
  const chart = (title: string, stat: string, metrics: Series[], ...alarms: number[]) => ({
    type: "metric",
    width: 12,
    height: 6,
    properties: {
      ...{ title, region, metrics, stat, period: 300, view: "timeSeries" },
      ...(alarms.length > 0 && { annotations: { horizontal: alarms.map((value) => ({ label: "alarm", value })) } }),
    },
  });
  const logChart = (title: string, query: string) => ({
    type: "log",
    width: 12,
    height: 6,
    properties: { title, region, view: "timeSeries", query: `${logSources(functions)} | ${query}` },
  });
  const lambdaSeries = (metric: string, only?: string): Series[] =>
    functions
      .filter(({ label }) => only === undefined || label === only)
      .map(({ label, name }) => ["AWS/Lambda", metric, "FunctionName", name, { label }]);
  const customSeries = (metric: Metric): Series => [METRICS_NAMESPACE, metric, METRICS_DIMENSION, stage];
  const { errorShare, siteP95Ms, iteratorAgeMs } = POLICY.alarms;
  return [
    chart("Error rate", "Average", lambdaSeries("Errors"), errorShare),
    chart("5xx responses", "Sum", [...lambdaSeries("Url5xxCount", "Site"), ...lambdaSeries("Url5xxCount", "Logs")]),
    chart("Site latency p95 (ms)", "p95", lambdaSeries("Duration", "Site"), siteP95Ms),
    chart("Invocations", "Sum", lambdaSeries("Invocations")),
    chart("Duration p95 (ms)", "p95", lambdaSeries("Duration")),
    chart(
      "Age of the oldest job (s)",
      "Maximum",
      queues.map(({ title, jobs }) => [
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "QueueName",
        jobs,
        { label: title },
      ]),
      ...new Set(queues.map(({ title }) => oldestJobSeconds(title))),
    ),
    chart(
      "Dead letters",
      "Maximum",
      queues.map(({ title, dead }) => {
        return ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", dead, { label: title }];
      }),
      0,
    ),
    chart("Stream lag (ms)", "Maximum", lambdaSeries("IteratorAge", "Changes"), iteratorAgeMs),
    chart(
      "Table capacity units",
      "Sum",
      ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) => [
        ...["AWS/DynamoDB", metric, "TableName", table],
      ]),
    ),
    chart(
      "Throttles of the table and its indexes",
      "Sum",
      ["ReadThrottleEvents", "WriteThrottleEvents"].flatMap((metric) => [
        ["AWS/DynamoDB", metric, "TableName", table],
        ...indexes.map((index) => ["AWS/DynamoDB", metric, "TableName", table, "GlobalSecondaryIndexName", index]),
      ]),
    ),
    chart("Model spend (millionths of a dollar)", "Sum", [customSeries("ModelMicroUsd")]),
    chart("Model timeout rate", "Average", [customSeries("ModelTimeouts")]),
    chart("Throttled and near-timeout invocations", "Sum", [...lambdaSeries("Throttles"), customSeries("NearTimeout")]),
    logChart("Errors logged", 'filter level = "ERROR" | stats count(*) as Errors by bin(1h)'),
    logChart(
      "Product activity",
      sumQuery("SessionsCreated", "ReviewsDone", "FindingsFound", "ChangesApplied", "RepliesCompleted"),
    ),
    logChart("Model calls", sumQuery("ModelCalls", "ModelFailures", "ModelTokens")),
    logChart("Failed jobs and replies", sumQuery("JobsDone", "JobsFailed", "RepliesFailed")),
  ];
}

const logSources = (functions: ResourceNames["functions"]) =>
  functions.map(({ logGroup }) => `SOURCE '${logGroup}'`).join(" | ");

/** Returns a Logs Insights query that sums these fields, which our log lines and embedded metrics both carry. */
function sumQuery(...names: Sum[]): string {
  const present = names.map((name) => `ispresent(${name})`).join(" or ");
  return `filter ${present} | stats ${names.map((name) => `sum(${name}) as Sum${name}`).join(", ")} by bin(1h)`;
}
