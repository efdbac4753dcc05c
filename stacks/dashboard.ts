/// <reference path="../.sst/platform/config.d.ts" />
import type { Watched } from "./alarms";
import type { Data } from "./data";
import type { Queues } from "./queues";

/** The one page of CloudWatch that shows how a stage is doing. */
export function dashboard(watched: Watched[], jobs: Queues, { table }: Data) {
  const region = aws.getRegionOutput().region;
  const queues = [jobs.review, jobs.pm, jobs.dev, jobs.qa, jobs.ops];
  const names = {
    where: region,
    tableName: table.name,
    functions: watched.map((each) => each.functionName),
    waiting: queues.map((each) => each.queue.nodes.queue.name),
    dead: queues.map((each) => each.dead.nodes.queue.name),
  };
  const body = $util.output(names).apply(({ where, tableName, functions, waiting, dead }) => {
    const chart = (title: string, metrics: string[][], stat: string) => ({
      type: "metric",
      width: 12,
      height: 6,
      properties: { title, metrics, stat, region: where, period: 300, view: "timeSeries" },
    });
    const of = (metric: string) => functions.map((name) => ["AWS/Lambda", metric, "FunctionName", name]);
    return JSON.stringify({
      widgets: [
        chart("Invocations", of("Invocations"), "Sum"),
        chart("Errors", of("Errors"), "Sum"),
        chart("Duration, p95", of("Duration"), "p95"),
        chart(
          "Jobs waiting and dead letters",
          [...waiting, ...dead].map((name) => ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name]),
          "Maximum",
        ),
        chart(
          "Table units",
          ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) => [
            ...["AWS/DynamoDB", metric, "TableName", tableName],
          ]),
          "Sum",
        ),
        chart(
          "Model calls and spend",
          [
            ["Redline", "ModelCalls", "Stage", $app.stage],
            ["Redline", "ModelFailures", "Stage", $app.stage],
            ["Redline", "ModelMicroUsd", "Stage", $app.stage],
          ],
          "Sum",
        ),
        chart(
          "What was done",
          ["SessionsCreated", "ReviewsDone", "ChangesApplied", "AnswersDone", "AnswersFailed", "JobsFailed"].map(
            (metric) => ["Redline", metric, "Stage", $app.stage],
          ),
          "Sum",
        ),
      ],
    });
  });
  return new aws.cloudwatch.Dashboard("Dashboard", { dashboardName: `redline-${$app.stage}`, dashboardBody: body });
}
