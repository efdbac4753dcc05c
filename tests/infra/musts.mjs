/**
 * Everything that aws.md says a stage must have. Each entry tells what is wrong with a stage, and how to break a stage so
 * that it has something to tell: an entry that cannot fail proves nothing.
 */
import { ALARMS } from "./musts/alarms.mjs";
import { DASHBOARD } from "./musts/dashboard.mjs";
import { DATA } from "./musts/data.mjs";
import { FUNCTIONS } from "./musts/functions.mjs";
import { LEAVE } from "./musts/leave.mjs";
import { NOTIFY } from "./musts/notify.mjs";
import { QUEUES } from "./musts/queues.mjs";
import { RELEASE } from "./musts/release.mjs";
import { WEB } from "./musts/web.mjs";

/** @type {import("./musts/must.mjs").Must[]} */
export const MUSTS = [
  {
    must: "the stage synthesises without an error and every function has its code",
    problems: ({ errors, unknownCalls, builds }) => [
      ...errors,
      ...unknownCalls.map((call) => `nobody answers ${call}`),
      ...builds.flatMap((build) => build.errors),
    ],
    breaks: (world) => void world.builds[0]?.errors.push("Handler not found"),
  },
  ...DATA,
  ...QUEUES,
  ...FUNCTIONS,
  ...LEAVE,
  ...WEB,
  ...ALARMS,
  ...DASHBOARD,
  ...NOTIFY,
  ...RELEASE,
];
