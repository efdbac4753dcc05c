/** Rules for the dashboard of a stage. */
import { SUMS } from "@redline/core/platform/metric-names";
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** `SOURCE '…' | SOURCE '…' | filter … | stats sum(…) as …, … by bin(…)`, the part of Logs Insights that is used. */
const LOGS_INSIGHTS =
  /^(?:SOURCE '[^']+' \| )+filter [^|]+ \| stats (?:\w+\([\w*]+\) as \w+(?:, )?)+ by bin\(\d+[mhd]\)$/;

/** @type {InfraRule["in"]} Stages whose operator asked for a dashboard, in the tests. */
const SHOWN = ["dev", "production"];

/** @type {InfraRule[]} */
export const DASHBOARD = [
  {
    rule: "there is one dashboard, with every function, queue, dead letters, log and the table of the stage on it",
    in: SHOWN,
    problems: (stack) => {
      const [dashboard, ...more] = stack.all("aws:cloudwatch/dashboard:Dashboard");
      if (!dashboard || more.length > 0) return ["not one dashboard"];
      const text = dashboard.inputs.dashboardBody;
      const shown = (/** @type {string} */ name) => text.includes(`"${name}"`);
      return [
        ...each(
          stack.functions.filter(({ inputs }) => !shown(inputs.name)),
          "not shown",
        ),
        ...each(
          stack.functions.filter(({ inputs }) => !text.includes(`SOURCE '${inputs.loggingConfig.logGroup}'`)),
          "its log is not read",
        ),
        ...each(
          [...stack.jobQueues, ...stack.deadQueues].filter(({ inputs }) => !shown(inputs.name)),
          "not shown",
        ),
        ...(shown(stack.table.inputs.name) ? [] : ["the table is not shown"]),
      ];
    },
    mutate: (stack) => {
      const { inputs } = stack.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replace(/SOURCE '[^']*NightlyHandler[^']*' \| /g, "");
    },
  },
  {
    rule: "what each index of the table refuses is on the dashboard, because no alarm looks at it",
    in: SHOWN,
    problems: (stack) => {
      const { widgets } = JSON.parse(stack.one("aws:cloudwatch/dashboard:Dashboard", /./).inputs.dashboardBody);
      const shown = JSON.stringify(widgets.map((/** @type {any} */ widget) => widget.properties.metrics ?? []));
      const indexes = stack.table.inputs.globalSecondaryIndexes.map((/** @type {any} */ index) => index.name);
      return indexes.flatMap((/** @type {string} */ index) =>
        ["ReadThrottleEvents", "WriteThrottleEvents"]
          .map((event) => [
            "AWS/DynamoDB",
            event,
            "TableName",
            stack.table.inputs.name,
            "GlobalSecondaryIndexName",
            index,
          ])
          .filter((series) => !shown.includes(JSON.stringify(series)))
          .map((series) => `not shown: ${series.join(" ")}`),
      );
    },
    mutate: (stack) => {
      const { inputs } = stack.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replaceAll("GlobalSecondaryIndexName", "IndexName");
    },
  },
  {
    rule: "the dashboard's questions to the log are of its language, and ask for what is counted",
    in: SHOWN,
    problems: (stack) => {
      const { widgets } = JSON.parse(stack.one("aws:cloudwatch/dashboard:Dashboard", /./).inputs.dashboardBody);
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
    mutate: (stack) => {
      const { inputs } = stack.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replaceAll("SessionsCreated", "SessionsMade");
    },
  },
];
