/**
 * The built-in reviewer as the product runs it, from a bundled worker: a file of 1,000 lines after 5 warm-ups, and the
 * first file in a fresh process (from asking to the report, the worker's start included).
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createReviewer, type SourceFile } from "@redline/core/reviewers/index";
import { build } from "esbuild";
import type { Figure } from "./figure";

const root = join(import.meta.dirname, "../..");
const warmUps = 5;
const measured = 11;
const warmGoalMs = 150;
const firstGoalMs = 800;

/** A file of exactly 1,000 lines of the kind that people write, with some twenty findings, several times what is usual. */
function thousandLines(language: "typescript" | "python"): SourceFile {
  const block = language === "typescript" ? typescriptBlock : pythonBlock;
  const lines: string[] = [];
  for (let index = 0; lines.length < 1_000; index++) lines.push(...block(index).split("\n"));
  const ending = language === "typescript" ? "ts" : "py";
  const kept = lines.slice(0, 1_000 - (1_000 % block(0).split("\n").length));
  const comment = language === "typescript" ? "// end" : "# end";
  while (kept.length < 1_000) kept.push(comment);
  return { path: `orders.${ending}`, language, text: `${kept.join("\n")}\n` };
}

function typescriptBlock(index: number): string {
  return `export type Order${index} = { id: string; lines: { sku: string; price: number; count: number }[]; note?: string };

/** The sum of an order with its discount. */
export function total${index}(order: Order${index}, discount: number): number {
  let sum = 0;
  for (const line of order.lines) {
    if (line.count <= 0) continue;
    sum += line.price * line.count;
  }
  if (discount ${index % 3 === 0 ? "==" : "==="} ${index + 1}) return sum;
  return Math.max(0, sum * (1 - discount / 100));
}

export class Basket${index} {
  private readonly orders = new Map<string, Order${index}>();

  add(order: Order${index}): this {
    const known = this.orders.get(order.id);
    ${index % 3 === 1 ? "let" : "const"} lines = known ? [...known.lines, ...order.lines] : order.lines;
    this.orders.set(order.id, { ...order, lines });
    return this;
  }

  async save(write: (id: string, body: string) => Promise<void>): Promise<number> {
    const entries = [...this.orders].filter(([, order]) => order.lines.length > 0);
    await Promise.all(entries.map(([id, order]) => write(id, JSON.stringify(order))));
    return entries.length;
  }
}
`;
}

function pythonBlock(index: number): string {
  return `class Order${index}:
    """An order with its lines."""

    def __init__(self, id, lines, note=None):
        self.id = id
        self.lines = lines
        self.note = note

    def total(self, discount):
        total = 0
        for sku, price, count in self.lines:
            if count <= 0:
                continue
            total += price * count
        if self.note ${index % 3 === 0 ? "==" : "is"} None:
            return total
        return max(0, total * (1 - discount / 100))

    def save(self, write):
        try:
            write(self.id, {"lines": self.lines, "note": self.note})
        except OSError as error:
            raise RuntimeError(f"order {self.id} was not saved") from error
        return len(self.lines)


def merge_${index}(orders):
    merged = {}
    for order in orders:
        merged.setdefault(order.id, []).extend(order.lines)
    return [Order${index}(id, lines) for id, lines in merged.items() if lines]

`;
}

/** Runs in a process of its own, as plain JavaScript: how long the first file takes. */
const firstFile = `
import { readFile } from "node:fs/promises";
const [, , reviewerUrl, workerUrl, filePath] = process.argv;
const { createReviewer } = await import(reviewerUrl);
const file = JSON.parse(await readFile(filePath, "utf8"));
const startedAt = performance.now();
const reviewer = createReviewer({ workerUrl: new URL(workerUrl) });
const report = await reviewer.check(file);
const ms = performance.now() - startedAt;
if (report.coverage.state !== "covered") throw new Error(report.coverage.reason);
await reviewer.close();
process.stdout.write(String(ms));
`;

async function bundle(folder: string): Promise<{ reviewerUrl: URL; workerUrl: URL }> {
  const sources = join(root, "packages/core/src/reviewers");
  await build({
    entryPoints: { reviewer: join(sources, "index.ts"), worker: join(sources, "worker.ts") },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    external: ["@biomejs/wasm-nodejs", "@astral-sh/ruff-wasm-nodejs"],
    logLevel: "warning",
  });
  return {
    reviewerUrl: pathToFileURL(join(folder, "reviewer.mjs")),
    workerUrl: pathToFileURL(join(folder, "worker.mjs")),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function warmMs(file: SourceFile, workerUrl: URL): Promise<number> {
  const reviewer = createReviewer({ workerUrl });
  const times: number[] = [];
  for (let round = 0; round < warmUps + measured; round++) {
    const startedAt = performance.now();
    const report = await reviewer.check({ ...file, text: `${file.text}${"\n".repeat(round)}` });
    if (round >= warmUps) times.push(performance.now() - startedAt);
    if (report.coverage.state !== "covered" || report.problems.length === 0)
      throw new Error("The file was not reviewed.");
  }
  await reviewer.close();
  return median(times);
}

async function firstMs(file: SourceFile, folder: string, urls: { reviewerUrl: URL; workerUrl: URL }): Promise<number> {
  const script = join(folder, "first.mjs");
  const input = join(folder, "file.json");
  await writeFile(script, firstFile);
  await writeFile(input, JSON.stringify(file));
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const run = await promisify(execFile)(process.execPath, [
      script,
      urls.reviewerUrl.href,
      urls.workerUrl.href,
      input,
    ]);
    times.push(Number(run.stdout));
  }
  return median(times);
}

/** Medians, in milliseconds. The bundle stays inside the checkout, where the engines' packages are found. */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(root, "node_modules/.reviewer-bench-"));
  try {
    const urls = await bundle(folder);
    const figures: Figure[] = [];
    for (const language of ["typescript", "python"] as const) {
      const file = thousandLines(language);
      const figure = (name: string, value: number, goal: number) =>
        figures.push({
          bench: "reviewer",
          name: `${name}, ${language}, 1,000 lines`,
          value: Math.round(value),
          unit: "ms",
          goal,
          ok: value < goal,
        });
      figure("after 5 warm-ups", await warmMs(file, urls.workerUrl), warmGoalMs);
      figure("first in a fresh process", await firstMs(file, folder, urls), firstGoalMs);
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
