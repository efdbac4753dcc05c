/** What tells operators how the stage is doing. */
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE, SUMS } from "@redline/core/platform/metric-names";
import { each } from "./must.mjs";

/** @typedef {import("./must.mjs").Must} Must */

/** `SOURCE '…' | SOURCE '…' | filter … | stats sum(…) as …, … by bin(…)`, the part of Logs Insights that is used. */
const LOGS_INSIGHTS =
  /^(?:SOURCE '[^']+' \| )+filter [^|]+ \| stats (?:\w+\([\w*]+\) as \w+(?:, )?)+ by bin\(\d+[mhd]\)$/;

/** @param {any} inputs @param {string} value whether an alarm looks at this, be it a metric or what it is of */
const watches = (inputs, value) => JSON.stringify(inputs ?? {}).includes(JSON.stringify(value));

/** Whether the functions of this stage count what an alarm looks at. @param {any} inputs @param {string} stage */
const isCounted = ({ namespace, metricName, dimensions }, stage) =>
  namespace === METRICS_NAMESPACE && metricName in METRICS && dimensions?.[METRICS_DIMENSION] === stage;

/** @type {Must[]} */
export const ALARMS = [
  {
    must: "an alarm watches every queue's oldest job and every dead letter",
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
    breaks: (world) => world.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^QaDeadLetters/),
  },
  {
    must: "an alarm of each function tells when over a twentieth of its calls failed, and of its answers where it has a URL",
    problems: (world) =>
      world.functions.flatMap((fn) => {
        const hasUrl = world
          .all("aws:lambda/functionUrl:FunctionUrl")
          .some(({ inputs }) => inputs.functionName === fn.inputs.name);
        const alarm = world.alarms.find(
          ({ name, inputs }) =>
            name.endsWith("Failing") && watches(inputs, fn.inputs.name) && inputs.threshold === 0.05,
        );
        const isWatched = hasUrl
          ? ["Url5xxCount", "UrlRequestCount"].every((metric) => watches(alarm?.inputs, metric))
          : alarm?.inputs.metricName === "Errors" && alarm.inputs.statistic === "Average";
        return isWatched ? [] : each([fn], "nobody watches it");
      }),
    breaks: (world) => world.remove("aws:cloudwatch/metricAlarm:MetricAlarm", /^SweepFailing/),
  },
  {
    must: "every alarm tells someone, and looks at more than one metric only for a share of answers: each has a price",
    problems: ({ alarms }) => [
      ...each(
        alarms.filter(({ inputs }) => !inputs.alarmActions?.length),
        "tells nobody",
      ),
      ...each(
        alarms.filter(({ inputs }) => inputs.metricQueries && !watches(inputs, "Url5xxCount")),
        "several metrics",
      ),
    ],
    breaks: ({ alarms: [first] }) => {
      if (first) first.inputs.alarmActions = [];
    },
  },
  {
    must: "being watched costs little: thirty metrics in alarms at most, and three of our own",
    problems: ({ alarms }) => {
      const watched = alarms.flatMap(({ inputs }) =>
        (inputs.metricQueries ?? [inputs]).filter((/** @type {any} */ each) => each.metric ?? each.metricName),
      );
      return [
        ...(watched.length <= 30 ? [] : [`${watched.length} metrics in alarms`]),
        ...(Object.keys(METRICS).length <= 3 ? [] : ["more metrics of our own"]),
      ];
    },
    breaks: (world) => {
      const [first] = world.alarms;
      if (first) for (let more = 0; more < 5; more += 1) world.resources.push(structuredClone(first));
    },
  },
  {
    must: "refused calls of any function raise an alarm, and calls that come near their timeout",
    problems: ({ alarms, app }) => {
      const inputsOf = (/** @type {string} */ name) => alarms.find((alarm) => alarm.name === name)?.inputs;
      const refused = inputsOf("Throttled");
      const near = inputsOf("NearTimeout");
      return [
        ...(refused?.metricName === "Throttles" && refused.threshold === 0 && !refused.dimensions
          ? []
          : ["a function may be refused unseen"]),
        ...(near?.threshold === 0 && isCounted(near, app.stage) ? [] : ["nobody watches for time-outs to come"]),
      ];
    },
    breaks: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "Throttled") inputs.dimensions = { FunctionName: "one" };
    },
  },
  {
    must: "slow pages, a late stream, lost announcements and a throttled table raise alarms",
    problems: ({ alarms, functions: all }) => {
      const named = (/** @type {string} */ name) => alarms.find((alarm) => alarm.name === name)?.inputs;
      const of = (/** @type {RegExp} */ name) => all.find((fn) => name.test(fn.name))?.inputs.name;
      const slow = named("SiteSlow");
      const late = named("StreamBehind");
      return [
        ...["SiteSlow", "StreamBehind", "StreamFailures", "TableThrottled"]
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
        ...(named("TableThrottled")?.threshold === 10 ? [] : ["the table may refuse more than ten a minute"]),
      ];
    },
    breaks: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "StreamBehind") inputs.dimensions.FunctionName = "another";
    },
  },
  {
    must: "a model that runs out of time or costs much raises an alarm, on what the functions of this stage count",
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
    breaks: ({ alarms }) => {
      for (const { name, inputs } of alarms) if (name === "ModelSpend") inputs.dimensions = {};
    },
  },
  {
    must: "production warns before its budget is spent",
    in: "production",
    problems: (world) =>
      world
        .all("aws:budgets/budget:Budget")
        .some(({ inputs }) => inputs.notifications?.some((/** @type {any} */ one) => one.threshold === 80))
        ? []
        : ["no budget with a warning at 80%"],
    breaks: (world) => world.remove("aws:budgets/budget:Budget", /./),
  },
  {
    must: "there is one dashboard, with every function, queue, dead letters, log and the table of the stage on it",
    problems: (world) => {
      const [dashboard, ...more] = world.all("aws:cloudwatch/dashboard:Dashboard");
      if (!dashboard || more.length > 0) return ["not one dashboard"];
      const text = dashboard.inputs.dashboardBody;
      const shown = (/** @type {string} */ name) => text.includes(`"${name}"`);
      return [
        ...each(
          world.functions.filter(({ inputs }) => !shown(inputs.name)),
          "not shown",
        ),
        ...each(
          world.functions.filter(({ inputs }) => !text.includes(`SOURCE '${inputs.loggingConfig.logGroup}'`)),
          "its log is not read",
        ),
        ...each(
          [...world.jobQueues, ...world.deadQueues].filter(({ inputs }) => !shown(inputs.name)),
          "not shown",
        ),
        ...(shown(world.table.inputs.name) ? [] : ["the table is not shown"]),
      ];
    },
    breaks: (world) => {
      const { inputs } = world.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replace(/SOURCE '[^']*NightlyHandler[^']*' \| /g, "");
    },
  },
  {
    must: "the dashboard's questions to the log are of its language, and ask for what is counted",
    problems: (world) => {
      const { widgets } = JSON.parse(world.one("aws:cloudwatch/dashboard:Dashboard", /./).inputs.dashboardBody);
      const queries = widgets
        .filter((/** @type {any} */ widget) => widget.type === "log")
        .map((/** @type {any} */ widget) => widget.properties.query);
      const asked = new Set(queries.join(" ").match(/(?<=ispresent\()\w+/g));
      return [
        ...queries
          .filter((/** @type {string} */ query) => !LOGS_INSIGHTS.test(query))
          .map((/** @type {string} */ query) => `no question: ${query}`),
        ...SUMS.filter((name) => !asked.has(name)).map((name) => `${name} is counted and never shown`),
      ];
    },
    breaks: (world) => {
      const { inputs } = world.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replaceAll("SessionsCreated", "SessionsMade");
    },
  },
];
