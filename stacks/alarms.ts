/// <reference path="../.sst/platform/config.d.ts" />
import { dashboard } from "./dashboard";
import type { Data } from "./data";
import { isProduction, POLICY, type QueueName } from "./policy";
import type { Queues } from "./queues";
import type { Web } from "./web";
import type { Workers } from "./workers";

export type Watched = { label: string; functionName: $util.Input<string>; timeoutSeconds: number };

/** Tells the operators, by one topic, what needs them; and one dashboard to look at. */
export function alarms(stored: Data, jobs: Queues, work: Workers, { site, logs }: Web) {
  const topic = new aws.sns.Topic("Alarms", { kmsMasterKeyId: "alias/aws/sns" });
  const { REDLINE_ALARM_EMAIL } = process.env;
  if (REDLINE_ALARM_EMAIL) {
    new aws.sns.TopicSubscription("AlarmEmail", { topic: topic.arn, protocol: "email", endpoint: REDLINE_ALARM_EMAIL });
  }
  const alarm: Alarm = (name, args) =>
    new aws.cloudwatch.MetricAlarm(name, {
      ...args,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
    });

  for (const { name, queue, dead } of [jobs.review, jobs.pm, jobs.dev, jobs.qa, jobs.ops]) {
    queueAlarms(alarm, name, queue.nodes.queue.name, dead.nodes.queue.name);
  }
  const watched: Watched[] = [
    { label: "Check", functionName: work.check.name, timeoutSeconds: POLICY.functions.check.timeoutSeconds },
    { label: "Logs", functionName: logs.name, timeoutSeconds: POLICY.functions.logs.timeoutSeconds },
    {
      label: "Review",
      functionName: $resolve(work.reviewing).apply((each) => each.nodes.function.name),
      timeoutSeconds: POLICY.queues.review.timeoutSeconds,
    },
    {
      label: "Changes",
      functionName: $resolve(work.changes).apply((each) => each.nodes.function.name),
      timeoutSeconds: POLICY.functions.changes.timeoutSeconds,
    },
    {
      label: "Sweep",
      functionName: work.sweep.nodes.function.name,
      timeoutSeconds: POLICY.functions.sweep.timeoutSeconds,
    },
    {
      label: "Nightly",
      functionName: work.nightly.nodes.function.name,
      timeoutSeconds: POLICY.functions.nightly.timeoutSeconds,
    },
  ];
  const server = site.nodes.server;
  if (server) {
    const functionName = $resolve(server).apply((each) => each.name);
    watched.push({ label: "Site", functionName, timeoutSeconds: POLICY.functions.site.timeoutSeconds });
    alarm("SiteSlow", {
      alarmDescription: "Pages take long: p95 over a second for five minutes.",
      namespace: "AWS/Lambda",
      metricName: "Duration",
      dimensions: { FunctionName: functionName },
      extendedStatistic: "p95",
      period: 300,
      threshold: POLICY.alarms.siteP95Ms,
    });
  }
  for (const each of watched) functionAlarms(alarm, each);
  tableAlarms(
    alarm,
    stored,
    $resolve(work.changes).apply((each) => each.nodes.function.name),
  );
  modelAlarms(alarm);
  if (isProduction($app.stage)) budget(topic.arn);
  return { topic, dashboard: dashboard(watched, jobs, stored) };
}

type Threshold = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "comparisonOperator" | "evaluationPeriods">;
type Alarm = (name: string, args: Threshold) => unknown;

