/** `npm run test:e2e`: builds when needed and runs the tests in a browser; arguments go to Playwright. */
import { spawnSync } from "node:child_process";
import { installBrowserIfNeeded } from "./browser.mjs";
import { isBuilt } from "./stamp.mjs";

const problem = installBrowserIfNeeded();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
const run = (/** @type {string[]} */ ...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
if (!isBuilt() && run("scripts/build.mjs") !== 0) process.exit(1);
process.exit(run("node_modules/@playwright/test/cli.js", "test", ...process.argv.slice(2)));
