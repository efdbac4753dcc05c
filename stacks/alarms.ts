/// <reference path="../.sst/platform/config.d.ts" />
import { type METRICS, METRICS_DIMENSION, METRICS_NAMESPACE } from "@redline/core/platform/metric-names";
import type { Data } from "./data";
import type { MonitoredFunction } from "./functions";
import { isProduction, oldestJobSeconds, POLICY, type QueueName } from "./policy";
import { allQueues, type Queues } from "./queues";

/**
 * Creates the alarms, which all notify one topic, and returns them by name. CloudWatch charges per metric in an alarm, so
 * each uses as few as it can; a composite alarm would cost as much as five and add nothing to the topic.
 */
export function alarms(stored: Data, jobs: Queues, functions: MonitoredFunction[], topic: aws.sns.Topic) {
  const created: Record<string, aws.cloudwatch.MetricAlarm> = {};
  const alarm: CreateAlarm = (name, args) => {
    created[name] = new aws.cloudwatch.MetricAlarm(name, {
      ...args,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
    });
  };
  for (const each of allQueues(jobs))
    queueAlarms(alarm, each.name, each.queue.nodes.queue.name, each.dead.nodes.queue.name);
  newDeadLettersAlarm(alarm, jobs.review.dead.nodes.queue.name);
  for (const each of functions) functionAlarm(alarm, each);
  latencyAlarms(alarm, functions);
  tableAlarms(alarm, stored, functions);
  modelAlarms(alarm);
  if (isProduction($app.stage)) budget(topic.arn);
  return created;
}

type AlarmArgs = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "comparisonOperator" | "evaluationPeriods">;
type CreateAlarm = (name: string, args: AlarmArgs) => void;

