/**
 * The rules that every stage has to keep. Each lists the problems of a stage and has a mutation that must be caught, as a rule
 * that cannot fail proves nothing.
 */
import { ALARMS } from "./assertions/alarms.mjs";
import { DASHBOARD } from "./assertions/dashboard.mjs";
import { DATA } from "./assertions/data.mjs";
import { FUNCTIONS } from "./assertions/functions.mjs";
import { NOTIFY } from "./assertions/notify.mjs";
import { PERMISSIONS } from "./assertions/permissions.mjs";
import { QUEUES } from "./assertions/queues.mjs";
import { RELEASE } from "./assertions/release.mjs";
import { WEB } from "./assertions/web.mjs";

/** @type {import("./assertions/infra-rule.mjs").InfraRule[]} */
export const INFRA_RULES = [
  {
    rule: "the stage synthesises without an error and every function has its code",
    problems: ({ errors, unknownCalls, builds }) => [
      ...errors,
      ...unknownCalls.map((call) => `nobody answers ${call}`),
      ...builds.flatMap((build) => build.errors),
    ],
    mutate: (stack) => void stack.builds[0]?.errors.push("Handler not found"),
  },
  ...DATA,
  ...QUEUES,
  ...FUNCTIONS,
  ...PERMISSIONS,
  ...WEB,
  ...ALARMS,
  ...DASHBOARD,
  ...NOTIFY,
  ...RELEASE,
];
