/** Counts of passed and failed tests in the reports that Vitest and Playwright write. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { cwd } from "node:process";

/** @typedef {{ passed: number, failed: number, failures: string[] }} Counts `failures` are the titles of the failed tests */

/** @typedef {{ name: string, assertionResults: { status: string, fullName: string }[] }} VitestFile */
/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: VitestFile[] }} VitestReport */
/** @typedef {{ title: string, specs?: { title: string, ok: boolean }[], suites?: PlaywrightSuite[] }} PlaywrightSuite */
/** @typedef {{ stats: { expected: number, unexpected: number }, suites: PlaywrightSuite[] }} PlaywrightReport */

/**
 * Returns the counts of a report of Vitest, or undefined when there is none because the run ended early.
 * @param {string} path
 * @returns {Counts | undefined}
 */
export function readVitestReport(path) {
  /** @type {VitestReport | undefined} */
  const report = readJson(path);
  if (!report) return undefined;
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => `${relative(cwd(), name)}: ${fullName}`),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
}

/**
 * Returns the counts of a report of Playwright, or undefined when there is none because the run ended early.
 * @param {string} path
 * @returns {Counts | undefined}
 */
export function readPlaywrightReport(path) {
  /** @type {PlaywrightReport | undefined} */
  const report = readJson(path);
  if (!report) return undefined;
  const { stats, suites } = report;
  return { passed: stats.expected, failed: stats.unexpected, failures: suites.flatMap(listFailures) };
}

/**
 * Returns the titles of the failed tests of one file, each with those of its groups.
 * @param {PlaywrightSuite} suite
 * @returns {string[]}
 */
function listFailures({ title, specs = [], suites = [] }) {
  const nested = suites.flatMap(listFailures);
  return [...specs.filter(({ ok }) => !ok).map((spec) => spec.title), ...nested].map(
    (failure) => `${title}: ${failure}`,
  );
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
