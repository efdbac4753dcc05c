/** Rules for the recipients of alarms. */

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** @type {InfraRule[]} */
export const NOTIFY = [
  {
    rule: "CloudWatch and the budget may publish alarms, for this account alone, and no key stands between",
    problems: (stack) => {
      const topic = stack.one("aws:sns/topic:Topic", /^Alarms/);
      const [policy] = stack.all("aws:sns/topicPolicy:TopicPolicy");
      const statements = JSON.parse(policy?.inputs.policy ?? '{"Statement":[]}').Statement;
      const publishers = statements.flatMap((/** @type {any} */ each) => each.Principal?.Service ?? []);
      return [
        // Alarms may not use the key that AWS manages for SNS: they would never be delivered.
        ...(topic.inputs.kmsMasterKeyId ? ["alarms can't use its key"] : []),
        ...["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
          .filter((service) => !publishers.includes(service))
          .map((service) => `${service} may not publish`),
        ...statements
          .filter((/** @type {any} */ each) => !each.Condition?.StringEquals?.["aws:SourceAccount"])
          .map(() => "other accounts may publish"),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:sns/topic:Topic", /^Alarms/).inputs.kmsMasterKeyId = "alias/aws/sns";
    },
  },
  {
    rule: "Slack is told of every alarm, tried again, and what could not be told is kept a fortnight",
    problems: (stack) => {
      const name = stack.one("aws:lambda/function:Function", /^NotifyFunction/).inputs.name;
      const subscribed = stack
        .all("aws:sns/topicSubscription:TopicSubscription")
        .some(({ inputs }) => inputs.protocol === "lambda" && inputs.endpoint.endsWith(`:${name}`));
      const allowed = stack
        .all("aws:lambda/permission:Permission")
        .some(({ inputs }) => inputs.function === name && inputs.principal === "sns.amazonaws.com" && inputs.sourceArn);
      const retries = stack
        .all("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
        .find(({ inputs }) => inputs.functionName === name)?.inputs;
      const kept = stack.one("aws:sqs/queue:Queue", /^UndeliveredAlarms/).inputs;
      return [
        ...(subscribed && allowed ? [] : ["nobody calls it"]),
        ...(retries?.maximumRetryAttempts === 2 ? [] : ["it is not tried again"]),
        ...(retries?.destinationConfig?.onFailure.destination.endsWith(`:${kept.name}`) ? [] : ["it is dropped"]),
        ...(kept.messageRetentionSeconds === 14 * 24 * 60 * 60 && kept.sqsManagedSseEnabled ? [] : ["it is not kept"]),
      ];
    },
    mutate: (stack) => stack.remove("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", /^Notify/),
  },
  {
    rule: "only what tells Slack knows its webhook, and it knows no other secret and touches nothing but what it keeps",
    problems: ({ builds, statements }) => {
      const notify = builds.find(({ id }) => id.startsWith("Notify"));
      return [
        ...(notify?.links.join() === "SlackWebhook" ? [] : [`it is linked to ${notify?.links.join()}`]),
        ...builds
          .filter(({ id, links }) => !id.startsWith("Notify") && links.includes("SlackWebhook"))
          .map(({ id }) => id),
        ...statements
          .filter(({ role }) => role.startsWith("NotifyRole"))
          .filter(
            ({ Action, Resource }) => Action.join() !== "sqs:SendMessage" || !/UndeliveredAlarms/.test(Resource.join()),
          )
          .map(({ Action }) => Action.join()),
      ];
    },
    mutate: ({ builds }) => void builds.find(({ id }) => id.startsWith("Sweep"))?.links.push("SlackWebhook"),
  },
];
