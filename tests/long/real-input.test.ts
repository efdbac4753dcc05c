/**
 * Reviews code that was not written for it: sources that npm installed and Python's standard library. For every
 * file: review, prove, apply all safe changes; the result parses, has no finding that was not there, and a second round
 * of the same ends too. REAL_INPUT_DIRS (separated by `:`) adds folders; REAL_INPUT_SAMPLE names a file to which a
 * seeded sample of the findings is written for reading.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createReviewer,
  detectLanguage,
  type FileReport,
  type Problem,
  type Reviewer,
  type SourceFile,
} from "@redline/core/reviewers/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const packages = ["@codemirror", "valibot", "hono", "dynalite", "react-dom"].map((name) =>
  join(root, "node_modules", name),
);
const extraFolders = (process.env.REAL_INPUT_DIRS ?? "").split(":").filter(Boolean);
const maxFiles = 300;
const maxPythonFiles = 30;
const sampleSize = 60;

function filesUnder(folder: string, ending: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes("node_modules"));
}

function read(path: string): SourceFile[] {
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n").length;
  return lines >= 50 && lines <= 2_000 ? [{ path, text, language: detectLanguage(path, text) }] : [];
}

function pythonFolder(): string {
  try {
    return execFileSync("python3", ["-c", "import os; print(os.path.dirname(os.__file__))"]).toString().trim();
  } catch {
    return "";
  }
}

function inputs(): SourceFile[] {
  const scripts = [...packages, ...extraFolders].flatMap((folder) => filesUnder(folder, /\.(?:tsx?|js|css)$/)).sort();
  const python = filesUnder(pythonFolder(), /\.py$/).filter(
    (path) => !/\/(?:site-packages|dist-packages|test|lib2to3)\//.test(path),
  );
  const take = (paths: string[], count: number) => {
    const files: SourceFile[] = [];
    for (const path of paths) if (files.length < count) files.push(...read(path));
    return files;
  };
  return [...take(scripts, maxFiles), ...take(python.sort(), maxPythonFiles)];
}

/** Small, fast and the same everywhere: good enough to draw a sample. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let reviewer: Reviewer;
const seen: { problem: Problem; text: string }[] = [];

beforeAll(() => {
  reviewer = createReviewer();
});

afterAll(async () => {
  await reviewer.close();
  const target = process.env.REAL_INPUT_SAMPLE;
  if (target) writeFileSync(target, sample());
});

function sample(): string {
  const random = seeded(20_261_121);
  const pool = [...seen];
  const drawn = Array.from({ length: Math.min(sampleSize, pool.length) }, () => {
    const [one] = pool.splice(Math.floor(random() * pool.length), 1);
    return one;
  });
  const counts = new Map<string, number>();
  for (const { problem } of seen) counts.set(problem.rule, (counts.get(problem.rule) ?? 0) + 1);
  const table = [...counts].sort((a, b) => b[1] - a[1]).map(([rule, count]) => `${count} ${rule}`);
  const entries = drawn.flatMap((one, index) =>
    one ? [`## ${index + 1}\n${describeFinding(one.problem, one.text)}`] : [],
  );
  return `${seen.length} findings\n${table.join("\n")}\n\n${entries.join("\n\n")}\n`;
}

function describeFinding(problem: Problem, text: string): string {
  const lines = text
    .split("\n")
    .slice(Math.max(0, problem.startLine - 4), Math.min(problem.endLine, problem.startLine + 6) + 3);
  const fix = problem.fix
    ? `fix (${problem.fix.safety}): ${problem.fix.summary} ${JSON.stringify(problem.fix.edits)}`
    : "no fix";
  const head = `${problem.rule} ${problem.severity}/${problem.confidence} ${problem.path}:${problem.startLine} in "${problem.symbol}"`;
  return `${head}\n${problem.title}\n${fix}\n${lines.join("\n")}`;
}

function provenSafe(report: FileReport, proven: readonly string[]) {
  return report.problems.flatMap(({ identity, fix }) =>
    fix?.safety === "safe" && proven.includes(identity) ? [{ id: identity, edits: fix.edits }] : [],
  );
}

describe("real input", () => {
  const files = inputs();

  it("real input is available", () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each(files.map((file) => [file.path.slice(root.length), file] as const))("%s", async (_, file) => {
    const report = await reviewer.check(file);
    expect(report.coverage.reason ?? "").not.toMatch(/took longer|failed|unreachable/);
    for (const problem of report.problems) seen.push({ problem, text: file.text });
    const again = await reviewer.check({ ...file });
    expect(again.problems.map(({ identity }) => identity)).toEqual(report.problems.map(({ identity }) => identity));

    let current = file;
    let currentReport = report;
    for (let round = 0; round < 4; round++) {
      const proof = await reviewer.prove(current, currentReport);
      const safe = provenSafe(currentReport, proof.proven);
      if (safe.length === 0) break;
      const composed = await reviewer.compose(current, safe);
      const next = { ...current, text: composed.text };
      const evidence = await reviewer.evidence(current, next);
      expect(evidence.parses, evidence.parseError).toBe(true);
      expect(evidence.added.map(({ title }) => title)).toEqual([]);
      for (const { reason } of composed.skipped) expect(reason).toMatch(/same place|add a finding/);
      const nextReport = await reviewer.check(next);
      const known = new Set(currentReport.problems.map(({ identity }) => identity));
      expect(
        nextReport.problems.filter(({ identity }) => !known.has(identity)).map(({ rule, title }) => `${rule} ${title}`),
      ).toEqual([]);
      current = next;
      currentReport = nextReport;
    }
    const rest = await reviewer.prove(current, currentReport);
    expect(provenSafe(currentReport, rest.proven)).toEqual([]);
  });
});
