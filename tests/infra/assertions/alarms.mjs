/** Rules for the alarms of a stage. */
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE } from "@redline/core/platform/metric-names";
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** @param {any} inputs @param {string} value whether an alarm looks at this, be it a metric or what it is of */
const watches = (inputs, value) => JSON.stringify(inputs ?? {}).includes(JSON.stringify(value));

/** Returns whether this stage's functions report the alarm's metric. @param {any} inputs @param {string} stage */
const isCounted = ({ namespace, metricName, dimensions }, stage) =>
  namespace === METRICS_NAMESPACE && metricName in METRICS && dimensions?.[METRICS_DIMENSION] === stage;

/** @type {InfraRule[]} */
export const ALARMS = [
  {
    rule: "an alarm watches every queue's oldest job and every dead letter",
    problems: ({ alarms, jobQueues, deadQueues }) => {
      const isWatched = (/** @type {any} */ queue, /** @type {string} */ metric) =>
        alarms.some(({ inputs }) => inputs.metricName === metric && inputs.dimensions?.QueueName === queue.inputs.name);
      return [
        ...each(
          jobQueues.filter((queue) => !isWatched(queue, "ApproximateAgeOfOldestMessage")),
          "nobody watches its oldest job",
        ),
        ...each(
          deadQueues.filter((queue) => !isWatched(queue, "ApproximateNumberOfMessagesVisible")),
          "nobody watches it",
        ),
      ];
    },
    mutate: (stack) => stack.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^ReviewDeadLetters/),
  },
  {
    rule: "a job that fails once and comes again raises no alarm of waiting; one that fails twice does",
    problems: ({ alarms, jobQueues }) =>
      each(
        jobQueues.filter(({ inputs: { name, visibilityTimeoutSeconds } }) => {
          const waiting = alarms.find(({ inputs }) => {
            return inputs.metricName === "ApproximateAgeOfOldestMessage" && inputs.dimensions?.QueueName === name;
          });
          const threshold = waiting?.inputs.threshold;
          return !(threshold > visibilityTimeoutSeconds && threshold < 2 * visibilityTimeoutSeconds);
        }),
        "its alarm does not know a retry from a job that nobody does",
      ),
    mutate: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "ReviewOldestJobAge") inputs.threshold = 600;
    },
  },
  {
    rule: "an alarm of each function tells when over a twentieth of its calls failed, and of its answers where it has a URL",
    problems: (stack) =>
      stack.functions.flatMap((fn) => {
        const hasUrl = stack
          .all("aws:lambda/functionUrl:FunctionUrl")
          .some(({ inputs }) => inputs.functionName === fn.inputs.name);
        const alarm = stack.alarms.find(
          ({ name, inputs }) =>
            name.endsWith("ErrorRate") && watches(inputs, fn.inputs.name) && inputs.threshold === 0.05,
        );
        const isWatched = hasUrl
          ? ["Url5xxCount", "UrlRequestCount"].every((metric) => watches(alarm?.inputs, metric))
          : alarm?.inputs.metricName === "Errors" && alarm.inputs.statistic === "Average";
        return isWatched ? [] : each([fn], "nobody watches it");
      }),
    mutate: (stack) => stack.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^SweepErrorRate/),
  },
  {
    rule: "every alarm tells someone, and looks at more than one metric only where one does not say it: each has a price",
    problems: ({ alarms }) => [
      ...each(
        alarms.filter(({ inputs }) => !inputs.alarmActions?.length),
        "tells nobody",
      ),
      ...each(
        alarms.filter(
          ({ name, inputs }) => inputs.metricQueries && !watches(inputs, "Url5xxCount") && name !== "TableThrottles",
        ),
        "several metrics",
      ),
    ],
    mutate: ({ alarms: [first] }) => {
      if (first) first.inputs.alarmActions = [];
    },
  },
  {
    rule: "being watched costs little: twenty-two metrics in alarms at most, and three of our own",
    problems: ({ alarms }) => {
      const watched = alarms.flatMap(({ inputs }) =>
        (inputs.metricQueries ?? [inputs]).filter((/** @type {any} */ each) => each.metric ?? each.metricName),
      );
      return [
        ...(watched.length <= 22 ? [] : [`${watched.length} metrics in alarms`]),
        ...(Object.keys(METRICS).length <= 3 ? [] : ["more metrics of our own"]),
      ];
    },
    mutate: (stack) => {
      const [first] = stack.alarms;
      if (first) for (let more = 0; more < 5; more += 1) stack.resources.push(structuredClone(first));
    },
  },
  {
    rule: "refused calls of any function raise an alarm, and calls that come near their timeout",
    problems: ({ alarms, app }) => {
      const inputsOf = (/** @type {string} */ name) => alarms.find((alarm) => alarm.name === name)?.inputs;
      const refused = inputsOf("LambdaThrottles");
      const near = inputsOf("NearTimeout");
      return [
        ...(refused?.metricName === "Throttles" && refused.threshold === 0 && !refused.dimensions
          ? []
          : ["a function may be refused unseen"]),
        ...(near?.threshold === 0 && isCounted(near, app.stage) ? [] : ["nobody watches for time-outs to come"]),
      ];
    },
    mutate: ({ alarms }) => {
      for (const { name, inputs } of alarms)
        if (name === "LambdaThrottles") inputs.dimensions = { FunctionName: "one" };
    },
  },
  {
    rule: "slow pages, a late stream, lost announcements and a throttled table raise alarms",
    problems: ({ alarms, functions: all }) => {
      const named = (/** @type {string} */ name) => alarms.find((alarm) => alarm.name === name)?.inputs;
      const of = (/** @type {RegExp} */ name) => all.find((fn) => name.test(fn.name))?.inputs.name;
      const slow = named("SiteLatency");
      const late = named("StreamLag");
      return [
        ...["SiteLatency", "StreamLag", "StreamFailures", "TableThrottles"]
          .filter((name) => !named(name))
          .map((name) => `no alarm ${name}`),
        ...(slow?.extendedStatistic === "p95" &&
        slow.threshold === 1_000 &&
        slow.dimensions.FunctionName === of(/^SiteServer/)
          ? []
          : ["pages may take over a second"]),
        ...(late?.metricName === "IteratorAge" && late.dimensions.FunctionName === of(/TableChanges/)
          ? []
          : ["announcements may be late"]),
        ...(named("TableThrottles")?.threshold === 10 ? [] : ["the table may refuse more than ten a minute"]),
      ];
    },
    mutate: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "StreamLag") inputs.dimensions.FunctionName = "another";
    },
  },
  {
    rule: "the table's alarm adds up what DynamoDB counts for a table as a whole, and takes what is not there for nothing",
    problems: ({ alarms, table }) => {
      const queries = alarms.find(({ name }) => name === "TableThrottles")?.inputs.metricQueries ?? [];
      const expression = queries.find((/** @type {any} */ one) => one.returnData)?.expression ?? "";
      return ["ReadThrottleEvents", "WriteThrottleEvents"].flatMap((event) => {
        const { id, metric } =
          queries.find((/** @type {any} */ one) => one.metric?.metricName === event) ?? /** @type {any} */ ({});
        const isOfTheTable =
          metric?.namespace === "AWS/DynamoDB" &&
          metric.stat === "Sum" &&
          metric.period === 60 &&
          // With any other dimension it is a metric of something else; `ThrottledRequests` has none like this.
          JSON.stringify(metric.dimensions) === JSON.stringify({ TableName: table.inputs.name });
        return [
          ...(isOfTheTable ? [] : [`${event} of the table is not seen`]),
          ...(expression.includes(`FILL(${id}, 0)`) ? [] : [`${event} must be there to be added`]),
        ];
      });
    },
    mutate: ({ alarms }) => {
      for (const { name, inputs } of alarms)
        if (name === "TableThrottles") inputs.metricQueries[0].metric.metricName = "ThrottledRequests";
    },
  },
  {
    rule: "a model that runs out of time or costs much raises an alarm, on what the functions of this stage count",
    problems: ({ alarms, app }) => {
      const timeouts = alarms.find(({ name }) => name === "ModelTimeouts")?.inputs;
      const spend = alarms.find(({ name }) => name === "ModelSpend")?.inputs;
      return [
        ...(timeouts?.threshold === 0.1 && timeouts.statistic === "Average"
          ? []
          : ["nobody watches time-outs over a tenth"]),
        ...(spend?.threshold === 20_000_000 && spend.period === 3_600 ? [] : ["nobody watches $20 an hour"]),
        ...[timeouts, spend]
          .filter((inputs) => !inputs || !isCounted(inputs, app.stage))
          .map((inputs) => `${inputs?.metricName} is counted by nobody here`),
      ];
    },
    mutate: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "ModelSpend") inputs.dimensions = {};
    },
  },
  {
    rule: "production warns before its budget is spent: of what is spent, and of what will be",
    in: "production",
    problems: (stack) => {
      const warnings = stack.all("aws:budgets/budget:Budget").flatMap(({ inputs }) => inputs.notifications ?? []);
      const isWarned = (/** @type {string} */ type) =>
        warnings.some(
          (one) =>
            one.notificationType === type &&
            one.threshold === 80 &&
            one.thresholdType === "PERCENTAGE" &&
            one.subscriberSnsTopicArns?.some((/** @type {string} */ arn) => /:Alarms|-Alarms/.test(arn)),
        );
      return ["ACTUAL", "FORECASTED"].filter((type) => !isWarned(type)).map((type) => `no warning of ${type} at 80%`);
    },
    mutate: (stack) => stack.one("aws:budgets/budget:Budget", /./).inputs.notifications.pop(),
  },
];
