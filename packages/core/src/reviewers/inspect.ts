/** Checks one file with every engine that reads its language. Runs in the worker only. */
import { LIMITS } from "../limits";
import { codeLanguage } from "./embedded/views";
import type { Engine } from "./engines/engine";
import { createEngines } from "./engines/implementations";
import { type Inspection, inspectFile, skippedInspection } from "./inspect-file";
import type { FileReport, Severity, SourceFile } from "./schema";
import { parserSkipReason } from "./skip-rules";
import { loadSyntax } from "./syntax";

export type { Inspection } from "./inspect-file";

const severityRank: Record<Severity, number> = { critical: 0, major: 1, minor: 2, nit: 3 };
const rememberedInspections = 12;

export class Inspector {
  /** Proofs ask about the same base again and again. */
  private readonly remembered = new Map<string, Inspection>();

  /** True once an engine has thrown: what it says from then on is in doubt. */
  isBroken = false;

  constructor(private readonly engines: readonly Engine[] = createEngines()) {}

  /** Loads what reads the language and returns the engines that do: takes a moment the first time, which is no file's fault. */
  async prepare(language: string): Promise<Engine[]> {
    const code = codeLanguage(language);
    const reading = this.engines.filter(({ languages }) => languages.includes("*") || languages.includes(code));
    await Promise.all([loadSyntax(code), ...reading.map((engine) => engine.prepare(code))]);
    return reading;
  }

  /** Findings and metrics; with `fixes: false` they may be without fixes and metrics, which proofs have no use for. */
  async inspect(file: SourceFile, { fixes }: { fixes: boolean }): Promise<Inspection> {
    const keyWith = (hasFixes: boolean) => JSON.stringify([file.path, file.language, hasFixes]) + file.text;
    const key = keyWith(fixes);
    const known = this.remembered.get(keyWith(true)) ?? this.remembered.get(key);
    if (known) return known;
    const inspection = await this.look(file, fixes);
    this.remembered.set(key, inspection);
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > rememberedInspections && !oldest.done) this.remembered.delete(oldest.value);
    return inspection;
  }

  private async look(file: SourceFile, fixes: boolean): Promise<Inspection> {
    const reason = parserSkipReason(file);
    if (reason) return skippedInspection(file.path, reason);
    const engines = await this.prepare(file.language);
    const inspection = await inspectFile(file, engines, fixes);
    this.isBroken ||= inspection.hasFailed;
    return inspection;
  }
}

/** The report of an inspection: the worst findings within the limits, in the order of the file. */
export function limitReport({ coverage, problems, metrics }: Inspection): FileReport {
  const { maxFindingsPerFile, maxFixesPerFile } = LIMITS.review;
  const worst = [...problems].sort((a, b) => severityRank[a.severity] - severityRank[b.severity] || a.start - b.start);
  const withFix = new Set(worst.filter(({ fix }) => fix).slice(0, maxFixesPerFile));
  const kept = worst
    .slice(0, maxFindingsPerFile)
    .map((problem) => (problem.fix && !withFix.has(problem) ? { ...problem, fix: undefined } : problem))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const cut = problems.length > kept.length;
  const reason = `only the worst ${maxFindingsPerFile} of ${problems.length} findings are listed`;
  return {
    path: coverage.path,
    coverage: cut ? { ...coverage, state: "partly", reason } : coverage,
    problems: kept,
    metrics,
  };
}
