/// <reference path="../.sst/platform/config.d.ts" />
import { METRICS_DIMENSION, METRICS_NAMESPACE, type Metric, type Sum } from "@redline/core/platform/metric-names";
import type { Data } from "./data";
import type { Watched } from "./functions";
import { oldestJobSeconds, POLICY, type QueueName } from "./policy";
import { allQueues, type Queues } from "./queues";

/** Where things have their names in CloudWatch, all known. */
type Names = {
  region: string;
  table: string;
  indexes: string[];
  functions: { label: string; name: string; logGroup: string }[];
  queues: { title: QueueName; jobs: string; dead: string }[];
};

/**
 * The one page of CloudWatch that shows how a stage is doing. What AWS measures is drawn from its metrics; what the product
 * counts is added up from its logs when somebody looks, which costs nothing while nobody does.
 */
export function dashboard({ table }: Data, jobs: Queues, functions: Watched[]) {
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

function widgets(names: Names, stage: string) {
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
  const lines = (title: string, query: string) => ({
    type: "log",
    width: 12,
    height: 6,
    properties: { title, region, view: "timeSeries", query: `${sources(functions)} | ${query}` },
  });
  const of = (metric: string, only?: string): Series[] =>
    functions
      .filter(({ label }) => only === undefined || label === only)
      .map(({ label, name }) => ["AWS/Lambda", metric, "FunctionName", name, { label }]);
  const own = (metric: Metric): Series => [METRICS_NAMESPACE, metric, METRICS_DIMENSION, stage];
  const { errorShare, siteP95Ms, iteratorAgeMs } = POLICY.alarms;
  return [
    chart("Share of calls that failed", "Average", of("Errors"), errorShare),
    chart("Answers of 500 and more", "Sum", [...of("Url5xxCount", "Site"), ...of("Url5xxCount", "Logs")]),
    chart("The site, p95 in ms", "p95", of("Duration", "Site"), siteP95Ms),
    chart("Calls", "Sum", of("Invocations")),
    chart("Duration, p95 in ms", "p95", of("Duration")),
    chart(
      "Oldest job, in seconds",
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
    chart("Announcements, age in ms", "Maximum", of("IteratorAge", "Changes"), iteratorAgeMs),
    chart(
      "Table units",
      "Sum",
      ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) => [
        ...["AWS/DynamoDB", metric, "TableName", table],
      ]),
    ),
    chart(
      "Refused by the table and its indexes",
      "Sum",
      ["ReadThrottleEvents", "WriteThrottleEvents"].flatMap((metric) => [
        ["AWS/DynamoDB", metric, "TableName", table],
        ...indexes.map((index) => ["AWS/DynamoDB", metric, "TableName", table, "GlobalSecondaryIndexName", index]),
      ]),
    ),
    chart("Spent on models, in millionths of a dollar", "Sum", [own("ModelMicroUsd")]),
    chart("Share of calls to models that ran out of time", "Average", [own("ModelTimeouts")]),
    chart("Refused calls and those near their timeout", "Sum", [...of("Throttles"), own("NearTimeout")]),
    lines("Errors logged", 'filter level = "ERROR" | stats count(*) as Errors by bin(1h)'),
    lines("What was done", sums("SessionsCreated", "ReviewsDone", "FindingsFound", "ChangesApplied", "AnswersDone")),
    lines("What the models did", sums("ModelCalls", "ModelFailures", "ModelTokens")),
    lines("Jobs and answers that failed", sums("JobsDone", "JobsFailed", "AnswersFailed")),
  ];
}

const sources = (functions: Names["functions"]) => functions.map(({ logGroup }) => `SOURCE '${logGroup}'`).join(" | ");

/** The line with the sums is one of our log, or of CloudWatch's embedded metrics: either way its fields have these names. */
function sums(...names: Sum[]): string {
  const present = names.map((name) => `ispresent(${name})`).join(" or ");
  return `filter ${present} | stats ${names.map((name) => `sum(${name}) as Sum${name}`).join(", ")} by bin(1h)`;
}
