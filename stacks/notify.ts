/// <reference path="../.sst/platform/config.d.ts" />
import { chosen } from "./choices";
import type { Data } from "./data";
import { plannedFunction, watched } from "./functions";
import { daysInSeconds, POLICY } from "./policy";

export type Notify = ReturnType<typeof notify>;

/** Whom alarms tell: an address by e-mail, a channel of Slack, both or neither; what could not be said is kept. */
export function notify({ slackWebhook }: Pick<Data, "slackWebhook">) {
  // Without a key of its own: alarms may not use the one that AWS manages, and a topic holds names and numbers only.
  const topic = new aws.sns.Topic("Alarms");
  const { accountId } = aws.getCallerIdentityOutput();
  new aws.sns.TopicPolicy("AlarmsPolicy", {
    arn: topic.arn,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sns:Publish"],
          resources: [topic.arn],
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
        },
      ],
    }).json,
  });
  const endpoint = chosen("REDLINE_ALARM_EMAIL");
  if (endpoint) new aws.sns.TopicSubscription("AlarmEmail", { topic: topic.arn, protocol: "email", endpoint });
  const unsaid = new sst.aws.Queue("UnsaidAlarms", {
    transform: {
      queue: { messageRetentionSeconds: daysInSeconds(POLICY.deadLetterDays), sqsManagedSseEnabled: true },
    },
  });
  const plan = plannedFunction(POLICY.functions.notify, { tracing: "never" });
  const slack = new sst.aws.Function("Notify", {
    ...plan,
    handler: "packages/functions/src/notify.handler",
    link: [slackWebhook],
    permissions: [...plan.permissions, { actions: ["sqs:SendMessage"], resources: [unsaid.arn] }],
  });
  new aws.lambda.FunctionEventInvokeConfig("NotifyRetries", {
    functionName: slack.name,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: unsaid.arn } },
  });
  new aws.lambda.Permission("NotifyFromAlarms", {
    action: "lambda:InvokeFunction",
    function: slack.name,
    principal: "sns.amazonaws.com",
    sourceArn: topic.arn,
  });
  new aws.sns.TopicSubscription("AlarmSlack", { topic: topic.arn, protocol: "lambda", endpoint: slack.arn });
  return { topic, watched: watched("Notify", slack, POLICY.functions.notify.timeoutSeconds) };
}
