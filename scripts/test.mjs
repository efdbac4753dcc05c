/**
 * `npm test`: everything a change must pass, from a fresh clone on; with `-- --changed[=<ref>]` only what a change touches.
 * `npm run test:long`: what takes longer (more fault rounds, fuzzing, real input at length). `npm run test:infra`: the part
 * about AWS. Each ends with one line, `N passed, N failed`, and fails when a test did.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { enginesProblem, installBrowserIfNeeded } from "./browser.mjs";
import { installIfNeeded, nodeVersionProblem } from "./setup.mjs";
import { selectChanged } from "./test/changed.mjs";
import { readPlaywrightReport, readVitestReport } from "./test/reports.mjs";
import { Steps } from "./test/steps.mjs";

const isLong = process.argv.includes("--long");
const isInfra = process.argv.includes("--infra");
/** Records anew what is compared otherwise: the bundles' sizes. */
const isRecording = process.argv.includes("--write");
const changedOption = process.argv.find((argument) => /^--changed(=|$)/.test(argument));
const RESULTS = ".cache/test";
const NODE = process.execPath;
const VITEST = "node_modules/vitest/vitest.mjs";
chdir(fileURLToPath(new URL("..", import.meta.url)));

/**
 * @param {string} problem
 * @returns {never}
 */
function refuse(problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

const problem = nodeVersionProblem(process.versions.node);
if (problem) refuse(problem);
if (!installIfNeeded()) refuse("The packages could not be installed; see npm's message above.");
mkdirSync(RESULTS, { recursive: true });
const steps = new Steps();

/**
 * @param {string} title also names the report
 * @param {{ config?: string, args?: string[], env?: Record<string, string> }} [options]
 */
function vitest(title, { config = "vitest.config.ts", args = [], env } = {}) {
  const report = `${RESULTS}/${title}-tests.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = [NODE, VITEST, "run", "--config", config, ...reporters, ...args];
  return steps.run(title, command, { report, read: readVitestReport, env });
}

/** @param {string | undefined} ref */
function select(ref) {
  try {
    return selectChanged(ref);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

async function checks() {
  for (const check of ["types", "lint", "imports", "unused"]) {
    await steps.run(`check ${check}`, ["npm", "run", "--silent", `check:${check}`]);
  }
}

const build = () => steps.run("build", [NODE, "scripts/build.mjs"]);

/** @param {string[]} specs all when empty */
function browserTests(specs = []) {
  const report = `${RESULTS}/browser.json`;
  return steps.run("browser", [NODE, "node_modules/@playwright/test/cli.js", "test", ...specs], {
    report,
    read: readPlaywrightReport,
    env: { REDLINE_TEST_REPORT: report },
  });
}

/** The main stories in Chromium, Firefox and WebKitGTK; left out where these cannot be installed, which CI refuses. */
async function engineTests() {
  const missing = enginesProblem();
  if (missing) process.stdout.write(`engines | left out: ${missing}\n`);
  else await vitest("engines", { config: "tests/engines/vitest.config.ts" });
}

/** Tests the stages on AWS, as far as that is possible without an account; the app must be built. */
async function infraTests() {
  if (!(await steps.run("install SST's components", [NODE, "tests/infra/install.mjs"]))) return;
  await steps.run("check infra types", ["npx", "tsc", "-p", "tsconfig.infra.json"]);
  if (!(await steps.run("build for AWS", [NODE, "scripts/build-lambda.mjs"]))) return;
  await vitest("infra", { config: "tests/infra/vitest.config.ts", env: isRecording ? { REDLINE_WRITE: "1" } : {} });
}

/**
 * Two lanes beside each other, of about the same length: each leaves the processor idle for half of its time, as tests wait
 * for leases, retries and late indexes.
 * @param {import("./test/changed.mjs").Selection | undefined} selection undefined runs everything
 */
async function runLanes(selection) {
  const { base, specs, infra } = selection ?? { specs: "all", infra: true };
  const sourceLane = async () => {
    await checks();
    await vitest("unit", { args: base ? [`--changed=${base}`, "--passWithNoTests"] : [] });
  };
  const buildLane = async () => {
    const needsBrowser = specs === "all" || specs.length > 0;
    if (!needsBrowser && !infra) return;
    if (!(await build())) return;
    if (infra) await infraTests();
    if (needsBrowser) await browserTests(specs === "all" ? [] : specs);
    if (specs === "all") await engineTests();
  };
  await Promise.all([sourceLane(), buildLane()]);
}

if (isLong) {
  await vitest("long", { env: { REDLINE_LONG: process.env.REDLINE_LONG ?? "1" } });
} else if (isInfra) {
  if (await build()) await infraTests();
} else {
  const browserProblem = installBrowserIfNeeded({ engines: true });
  if (browserProblem) refuse(browserProblem);
  await runLanes(changedOption === undefined ? undefined : select(changedOption.split("=")[1]));
}

const { passed, failed, failures } = steps.totals;
writeFileSync(`${RESULTS}/${isLong ? "long" : isInfra ? "infra" : "short"}.json`, JSON.stringify(steps.totals));
// Repeated at the end, as the beginning of a long output is often cut off.
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
