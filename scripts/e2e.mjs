/** `npm run test:e2e`: builds if needed and runs the browser tests; arguments are passed to Playwright. */
import { spawnSync } from "node:child_process";
import { installBrowserIfNeeded } from "./browser.mjs";
import { isBuildUpToDate } from "./build-hash.mjs";

const problem = installBrowserIfNeeded();
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
const run = (/** @type {string[]} */ ...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
if (!isBuildUpToDate() && run("scripts/build.mjs") !== 0) process.exit(1);
process.exit(run("node_modules/@playwright/test/cli.js", "test", ...process.argv.slice(2)));
