/** What shows operators how the stage is doing. */
import { SUMS } from "@redline/core/platform/metric-names";
import { each } from "./must.mjs";

/** @typedef {import("./must.mjs").Must} Must */

/** `SOURCE '…' | SOURCE '…' | filter … | stats sum(…) as …, … by bin(…)`, the part of Logs Insights that is used. */
const LOGS_INSIGHTS =
  /^(?:SOURCE '[^']+' \| )+filter [^|]+ \| stats (?:\w+\([\w*]+\) as \w+(?:, )?)+ by bin\(\d+[mhd]\)$/;

/** @type {Must[]} */
export const DASHBOARD = [
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
    must: "what each index of the table refuses is on the dashboard, because no alarm looks at it",
    problems: (world) => {
      const { widgets } = JSON.parse(world.one("aws:cloudwatch/dashboard:Dashboard", /./).inputs.dashboardBody);
      const shown = JSON.stringify(widgets.map((/** @type {any} */ widget) => widget.properties.metrics ?? []));
      const indexes = world.table.inputs.globalSecondaryIndexes.map((/** @type {any} */ index) => index.name);
      return indexes.flatMap((/** @type {string} */ index) =>
        ["ReadThrottleEvents", "WriteThrottleEvents"]
          .map((event) => [
            "AWS/DynamoDB",
            event,
            "TableName",
            world.table.inputs.name,
            "GlobalSecondaryIndexName",
            index,
          ])
          .filter((series) => !shown.includes(JSON.stringify(series)))
          .map((series) => `not shown: ${series.join(" ")}`),
      );
    },
    breaks: (world) => {
      const { inputs } = world.one("aws:cloudwatch/dashboard:Dashboard", /./);
      inputs.dashboardBody = inputs.dashboardBody.replaceAll("GlobalSecondaryIndexName", "IndexName");
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
