/**
 * `npm test`: everything that a change must pass, from a fresh clone on. `npm run test:long`: what takes longer (fault
 * rounds, fuzzing, real input at length). `npm run test:infra`: the part about AWS alone. All end with one line, `N passed, N failed`, and fail when anything did.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { chdir, cwd } from "node:process";
import { fileURLToPath } from "node:url";
import { installBrowserIfNeeded } from "./browser.mjs";
import { installIfNeeded, nodeVersionProblem } from "./setup.mjs";

/** @typedef {{ passed: number, failed: number }} Totals */
/** @typedef {Totals & { failures: string[] }} Counted what a step's report holds, with the titles of what failed */

/** @typedef {{ name: string, assertionResults: { status: string, fullName: string }[] }} VitestFile */
/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: VitestFile[] }} VitestReport */
/** @typedef {{ title: string, specs?: { title: string, ok: boolean }[], suites?: PlaywrightSuite[] }} PlaywrightSuite */
/** @typedef {{ stats: { expected: number, unexpected: number }, suites: PlaywrightSuite[] }} PlaywrightReport */

const isLong = process.argv.includes("--long");
const isInfra = process.argv.includes("--infra");
/** Writes down anew what is only compared otherwise. */
const isWriting = process.argv.includes("--write");
const RESULTS = ".cache/test";
const CHECKS = ["types", "lint", "imports", "unused"];
chdir(fileURLToPath(new URL("..", import.meta.url)));

/** @type {Counted} */
const totals = { passed: 0, failed: 0, failures: [] };

/** @param {string} sentence */
function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/**
 * Runs one step, with its output as it comes, and counts it as one result or as those it wrote into `report`.
 * @param {string} title
 * @param {string[]} command
 * @param {{ report?: string, count?: (report: never) => Counted, env?: Record<string, string> }} [options]
 */
function step(title, [program = "", ...args], { report, count, env = {} } = {}) {
  process.stdout.write(`\n== ${title}\n`);
  if (report) rmSync(report, { force: true });
  const isOk = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, ...env } }).status === 0;
  const counted = (report && count ? read(report, count) : undefined) ?? {
    passed: isOk ? 1 : 0,
    failed: 0,
    failures: [],
  };
  totals.passed += counted.passed;
  // A step may fail without a failed test: nothing could be loaded, or it crashed.
  totals.failed += isOk ? counted.failed : Math.max(counted.failed, 1);
  totals.failures.push(...counted.failures);
  if (!isOk && counted.failures.length === 0) totals.failures.push(title);
  return isOk;
}

/**
 * @param {string} path
 * @param {(report: never) => Counted} count
 * @returns {Counted | undefined} undefined when the step ended before it could report
 */
function read(path, count) {
  try {
    return count(/** @type {never} */ (JSON.parse(readFileSync(path, "utf8"))));
  } catch {
    return undefined;
  }
}

/** @param {Record<string, string>} [env] */
function vitest(
  env = {},
  { title = isLong ? "long tests" : "unit and integration tests", config = "vitest.config.ts" } = {},
) {
  const report = `${RESULTS}/vitest.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  step(title, [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--config", config, ...reporters], {
    report,
    count: (/** @type {VitestReport} */ { numPassedTests, numFailedTests, testResults }) => ({
      passed: numPassedTests,
      failed: numFailedTests,
      failures: testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === "failed")
          .map(({ fullName }) => `${relative(cwd(), name)}: ${fullName}`),
      ),
    }),
    env,
  });
}

/**
 * The titles of what failed in one file, with those of the groups in it.
 * @param {PlaywrightSuite} suite
 * @returns {string[]}
 */
function failuresOf({ title, specs = [], suites = [] }) {
  const inside = suites.flatMap(failuresOf);
  return [...specs.filter(({ ok }) => !ok).map((spec) => spec.title), ...inside].map(
    (failure) => `${title}: ${failure}`,
  );
}

function browserTests() {
  if (!step("build", [process.execPath, "scripts/build.mjs"])) return;
  const report = `${RESULTS}/browser.json`;
  step("tests in a browser", [process.execPath, "node_modules/@playwright/test/cli.js", "test"], {
    report,
    count: (/** @type {PlaywrightReport} */ { stats, suites }) => ({
      passed: stats.expected,
      failed: stats.unexpected,
      failures: suites.flatMap(failuresOf),
    }),
    env: { REDLINE_TEST_REPORT: report },
  });
}

/** The stages on AWS, as far as they can be proven without an account; the build is there by now. */
function infraTests() {
  if (!step("install SST's components", [process.execPath, "tests/infra/install.mjs"])) return;
  step("check types of the infrastructure", ["npx", "tsc", "-p", "tsconfig.infra.json"]);
  if (!step("build for AWS", [process.execPath, "scripts/build-lambda.mjs"])) return;
  vitest(isWriting ? { REDLINE_WRITE: "1" } : {}, { title: "infrastructure", config: "tests/infra/vitest.config.ts" });
}

const problem = nodeVersionProblem(process.versions.node);
if (problem) refuse(problem);
if (!installIfNeeded()) refuse("The packages could not be installed; npm says why above.");
mkdirSync(RESULTS, { recursive: true });

if (isLong) {
  vitest({ REDLINE_LONG: "1" });
} else if (isInfra) {
  if (step("build", [process.execPath, "scripts/build.mjs"])) infraTests();
} else {
  const noBrowser = installBrowserIfNeeded();
  if (noBrowser) refuse(noBrowser);
  for (const check of CHECKS) step(`check ${check}`, ["npm", "run", "--silent", `check:${check}`]);
  vitest();
  browserTests();
  infraTests();
}

writeFileSync(`${RESULTS}/${isLong ? "long" : isInfra ? "infra" : "short"}.json`, JSON.stringify(totals));
// Named where the output ends: what stands above is often cut off where it is kept.
for (const failure of totals.failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(totals.failed === 0 ? 0 : 1);