function queueAlarms(alarm: CreateAlarm, name: QueueName, jobs: $util.Input<string>, dead: $util.Input<string>): void {
  const title = name[0]?.toUpperCase() + name.slice(1);
  alarm(`${title}DeadLetters`, {
    alarmDescription: `A ${name} job failed permanently. Check the reason, then redrive it (docs/operating/redrive.md).`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: dead },
    statistic: "Maximum",
    period: 60,
    threshold: 0,
  });
  alarm(`${title}OldestJobAge`, {
    alarmDescription: `A ${name} job failed twice or has no worker.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: jobs },
    statistic: "Maximum",
    period: 300,
    threshold: oldestJobSeconds(name),
  });
}

/**
 * Detects jobs dead-lettered in the last five minutes, regardless of older ones, so that it can roll back the code that does
 * it. Counts what the worker sends, not what SQS moves after too many receives: those failed calls raise `ReviewErrorRate`.
 */
function newDeadLettersAlarm(alarm: CreateAlarm, dead: $util.Input<string>): void {
  alarm("ReviewNewDeadLetters", {
    alarmDescription: "A review job was dead-lettered in the last five minutes.",
    namespace: "AWS/SQS",
    metricName: "NumberOfMessagesSent",
    dimensions: { QueueName: dead },
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
}

/** Functions behind a URL: their errors are 5xx responses of invocations that succeeded. */
const URL_FUNCTIONS = new Set(["Site", "Logs"]);

function functionAlarm(alarm: CreateAlarm, { label, name }: MonitoredFunction): void {
  const { errorShare } = POLICY.alarms;
  const common = {
    alarmDescription: `${label}: over ${errorShare * 100}% of calls failed or timed out within five minutes.`,
    threshold: errorShare,
  };
  const metric = { namespace: "AWS/Lambda", dimensions: { FunctionName: name }, period: 300 };
  // Each invocation records `Errors` as 0 or 1, so the average is the error rate.
  if (!URL_FUNCTIONS.has(label)) {
    alarm(`${label}ErrorRate`, { ...common, ...metric, metricName: "Errors", statistic: "Average" });
    return;
  }
  const sum = (id: string, metricName: string) => ({
    ...{ id, metric: { ...metric, metricName, stat: "Sum" }, returnData: false },
  });
  alarm(`${label}ErrorRate`, {
    ...common,
    metricQueries: [
      sum("failed", "Url5xxCount"),
      sum("requests", "UrlRequestCount"),
      { id: "rate", expression: "FILL(failed, 0) / requests", label: "rate", returnData: true },
    ],
  });
}

function latencyAlarms(alarm: CreateAlarm, functions: MonitoredFunction[]): void {
  const { siteP95Ms, durationShare } = POLICY.alarms;
  alarm("LambdaThrottles", {
    alarmDescription: "Invocations are throttled: the account or a function is out of concurrency.",
    namespace: "AWS/Lambda",
    // No dimension: covers every function of the account, including future ones.
    metricName: "Throttles",
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
  alarm("NearTimeout", {
    alarmDescription: `A call took over ${durationShare * 100}% of its function's timeout; the log names the function.`,
    ...customMetric("NearTimeout"),
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
  for (const { name } of functions.filter(({ label }) => label === "Site")) {
    alarm("SiteLatency", {
      alarmDescription: "Page latency: p95 over one second for five minutes.",
      namespace: "AWS/Lambda",
      metricName: "Duration",
      dimensions: { FunctionName: name },
      extendedStatistic: "p95",
      period: 300,
      threshold: siteP95Ms,
    });
  }
}

function tableAlarms(alarm: CreateAlarm, { table, failures }: Data, functions: MonitoredFunction[]): void {
  for (const { name } of functions.filter(({ label }) => label === "Changes")) {
    alarm("StreamLag", {
      alarmDescription: "The table's stream is processed late: jobs are enqueued with a delay.",
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      dimensions: { FunctionName: name },
      statistic: "Maximum",
      period: 300,
      threshold: POLICY.alarms.iteratorAgeMs,
    });
  }
  alarm("StreamFailures", {
    alarmDescription: "Stream records exhausted their retries; they are in the failures bucket.",
    namespace: "AWS/S3",
    metricName: "NumberOfObjects",
    dimensions: { BucketName: failures.name, StorageType: "AllStorageTypes" },
    statistic: "Maximum",
    period: 24 * 60 * 60,
    threshold: 0,
  });
  // `ThrottledRequests` exists per operation only. Index throttles are separate metrics, two per index: they are on the
  // dashboard, and show up here as failed calls once retries are exhausted.
  const throttles = (id: string, metricName: string) => ({
    id,
    metric: {
      ...{ namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: table.name } },
      ...{ period: 60, stat: "Sum" },
    },
    returnData: false,
  });
  alarm("TableThrottles", {
    alarmDescription: "DynamoDB throttles requests to the table.",
    metricQueries: [
      throttles("reads", "ReadThrottleEvents"),
      throttles("writes", "WriteThrottleEvents"),
      // Reported only when throttling occurs, and alarms on DynamoDB metrics keep their state while data is missing.
      { id: "both", expression: "SUM([FILL(reads, 0), FILL(writes, 0)])", label: "both", returnData: true },
    ],
    threshold: POLICY.alarms.tableThrottlesPerMinute,
  });
}

/** Returns a metric that the product reports itself, for this stage. */
const customMetric = (metricName: keyof typeof METRICS) => ({
  namespace: METRICS_NAMESPACE,
  metricName,
  dimensions: { [METRICS_DIMENSION]: $app.stage },
});

function modelAlarms(alarm: CreateAlarm): void {
  const { modelTimeoutShare, modelUsdPerHour } = POLICY.alarms;
  alarm("ModelTimeouts", {
    alarmDescription: `Over ${modelTimeoutShare * 100}% of model calls timed out (docs/operating/model-outage.md).`,
    ...customMetric("ModelTimeouts"),
    statistic: "Average",
    period: 300,
    threshold: modelTimeoutShare,
  });
  alarm("ModelSpend", {
    alarmDescription: `Model spend exceeded $${modelUsdPerHour} in one hour (docs/operating/quotas.md).`,
    ...customMetric("ModelMicroUsd"),
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
    // A forecast needs weeks of data and misses a sudden expense.
    notifications: ["FORECASTED", "ACTUAL"].map((notificationType) => ({
      comparisonOperator: "GREATER_THAN",
      threshold: POLICY.budget.warnShare * 100,
      thresholdType: "PERCENTAGE",
      notificationType,
      subscriberSnsTopicArns: [topic],
    })),
  });
}
