/** The functions and what starts them. */
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** They have no request that could have been traced. */
const WITHOUT_REQUEST = /TableChanges|^Sweep|^Nightly|^Notify/;

/** @type {InfraRule[]} */
export const FUNCTIONS = [
  {
    rule: "every function runs Node 22 on arm64 and writes structured logs that are kept a week at most",
    problems: (stack) =>
      stack.functions.flatMap((fn) => {
        const group = stack
          .all("aws:cloudwatch/logGroup:LogGroup")
          .find(({ inputs }) => inputs.name === fn.inputs.loggingConfig?.logGroup);
        const days = group?.inputs.retentionInDays;
        const most = stack.app.stage.startsWith("dev") ? 3 : 7;
        return [
          ...(fn.inputs.runtime === "nodejs22.x" ? [] : each([fn], `runs ${fn.inputs.runtime}`)),
          ...(fn.inputs.architectures?.[0] === "arm64" ? [] : each([fn], "not arm64")),
          ...(fn.inputs.loggingConfig?.logFormat === "JSON" ? [] : each([fn], "logs are not structured")),
          ...(fn.inputs.loggingConfig?.applicationLogLevel === "INFO" ? [] : each([fn], "its lines are left out")),
          ...(days > 0 && days <= most ? [] : each([fn], `logs are kept ${days ?? "for ever"}`)),
        ];
      }),
    mutate: (stack) => stack.remove("aws:cloudwatch/logGroup:LogGroup", /^Check/),
  },
  {
    rule: "Lambda's own lines are left out in production, where its metrics say the same, and kept elsewhere",
    problems: ({ app, functions: all }) => {
      const level = app.stage === "production" ? "WARN" : "INFO";
      return each(
        all.filter(({ inputs }) => inputs.loggingConfig?.systemLogLevel !== level),
        `not from ${level} on`,
      );
    },
    mutate: ({ functions: [first] }) => {
      if (first) delete first.inputs.loggingConfig.systemLogLevel;
    },
  },
  {
    rule: "what a request causes is traced as it was decided for the request, and what the clock starts is not",
    problems: ({ functions: all, statements }) =>
      all.flatMap((fn) => {
        const mode = WITHOUT_REQUEST.test(fn.name) ? "PassThrough" : "Active";
        const role = fn.name.replace(/Function$/, "Role");
        const maySend = statements.some((each) => each.role === role && each.Action.includes("xray:PutTraceSegments"));
        return [
          ...(fn.inputs.tracingConfig?.mode === mode ? [] : each([fn], `tracing is not ${mode}`)),
          ...(maySend === (mode === "Active") ? [] : each([fn], `may${maySend ? "" : " not"} send traces`)),
        ];
      }),
    mutate: ({ functions: all }) => {
      for (const { inputs } of all) inputs.tracingConfig = { mode: "PassThrough" };
    },
  },
  {
    rule: "money cannot run away where anybody can start work: streams and engines have a bounded concurrency",
    problems: ({ functions: all }) =>
      each(
        all.filter(
          ({ name, inputs }) => /^(Logs|Check)Function/.test(name) && !(inputs.reservedConcurrentExecutions > 0),
        ),
        "unbounded",
      ),
    mutate: (stack) => {
      delete stack.one("aws:lambda/function:Function", /^LogsFunction/).inputs.reservedConcurrentExecutions;
    },
  },
  {
    rule: "a developer's stage takes a dozen instances of an account's thousand, a shared one 220",
    problems: ({ app, functions: all }) => {
      const reserved = all.reduce((sum, { inputs }) => sum + Math.max(0, inputs.reservedConcurrentExecutions ?? 0), 0);
      const most = app.stage === "production" || app.stage === "staging" ? 220 : 12;
      return reserved <= most ? [] : [`${reserved} are reserved`];
    },
    mutate: (stack) => {
      stack.one("aws:lambda/function:Function", /^CheckFunction/).inputs.reservedConcurrentExecutions = 220;
    },
  },
  {
    rule: "the jobs that keep promises run on time: the sweep each minute, the night's work each night",
    problems: (stack) => {
      const schedules = stack.all("aws:scheduler/schedule:Schedule").map(({ inputs }) => inputs.scheduleExpression);
      return ["rate(1 minute)", "cron(15 3 * * ? *)"]
        .filter((expression) => !schedules.includes(expression))
        .map((expression) => `nothing runs at ${expression}`);
    },
    mutate: (stack) => stack.remove("aws:scheduler/schedule:Schedule", /^Sweep/),
  },
];
