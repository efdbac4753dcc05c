/**
 * Measures the text engine on corpora of real histories (`merge`, `patches` and `anchors` as `.jsonl` or `.jsonl.gz`), or
 * on random changes whose truth is known (`fuzz/run.ts`):
 *   npm run bench:text -- --dir DIR [--json]
 *   npm run bench:text -- --fuzz COUNT [--seed SEED] [--json]
 * Every row counts. With `--json`, one line per result and nothing else; else a table. Exits with 1 where the fuzz found a
 * change that was applied wrongly, after the first of them.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import {
  applyEdits,
  carryAnchors,
  createAnchor,
  merge,
  normalisePatch,
  type PatchFormat,
} from "@redline/core/text/index";
import { type FuzzCase, type FuzzFigures, fuzz } from "./fuzz/run";

type MergeRow = { id: string; base: string; ours: string; theirs: string; clean: boolean; merged: string | null };
type PatchCase = { format: PatchFormat; kind: string; patch: unknown; refuse: boolean };
type PatchRow = { id: string; base: string; current: string; merged: string; cases: PatchCase[] };
type AnchorKind = "same" | "edited" | "gone";
type AnchorRow = { id: string; revisions: string[]; lines: { line: number; to: number | null; kind: AnchorKind }[] };

type MergeFigures = { bench: "merge"; n: number; same_verdict: number; same_bytes: number };
type PatchFigures = {
  bench: "patches";
  format: PatchFormat;
  kind: string;
  n: number;
  applied: number;
  refused: number;
  wrong: number;
};
type AnchorFigures = { bench: "anchors"; kind: AnchorKind; n: number; right: number; wrong: number; outdated: number };
type Figures = MergeFigures | PatchFigures | AnchorFigures | FuzzFigures;

/** The slowest single case of a bench, in milliseconds. */
type Measured = { figures: Figures[]; slowestMs: number };

const USAGE = "usage: npm run bench:text -- --dir DIR [--json], or --fuzz COUNT [--seed SEED] [--json]";

