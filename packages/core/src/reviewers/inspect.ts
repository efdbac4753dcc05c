/** Checks one file with every engine that reads its language. Runs in the worker only. */
import { LIMITS } from "../limits";
import type { TextEdit } from "../text/index";
import { complexityLimit, ruleById } from "./catalogue/index";
import { earlyErrorsOf, earlyFinding, type PlacedError, parseFinding, placed } from "./code-errors";
import { findDuplication } from "./duplication";
import { builtinEngines, type Engine, type LoadEngine } from "./engines";
import { isWorthSaying } from "./false-positives";
import type { EngineResult, ParseError, RawFinding } from "./finding";
import { identify } from "./identity";
import { languageLabel } from "./languages";
import { lineAt, lineStarts } from "./positions";
import type { Coverage, FileReport, Fix, Metrics, Problem, Severity, SourceFile } from "./schema";
import { looksMinified, parserSkipReason } from "./skip-rules";
import { Syntax, squeeze, structureParser } from "./syntax";
import { findMergeMarkers, findSecrets } from "./text-rules";

export type Inspection = {
  coverage: Coverage;
  /** All of them, in the order of the file: limits apply to reports. */
  problems: Problem[];
  /** `isRead` when an engine of the language looked at all of it; else nobody knows whether it would run. */
  isRead: boolean;
  /** Of the grammar: what comes after the first is mostly its echo. */
  parseErrors: PlacedError[];
  /** What is refused before it runs although the grammar allows it; each for itself. */
  earlyErrors: PlacedError[];
  metrics: Metrics;
};

const noMetrics: Metrics = {
  lines: 0,
  codeLines: 0,
  functions: 0,
  complexityMax: 0,
  complexityMean: 0,
  duplicatedLines: 0,
};

const nothingFound: EngineResult = { findings: [], parseErrors: [] };

const severityRank: Record<Severity, number> = { critical: 0, major: 1, minor: 2, nit: 3 };
const rememberedInspections = 12;

export class Inspector {
  /** Proofs ask about the same base again and again. */
  private readonly remembered = new Map<string, Inspection>();

  constructor(private readonly loadEngine: LoadEngine = builtinEngines()) {}

  /** Loads what reads the language: takes a moment the first time, which is no file's fault. */
  async prepare(language: string): Promise<Engine | undefined> {
    await structureParser(language);
    return this.loadEngine(language);
  }

  /** Findings and metrics; with `fixes: false` neither fixes nor metrics, which proofs have no use for. */
  async inspect(file: SourceFile, { fixes }: { fixes: boolean }): Promise<Inspection> {
    const key = JSON.stringify([file.path, file.language, fixes]) + file.text;
    const known = this.remembered.get(key);
    if (known) return known;
    const inspection = await this.look(file, fixes);
    this.remembered.set(key, inspection);
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > rememberedInspections && !oldest.done) this.remembered.delete(oldest.value);
    return inspection;
  }

  private async look(file: SourceFile, fixes: boolean): Promise<Inspection> {
    const { path, text, language } = file;
    const reason = parserSkipReason(file);
    if (reason) {
      const coverage: Coverage = { path, state: "skipped", reason };
      return { coverage, problems: [], isRead: false, parseErrors: [], earlyErrors: [], metrics: noMetrics };
    }
    const bom = text.startsWith("\uFEFF") ? 1 : 0;
    const body = bom ? text.slice(1) : text;
    const engine = await this.prepare(language);
    const parser = await structureParser(language);
    const syntax = parser ? new Syntax(parser.parse(body), body, language) : undefined;
    const minified = looksMinified(body);
    const found = (!minified && engine?.check(path, body, language, fixes)) || nothingFound;
    const parsed = found.parseErrors.length === 0;
    const earlyErrors = parsed && !minified ? earlyErrorsOf(found, syntax) : [];
    const relevant = found.findings.filter((finding) => !syntax || isWorthSaying(finding, syntax));
    const raw = [
      ...(parsed ? relevant : parseFinding(found.parseErrors, body)),
      ...earlyErrors.map(earlyFinding),
      ...findSecrets(body),
      ...findMergeMarkers(body),
      ...(parsed && syntax && !minified ? complexFunctions(syntax) : []),
    ];
    const comments = fixes && syntax && raw.some(({ fix }) => fix) ? syntax.comments() : [];
    const problems = describe(path, body, raw, syntax).map((problem) => {
      const fix = problem.fix && keptFix(problem.fix, body, comments);
      return shift({ ...problem, fix }, bom);
    });
    return {
      coverage: minified
        ? partly(path, "looks minified or generated")
        : coverageOf(file, found.parseErrors, { text: body, isRead: engine !== undefined }),
      problems,
      isRead: engine !== undefined && !minified,
      parseErrors: placed(found.parseErrors, body),
      earlyErrors: placed(earlyErrors, body),
      metrics: fixes ? measure(path, body, syntax) : noMetrics,
    };
  }
}

