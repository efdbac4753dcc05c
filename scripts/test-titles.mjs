/**
 * `node scripts/test-titles.mjs > before.txt` writes the title of every test of `npm test`, one per line, sorted. Duplicate
 * titles are repeated. `node scripts/test-titles.mjs --since before.txt` lists the titles that are gone and those that are new
 * (a renamed test is in both), and fails when there are fewer tests than before. File names are left out, so moving a file
 * changes nothing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";

/** @typedef {{ title: string, file?: string, specs?: { title: string }[], suites?: PlaywrightSuite[] }} PlaywrightSuite */

chdir(fileURLToPath(new URL("..", import.meta.url)));

/** @param {string[]} args @param {Record<string, string>} [env] */
function run(args, env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** Returns the titles of a Vitest configuration's tests. @param {string} config */
function vitestTitles(config) {
  const folder = mkdtempSync(join(tmpdir(), "redline-titles-"));
  const path = join(folder, "list.json");
  try {
    run(["node_modules/vitest/vitest.mjs", "list", "--config", config, `--json=${path}`]);
    return JSON.parse(readFileSync(path, "utf8")).map((/** @type {{ name: string }} */ { name }) => name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the titles in a suite of the browser tests, with those of the groups that they stand in. @param {PlaywrightSuite} suite @returns {string[]} */
function suiteTitles({ specs = [], suites = [] }) {
  const nested = suites.flatMap((suite) => suiteTitles(suite).map((title) => `${suite.title} > ${title}`));
  return [...specs.map(({ title }) => title), ...nested];
}

function browserTitles() {
  const report = JSON.parse(run(["node_modules/@playwright/test/cli.js", "test", "--list", "--reporter=json"]));
  return /** @type {PlaywrightSuite[]} */ (report.suites).flatMap(suiteTitles);
}

/** Returns what `list` holds beyond `other`, each title as often as it is missing there. @param {string[]} list @param {string[]} other */
function missing(list, other) {
  const left = new Map();
  for (const title of other) left.set(title, (left.get(title) ?? 0) + 1);
  return list.filter((title) => {
    const count = left.get(title) ?? 0;
    left.set(title, count - 1);
    return count <= 0;
  });
}

const titles = [
  ...vitestTitles("vitest.config.ts"),
  ...vitestTitles("tests/infra/vitest.config.ts"),
  ...browserTitles(),
].sort();
const since = process.argv.indexOf("--since");
if (since === -1) process.stdout.write(`${titles.join("\n")}\n`);
else {
  const before = readFileSync(process.argv[since + 1] ?? "", "utf8")
    .trimEnd()
    .split("\n");
  for (const title of missing(before, titles)) process.stdout.write(`gone: ${title}\n`);
  for (const title of missing(titles, before)) process.stdout.write(`new:  ${title}\n`);
  process.stdout.write(`${before.length} tests before, ${titles.length} now\n`);
  if (titles.length < before.length) process.exit(1);
}
