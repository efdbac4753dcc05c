/// <reference path="../.sst/platform/config.d.ts" />
import { type METRICS, METRICS_DIMENSION, METRICS_NAMESPACE } from "@redline/core/platform/metric-names";
import type { Data } from "./data";
import type { Watched } from "./functions";
import { isProduction, oldestJobSeconds, POLICY, type QueueName } from "./policy";
import { allQueues, type Queues } from "./queues";

/**
 * What needs the operators, told by one topic; by name. CloudWatch asks a price for each metric in an alarm, so each alarm looks at
 * as few as it can; a composite alarm costs as much as five and says nothing that the topic does not.
 */
export function alarms(stored: Data, jobs: Queues, functions: Watched[], topic: aws.sns.Topic) {
  const made: Record<string, aws.cloudwatch.MetricAlarm> = {};
  const alarm: Alarm = (name, args) => {
    made[name] = new aws.cloudwatch.MetricAlarm(name, {
      ...args,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
    });
  };
  for (const each of allQueues(jobs))
    queueAlarms(alarm, each.name, each.queue.nodes.queue.name, each.dead.nodes.queue.name);
  givingUpAlarm(alarm, jobs.review.dead.nodes.queue.name);
  for (const each of functions) functionAlarm(alarm, each);
  latenessAlarms(alarm, functions);
  tableAlarms(alarm, stored, functions);
  modelAlarms(alarm);
  if (isProduction($app.stage)) budget(topic.arn);
  return made;
}

type Threshold = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "comparisonOperator" | "evaluationPeriods">;
type Alarm = (name: string, args: Threshold) => void;

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
    alarmDescription: `A job of ${name} failed twice, or waits for a worker.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: jobs },
    statistic: "Maximum",
    period: 300,
    threshold: oldestJobSeconds(name),
  });
}

/**
 * Jobs that were given up just now, whatever lies there from before: takes back the code that does it. Counted is what the
 * worker sends, not what the queue itself moves after too many receives, which had failed calls that `ReviewFailing` saw.
 */
function givingUpAlarm(alarm: Alarm, dead: $util.Input<string>): void {
  alarm("ReviewGivingUp", {
    alarmDescription: "A job of review was given up within five minutes.",
    namespace: "AWS/SQS",
    metricName: "NumberOfMessagesSent",
    dimensions: { QueueName: dead },
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
}

/** Answer requests at a URL: what goes wrong there is an answer of 500 or more, while its call counts as done. */
const AT_URLS = new Set(["Site", "Logs"]);

function functionAlarm(alarm: Alarm, { label, name }: Watched): void {
  const { errorShare } = POLICY.alarms;
  const told = {
    alarmDescription: `${label}: over ${errorShare * 100}% of the calls of five minutes failed or ran out of time.`,
    threshold: errorShare,
  };
  const metric = { namespace: "AWS/Lambda", dimensions: { FunctionName: name }, period: 300 };
  // Every call leaves a sample of `Errors`, 0 or 1, so that their average is the share of calls that failed.
  if (!AT_URLS.has(label)) {
    alarm(`${label}Failing`, { ...told, ...metric, metricName: "Errors", statistic: "Average" });
    return;
  }
  const sum = (id: string, metricName: string) => ({
    ...{ id, metric: { ...metric, metricName, stat: "Sum" }, returnData: false },
  });
  alarm(`${label}Failing`, {
    ...told,
    metricQueries: [
      sum("failed", "Url5xxCount"),
      sum("asked", "UrlRequestCount"),
      { id: "share", expression: "FILL(failed, 0) / asked", label: "share", returnData: true },
    ],
  });
}

function latenessAlarms(alarm: Alarm, functions: Watched[]): void {
  const { siteP95Ms, durationShare } = POLICY.alarms;
  alarm("Throttled", {
    alarmDescription: "Functions of this account are refused calls: their concurrency is used up.",
    namespace: "AWS/Lambda",
    // No dimension: of every function of the account, also of those to come.
    metricName: "Throttles",
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
  alarm("NearTimeout", {
    alarmDescription: `A call took over ${durationShare * 100}% of its function's time; the log says of which.`,
    ...own("NearTimeout"),
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
  for (const { name } of functions.filter(({ label }) => label === "Site")) {
    alarm("SiteSlow", {
      alarmDescription: "Pages take long: p95 over a second for five minutes.",
      namespace: "AWS/Lambda",
      metricName: "Duration",
      dimensions: { FunctionName: name },
      extendedStatistic: "p95",
      period: 300,
      threshold: siteP95Ms,
    });
  }
}

function tableAlarms(alarm: Alarm, { table, failures }: Data, functions: Watched[]): void {
  for (const { name } of functions.filter(({ label }) => label === "Changes")) {
    alarm("StreamBehind", {
      alarmDescription: "What was written is announced late.",
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      dimensions: { FunctionName: name },
      statistic: "Maximum",
      period: 300,
      threshold: POLICY.alarms.iteratorAgeMs,
    });
  }
  alarm("StreamFailures", {
    alarmDescription: "Announcements were given up; their records are in the failures bucket.",
    namespace: "AWS/S3",
    metricName: "NumberOfObjects",
    dimensions: { BucketName: failures.name, StorageType: "AllStorageTypes" },
    statistic: "Maximum",
    period: 24 * 60 * 60,
    threshold: 0,
  });
  // `ThrottledRequests` is there per operation only. What indexes refuse is counted apart, two metrics for each: seen on the
  // dashboard, and here as failed calls where trying again did not help.
  const refused = (id: string, metricName: string) => ({
    id,
    metric: {
      ...{ namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: table.name } },
      ...{ period: 60, stat: "Sum" },
    },
    returnData: false,
  });
  alarm("TableThrottled", {
    alarmDescription: "The table refuses requests.",
    metricQueries: [
      refused("reads", "ReadThrottleEvents"),
      refused("writes", "WriteThrottleEvents"),
      // They are there only when something was refused, and DynamoDB's alarms stay as they are while data is missing.
      { id: "both", expression: "SUM([FILL(reads, 0), FILL(writes, 0)])", label: "both", returnData: true },
    ],
    threshold: POLICY.alarms.tableThrottlesPerMinute,
  });
}

/** What the product counts itself, told apart by stage. */
const own = (metricName: keyof typeof METRICS) => ({
  namespace: METRICS_NAMESPACE,
  metricName,
  dimensions: { [METRICS_DIMENSION]: $app.stage },
});

/** A model that is slow to answer, and one that is dear. */
function modelAlarms(alarm: Alarm): void {
  const { modelTimeoutShare, modelUsdPerHour } = POLICY.alarms;
  alarm("ModelTimeouts", {
    alarmDescription: `Over ${modelTimeoutShare * 100}% of the calls to models ran out of time (docs/operating/model-outage.md).`,
    ...own("ModelTimeouts"),
    statistic: "Average",
    period: 300,
    threshold: modelTimeoutShare,
  });
  alarm("ModelSpend", {
    alarmDescription: `The models cost over $${modelUsdPerHour} in an hour (docs/operating/quotas.md).`,
    ...own("ModelMicroUsd"),
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
    // A forecast needs weeks of figures, and knows nothing of a sudden expense.
    notifications: ["FORECASTED", "ACTUAL"].map((notificationType) => ({
      comparisonOperator: "GREATER_THAN",
      threshold: POLICY.budget.warnShare * 100,
      thresholdType: "PERCENTAGE",
      notificationType,
      subscriberSnsTopicArns: [topic],
    })),
  });
}
