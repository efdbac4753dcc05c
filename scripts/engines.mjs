/** `npm run test:engines`: builds if needed and runs the stories in three engines; arguments are passed to Vitest. */
import { spawnSync } from "node:child_process";
import { enginesProblem, installBrowserIfNeeded } from "./browser.mjs";
import { isBuildUpToDate } from "./build-hash.mjs";

const problem = installBrowserIfNeeded({ engines: true }) ?? enginesProblem();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
const run = (/** @type {string[]} */ ...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
if (!isBuildUpToDate() && run("scripts/build.mjs") !== 0) process.exit(1);
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "tests/engines/vitest.config.ts"];
process.exit(run(...vitest, ...process.argv.slice(2)));
