/** Checks one file with every engine that reads its language. Runs in the worker only. */
import { LIMITS } from "../limits";
import type { TextEdit } from "../text/index";
import { type PlacedError, placeErrors, reportEarlyError, reportParseError } from "./code-errors";
import { ruleById } from "./engines/catalogue";
import type { Engine, EngineInput, ParseError, RawFinding } from "./engines/engine";
import { createEngines } from "./engines/implementations";
import { identify } from "./identity";
import { languageLabel } from "./languages/registry";
import { squeeze } from "./languages/syntax-rules";
import { lineAt, lineStarts } from "./positions";
import type { Coverage, FileReport, Fix, Metrics, Problem, Severity, SourceFile } from "./schema";
import { looksMinified, parserSkipReason } from "./skip-rules";
import { loadSyntax, parseSyntax, type Syntax } from "./syntax";

export type Inspection = {
  coverage: Coverage;
  /** All of them, in the order of the file: limits apply to reports. */
  problems: Problem[];
  /** True when an engine of the language read all of it; else it is unknown whether it would run. */
  isRead: boolean;
  /** Errors of the grammar; those after the first are mostly its consequences. */
  parseErrors: PlacedError[];
  /** Errors before execution in code that the grammar allows; independent of one another. */
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

const severityRank: Record<Severity, number> = { critical: 0, major: 1, minor: 2, nit: 3 };
const rememberedInspections = 12;

export class Inspector {
  /** Proofs ask about the same base again and again. */
  private readonly remembered = new Map<string, Inspection>();

  constructor(private readonly engines: readonly Engine[] = createEngines()) {}

  /** Loads what reads the language and returns the engines that do: takes a moment the first time, which is no file's fault. */
  async prepare(language: string): Promise<Engine[]> {
    const reading = this.engines.filter(({ languages }) => languages.includes("*") || languages.includes(language));
    await Promise.all([loadSyntax(language), ...reading.map((engine) => engine.prepare(language))]);
    return reading;
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
    const engines = await this.prepare(language);
    const syntax = await parseSyntax(body, language);
    const minified = looksMinified(body);
    const input: EngineInput = { path, text: body, language, syntax, withFixes: fixes };
    const run = (kind: Engine["input"]) =>
      engines.filter((each) => each.input === kind).map((each) => each.check(input));
    const source = minified ? [] : run("source");
    const parseErrors = source.flatMap((result) => result.parseErrors ?? []);
    const isValid = parseErrors.length === 0;
    const earlyErrors = isValid
      ? source.flatMap((result) => result.earlyErrors ?? []).sort((a, b) => a.start - b.start)
      : [];
    const others = [...run("text"), ...(isValid && !minified ? run("valid-source") : [])];
    const raw = [
      ...(isValid ? source.flatMap(({ findings }) => findings) : reportParseError(parseErrors, body)),
      ...earlyErrors.map(reportEarlyError),
      ...others.flatMap(({ findings }) => findings),
    ];
    const comments = fixes && syntax && raw.some(({ fix }) => fix) ? syntax.comments() : [];
    const problems = describe(path, body, raw, syntax).map((problem) => {
      const fix = problem.fix && keptFix(problem.fix, body, comments);
      return shift({ ...problem, fix }, bom);
    });
    const measures = fixes ? engines.map((engine) => engine.measure?.(input)) : [];
    return {
      coverage: coverFile(file, engines, { text: body, minified, parseErrors }),
      problems,
      isRead: source.length > 0,
      parseErrors: placeErrors(parseErrors, body),
      earlyErrors: placeErrors(earlyErrors, body),
      metrics: Object.assign({}, noMetrics, ...measures),
    };
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

/** Returns how much of a file the engines covered, and the reason where that is not all of it. */
function coverFile(
  { path, language }: SourceFile,
  engines: readonly Engine[],
  { text, minified, parseErrors }: { text: string; minified: boolean; parseErrors: readonly ParseError[] },
): Coverage {
  const partly = (why: string): Coverage => {
    const found = engines.flatMap(({ finds }) => finds ?? []).join(", ");
    return { path, state: "partly", reason: `${why}, so only ${found} were looked for` };
  };
  const [first] = parseErrors;
  if (minified) return partly("looks minified or generated");
  if (first) return partly(`does not parse (line ${lineAt(lineStarts(text), first.start)})`);
  const isRead = engines.some(({ input }) => input === "source");
  return isRead ? { path, state: "covered" } : partly(`no rules for ${languageLabel(language)}`);
}

/** Findings with their rule's words, their place and their identity, sorted; equal ones once. */
function describe(path: string, text: string, raw: readonly RawFinding[], syntax: Syntax | undefined): Problem[] {
  const starts = lineStarts(text);
  const seen = new Set<string>();
  const sorted = [...raw]
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .filter((finding) => {
      const key = `${finding.rule} ${finding.start} ${finding.end}`;
      return !seen.has(key) && Boolean(seen.add(key));
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
  return { ...fix, edits, safety: losesComment ? "unsafe" : fix.safety };
}

function shift(problem: Problem, by: number): Problem {
  if (by === 0) return problem;
  const moved = (edit: TextEdit) => ({ ...edit, start: edit.start + by, end: edit.end + by });
  const fix = problem.fix && { ...problem.fix, edits: problem.fix.edits.map(moved) };
  return { ...problem, start: problem.start + by, end: problem.end + by, fix };
}