function main(): void {
  const { values } = parseArgs({
    options: {
      dir: { type: "string" },
      fuzz: { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  if (values.fuzz !== undefined) {
    const [count, seed] = [Number(values.fuzz), Number(values.seed)];
    if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) fail(USAGE);
    printFuzz(count, seed, values.json);
    return;
  }
  if (!values.dir) fail(USAGE);
  const benches = {
    merge: measureMerges(rowsOf<MergeRow>(values.dir, "merge")),
    patches: measurePatches(rowsOf<PatchRow>(values.dir, "patches")),
    anchors: measureAnchors(rowsOf<AnchorRow>(values.dir, "anchors")),
  };
  if (values.json) {
    for (const { figures } of Object.values(benches)) for (const one of figures) print(JSON.stringify(one));
    return;
  }
  for (const [name, { figures, slowestMs }] of Object.entries(benches)) {
    print(`\n${name} (slowest case ${slowestMs.toFixed(1)} ms)`);
    print(table(figures));
  }
}

/** Prints the figures of each format and distortion; without `json`, their sum and the first wrong case, too. */
function printFuzz(count: number, seed: number, json: boolean): void {
  let wrong: FuzzCase | undefined;
  const figures = fuzz(count, seed, (one) => {
    if (one.outcome === "wrong") wrong ??= one;
  });
  if (wrong) process.exitCode = 1;
  if (json) {
    for (const one of figures) print(JSON.stringify(one));
    return;
  }
  const sum = (column: "n" | "applied" | "refused" | "wrong" | "clear" | "clear_refused") =>
    figures.reduce((total, one) => total + one[column], 0);
  print(table(figures));
  const share = (100 * sum("clear_refused")) / Math.max(1, sum("clear"));
  print(`\nOf ${sum("n")}: ${sum("applied")} applied, ${sum("refused")} refused, ${sum("wrong")} wrong.`);
  print(`Of ${sum("clear")} with one right place, ${sum("clear_refused")} refused (${share.toFixed(2)}%).`);
  if (wrong) print(`\nThe first wrong one:\n${JSON.stringify(wrong, null, 2)}`);
}

function rowsOf<Row>(dir: string, name: string): Row[] {
  const path = join(dir, `${name}.jsonl`);
  const text = existsSync(path)
    ? readFileSync(path, "utf8")
    : existsSync(`${path}.gz`)
      ? gunzipSync(readFileSync(`${path}.gz`)).toString("utf8")
      : fail(`There is no ${name}.jsonl or ${name}.jsonl.gz in ${dir}.`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

function measureMerges(rows: readonly MergeRow[]): Measured {
  const clock = new SlowestCase();
  const figures: MergeFigures = { bench: "merge", n: 0, same_verdict: 0, same_bytes: 0 };
  for (const row of rows) {
    const result = clock.time(() => merge(row.base, row.ours, row.theirs));
    figures.n++;
    if (result.clean !== row.clean) continue;
    figures.same_verdict++;
    // A conflict has no right bytes in the corpus: the verdict is all there is to get right.
    if (!row.clean || result.text === row.merged) figures.same_bytes++;
  }
  return { figures: [figures], slowestMs: clock.slowestMs };
}

function measurePatches(rows: readonly PatchRow[]): Measured {
  const clock = new SlowestCase();
  const byKind = new Map<string, PatchFigures>();
  for (const row of rows) {
    for (const one of row.cases) {
      const key = `${one.format} ${one.kind}`;
      const figures = byKind.get(key) ?? emptyPatchFigures(one);
      byKind.set(key, figures);
      figures.n++;
      const outcome = clock.time(() => outcomeOf(row, one));
      figures[outcome]++;
    }
  }
  return { figures: [...byKind.values()], slowestMs: clock.slowestMs };
}

function emptyPatchFigures({ format, kind }: PatchCase): PatchFigures {
  return { bench: "patches", format, kind, n: 0, applied: 0, refused: 0, wrong: 0 };
}

/** A conflict with the current text writes nothing: it is a refusal. */
function outcomeOf(row: PatchRow, one: PatchCase): "applied" | "refused" | "wrong" {
  const normalised = normalisePatch(row.base, one.format, one.patch);
  if (!normalised.ok) return "refused";
  const result = merge(row.base, applyEdits(row.base, normalised.edits), row.current);
  if (!result.clean) return "refused";
  return !one.refuse && result.text === row.merged ? "applied" : "wrong";
}

function measureAnchors(rows: readonly AnchorRow[]): Measured {
  const clock = new SlowestCase();
  const empty = (kind: AnchorKind): AnchorFigures => ({
    bench: "anchors",
    kind,
    n: 0,
    right: 0,
    wrong: 0,
    outdated: 0,
  });
  const byKind = { same: empty("same"), edited: empty("edited"), gone: empty("gone") };
  for (const row of rows) {
    const first = row.revisions[0] ?? "";
    let anchors = row.lines.map(({ line }) => createAnchor(first, line, line));
    for (const [at, to] of row.revisions.entries()) {
      const from = row.revisions[at - 1];
      if (from !== undefined) anchors = clock.time(() => carryAnchors(anchors, from, to));
    }
    for (const [at, { to, kind }] of row.lines.entries()) {
      const anchor = anchors[at];
      const figures = byKind[kind];
      const outdated = anchor === undefined || anchor.state === "outdated";
      figures.n++;
      if (outdated) figures.outdated++;
      // A line that is gone has no right place: being outdated is right, anything else is wrong.
      if (kind === "gone" ? outdated : !outdated && anchor.startLine === to) figures.right++;
      else if (!outdated) figures.wrong++;
    }
  }
  return { figures: Object.values(byKind), slowestMs: clock.slowestMs };
}

class SlowestCase {
  slowestMs = 0;

  time<Result>(work: () => Result): Result {
    const start = performance.now();
    const result = work();
    this.slowestMs = Math.max(this.slowestMs, performance.now() - start);
    return result;
  }
}

function table(figures: readonly Figures[]): string {
  const columns = Object.keys(figures[0] ?? {}).filter((column) => column !== "bench");
  const cells = figures.map((one) => columns.map((column) => cell(one, column)));
  const rows = [columns, ...cells];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) => row.map((text, at) => text.padStart(widths[at] ?? 0)).join("  ")).join("\n");
}

/** Counts are shown with their share of the bench's rows. */
function cell(figures: Figures, column: string): string {
  const value = (figures as Record<string, string | number>)[column] ?? "";
  if (typeof value === "string" || column === "n") return String(value);
  return `${value} (${((100 * value) / Math.max(1, figures.n)).toFixed(2)}%)`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

main();