/** The report of an inspection: the worst findings within the limits, in the order of the file. */
export function reportOf({ coverage, problems, metrics }: Inspection): FileReport {
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

function partly(path: string, why: string): Coverage {
  return { path, state: "partly", reason: `${why}, so only secrets and merge markers were looked for` };
}

function coverageOf(
  { path, language }: SourceFile,
  errors: readonly ParseError[],
  { text, isRead }: { text: string; isRead: boolean },
): Coverage {
  const [first] = errors;
  if (first) return partly(path, `does not parse (line ${lineAt(lineStarts(text), first.start)})`);
  if (isRead) return { path, state: "covered" };
  return partly(path, `no rules for ${languageLabel(language)}`);
}

function complexFunctions(syntax: Syntax): RawFinding[] {
  return syntax
    .functions()
    .filter(({ complexity }) => complexity > complexityLimit)
    .map(({ name, start, end, complexity }) => ({
      rule: "redline/complex-function",
      start,
      end,
      title: `${name ? `\`${name}\`` : "This function"} has ${complexity} paths through it`,
    }));
}

/** Rules that say less about a place than another one that also speaks there: left out in its favour. */
const echoes: Record<string, string> = { "biome/a11y/useValidAnchor": "biome/security/noScriptUrl" };

function isEcho({ rule, start, end }: RawFinding, all: readonly RawFinding[]): boolean {
  const stronger = echoes[rule];
  return (
    stronger !== undefined && all.some((other) => other.rule === stronger && other.start < end && start < other.end)
  );
}

/** Findings with their rule's words, their place and their identity, sorted; equal ones once. */
function describe(path: string, text: string, raw: readonly RawFinding[], syntax: Syntax | undefined): Problem[] {
  const starts = lineStarts(text);
  const seen = new Set<string>();
  const sorted = [...raw]
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .filter((finding) => {
      const key = `${finding.rule} ${finding.start} ${finding.end}`;
      return !seen.has(key) && !isEcho(finding, raw) && Boolean(seen.add(key));
    });
  const places = sorted.map(({ rule, start, end }) => ({
    rule,
    path,
    symbol: syntax?.symbolAt(start, end) ?? "",
    context: syntax ? syntax.contextAt(start, end) : lineContext(text, starts, start, end),
  }));
  const identities = identify(places);
  return sorted.flatMap(({ rule, start, end, title, fix }, index) => {
    const doc = ruleById.get(rule);
    if (!doc) return [];
    const startLine = lineAt(starts, start);
    const endLine = lineAt(starts, Math.max(start, end - 1));
    const { severity, confidence, why } = doc;
    const place = { path, start, end, startLine, endLine, symbol: places[index]?.symbol ?? "" };
    return [{ identity: identities[index] ?? "", rule, severity, confidence, ...place, title, explanation: why, fix }];
  });
}

function lineContext(text: string, starts: Uint32Array, start: number, end: number): string {
  const from = starts[lineAt(starts, start) - 1] ?? 0;
  const to = text.indexOf("\n", end);
  return squeeze(text.slice(from, to < 0 ? text.length : to)).slice(0, 400);
}

/**
 * The fix as it may be offered: with the file's own line endings, never safe where it deletes a comment, and not at all
 * where the engine lost characters that UTF-8 cannot carry.
 */
function keptFix(fix: Fix, text: string, comments: readonly { from: number; to: number }[]): Fix | undefined {
  if (fix.edits.some((edit) => edit.text.includes("\uFFFD"))) return undefined;
  const crlf = text.includes("\r\n");
  const edits = fix.edits.map((edit) => (crlf ? { ...edit, text: edit.text.replace(/\r?\n/g, "\r\n") } : edit));
  const inserted = edits.map((edit) => edit.text).join("");
  const losesComment = edits.some(({ start, end }) =>
    comments.some(({ from, to }) => from < end && to > start && !inserted.includes(text.slice(from, to))),
  );
  return { ...fix, edits, safety: losesComment ? "look-first" : fix.safety };
}

function shift(problem: Problem, by: number): Problem {
  if (by === 0) return problem;
  const moved = (edit: TextEdit) => ({ ...edit, start: edit.start + by, end: edit.end + by });
  const fix = problem.fix && { ...problem.fix, edits: problem.fix.edits.map(moved) };
  return { ...problem, start: problem.start + by, end: problem.end + by, fix };
}

function measure(path: string, text: string, syntax: Syntax | undefined): Metrics {
  const comments = syntax?.comments() ?? [];
  const functions = syntax?.functions() ?? [];
  const complexities = functions.map(({ complexity }) => complexity);
  const total = complexities.reduce((sum, complexity) => sum + complexity, 0);
  return {
    lines: text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0),
    codeLines: countCodeLines(text, comments),
    functions: functions.length,
    complexityMax: complexities.reduce((max, complexity) => Math.max(max, complexity), 0),
    complexityMean: functions.length > 0 ? Math.round((total / functions.length) * 10) / 10 : 0,
    duplicatedLines: findDuplication([{ path, text }]).duplicatedLines[path] ?? 0,
  };
}

function countCodeLines(text: string, comments: readonly { from: number; to: number }[]): number {
  let code = "";
  let at = 0;
  for (const { from, to } of comments) {
    code += text.slice(at, from) + text.slice(from, to).replace(/[^\n]+/g, "");
    at = to;
  }
  return (code + text.slice(at)).split("\n").filter((line) => line.trim() !== "").length;
}
