/// <reference path="../.sst/platform/config.d.ts" />
import type { Data } from "./data";
import { functionConfig, monitoredFunction } from "./functions";
import { daysInSeconds, POLICY } from "./policy";
import { configValue } from "./required-config";

/** Creates the alarm topic with its optional e-mail and Slack subscriptions; undeliverable alarms go to a queue. */
export function notifications({ slackWebhook }: Pick<Data, "slackWebhook">) {
  // Unencrypted: CloudWatch alarms cannot use the AWS-managed key, and the topic carries only names and numbers.
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
  const endpoint = configValue("REDLINE_ALARM_EMAIL");
  if (endpoint) new aws.sns.TopicSubscription("AlarmEmail", { topic: topic.arn, protocol: "email", endpoint });
  const undelivered = new sst.aws.Queue("UndeliveredAlarms", {
    transform: {
      queue: { messageRetentionSeconds: daysInSeconds(POLICY.deadLetterDays), sqsManagedSseEnabled: true },
    },
  });
  const config = functionConfig(POLICY.functions.notify, { tracing: "off" });
  const slack = new sst.aws.Function("Notify", {
    ...config,
    handler: "packages/functions/src/notify.handler",
    link: [slackWebhook],
    permissions: [...config.permissions, { actions: ["sqs:SendMessage"], resources: [undelivered.arn] }],
  });
  new aws.lambda.FunctionEventInvokeConfig("NotifyRetries", {
    functionName: slack.name,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: undelivered.arn } },
  });
  new aws.lambda.Permission("NotifyFromAlarms", {
    action: "lambda:InvokeFunction",
    function: slack.name,
    principal: "sns.amazonaws.com",
    sourceArn: topic.arn,
  });
  new aws.sns.TopicSubscription("AlarmSlack", { topic: topic.arn, protocol: "lambda", endpoint: slack.arn });
  return { topic, monitored: monitoredFunction("Notify", slack, POLICY.functions.notify.timeoutSeconds) };
}
