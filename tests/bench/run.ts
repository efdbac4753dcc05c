/**
 * `npm run bench -- [--json] [NAME…]`: measures what quality.md promises, all of it or the benches named. With `--json`,
 * one line per figure and nothing else; else a table. Fails when a figure misses its goal. Measure on a quiet machine.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isBuildUpToDate } from "../../scripts/build-hash.mjs";
import type { Bench, Figure } from "./figure";

const BENCHES: Record<string, () => Promise<Bench>> = {
  start: () => import("./start"),
  restart: () => import("./restart"),
  "dev-restart": () => import("./dev-restart"),
  memory: () => import("./memory"),
  "cold-start": () => import("./cold-start"),
  home: () => import("./home"),
  "session-page": () => import("./session-page"),
  "threads-page": () => import("./threads-page"),
  search: () => import("./search"),
  "review-page": () => import("./review-page"),
  "peer-page": () => import("./peer-page"),
  "first-redline": () => import("./first-redline"),
  "js-size": () => import("./js-size"),
  reviewer: () => import("./reviewer"),
  "many-files": () => import("./many-files"),
  "cli-review": () => import("./cli-review"),
  units: () => import("./units"),
  "added-delay": () => import("./added-delay"),
  answers: () => import("./answers"),
  durable: () => import("./durable"),
};

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

async function main(): Promise<void> {
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0)
    fail(`There is no bench ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}.`);
  build();
  const [only, ...more] = names;
  const figures = only && more.length === 0 ? await measure(only) : names.flatMap(measureApart);
  if (!values.json) process.stdout.write(table(figures));
  process.exit(figures.every(({ ok }) => ok) ? 0 : 1);
}

async function measure(name: string): Promise<Figure[]> {
  const bench = await BENCHES[name]?.();
  const figures = (await bench?.run()) ?? [];
  if (values.json) for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
  return figures;
}

/** In a process of its own: what one bench has warmed up or connected to is not the next one's. */
function measureApart(name: string): Figure[] {
  const command = ["--import", "tsx", fileURLToPath(import.meta.url), "--json", name];
  const { stdout, status } = spawnSync(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0 && status !== 1) fail(`The bench ${name} ended with ${status}; the reason is above.`);
  const said = String(stdout);
  if (values.json) process.stdout.write(said);
  const lines = said.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Figure);
}

function build(): void {
  if (isBuildUpToDate()) return;
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) fail("The build failed; the reason is above.");
}

function table(figures: Figure[]): string {
  const rows = figures.map(({ bench, name, value, unit, goal, ratio_to, ok }) => [
    bench,
    name,
    `${value} ${unit}${ratio_to ? ` × ${ratio_to}` : ""}`,
    `goal ${goal}`,
    ok ? "ok" : "MISSED",
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}\n`).join("");
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

await main();