function queueAlarms(alarm: Alarm, name: QueueName, jobs: $util.Input<string>, dead: $util.Input<string>): void {
  const title = name[0]?.toUpperCase() + name.slice(1);
  alarm(`${title}DeadLetters`, {
    alarmDescription: `A job of ${name} failed for good. Look at the reason and redrive it (docs/operating/redrive.md).`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: dead },
    statistic: "Maximum",
    period: 60,
    threshold: 0,
  });
  alarm(`${title}Waiting`, {
    alarmDescription: `Jobs of ${name} wait for a worker.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: jobs },
    statistic: "Maximum",
    period: 300,
    threshold: POLICY.alarms.oldestJobSeconds,
  });
}

/** One alarm a function, on whichever is wrong: errors, throttles, or coming near its timeout. */
function functionAlarms(alarm: Alarm, { label, functionName, timeoutSeconds }: Watched): void {
  const metric = (id: string, metricName: string, stat: string) => ({
    id,
    metric: { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName }, stat, period: 300 },
    returnData: false,
  });
  const { errorShare, durationShare } = POLICY.alarms;
  const isWrong = [
    `(errors / MAX([calls, 1]) > ${errorShare})`,
    "(throttles > 0)",
    `(longest > ${durationShare * timeoutSeconds * 1_000})`,
  ].join(" OR ");
  alarm(`${label}Failing`, {
    alarmDescription: `${label}: over ${errorShare * 100}% errors, throttled, or over ${durationShare * 100}% of its timeout.`,
    threshold: 0,
    metricQueries: [
      metric("errors", "Errors", "Sum"),
      metric("calls", "Invocations", "Sum"),
      metric("throttles", "Throttles", "Sum"),
      metric("longest", "Duration", "Maximum"),
      { id: "wrong", expression: `IF(${isWrong}, 1, 0)`, label: "wrong", returnData: true },
    ],
  });
}

function tableAlarms(alarm: Alarm, { table, failures }: Data, changes: $util.Output<string>): void {
  alarm("StreamBehind", {
    alarmDescription: "What was written is announced late.",
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensions: { FunctionName: changes },
    statistic: "Maximum",
    period: 300,
    threshold: POLICY.alarms.iteratorAgeMs,
  });
  alarm("StreamFailures", {
    alarmDescription: "Announcements were given up; their records are in the failures bucket.",
    namespace: "AWS/S3",
    metricName: "NumberOfObjects",
    dimensions: { BucketName: failures.name, StorageType: "AllStorageTypes" },
    statistic: "Maximum",
    period: 24 * 60 * 60,
    threshold: 0,
  });
  alarm("TableThrottled", {
    alarmDescription: "The table refuses requests.",
    namespace: "AWS/DynamoDB",
    metricName: "ThrottledRequests",
    dimensions: { TableName: table.name },
    statistic: "Sum",
    period: 60,
    threshold: POLICY.alarms.tableThrottlesPerMinute,
  });
}

/** What the product counts itself (`core/platform/metrics.ts`): a model that is slow to answer, and one that is dear. */
function modelAlarms(alarm: Alarm): void {
  const { modelTimeoutShare, modelUsdPerHour } = POLICY.alarms;
  const dimensions = { Stage: $app.stage };
  const metric = (id: string, metricName: string) => ({
    id,
    metric: { namespace: "Redline", metricName, dimensions, stat: "Sum", period: 300 },
    returnData: false,
  });
  alarm("ModelTimeouts", {
    alarmDescription: `Over ${modelTimeoutShare * 100}% of the calls to models ran out of time (docs/operating/model-outage.md).`,
    threshold: modelTimeoutShare,
    metricQueries: [
      metric("timeouts", "ModelTimeouts"),
      metric("calls", "ModelCalls"),
      { id: "share", expression: "FILL(timeouts, 0) / calls", label: "share", returnData: true },
    ],
  });
  alarm("ModelSpend", {
    alarmDescription: `The models cost over $${modelUsdPerHour} in an hour (docs/operating/quotas.md).`,
    namespace: "Redline",
    metricName: "ModelMicroUsd",
    dimensions,
    statistic: "Sum",
    period: 3_600,
    threshold: modelUsdPerHour * 1_000_000,
  });
}

function budget(topic: $util.Output<string>): void {
  new aws.budgets.Budget("MonthlyBudget", {
    budgetType: "COST",
    limitAmount: String(POLICY.budget.monthlyUsd),
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    notifications: [
      {
        comparisonOperator: "GREATER_THAN",
        threshold: POLICY.budget.warnShare * 100,
        thresholdType: "PERCENTAGE",
        notificationType: "FORECASTED",
        subscriberSnsTopicArns: [topic],
      },
    ],
  });
}
