/** What the engines find in one file, and how much of it they read. Runs in the worker only. */
import { type PlacedError, placeErrors, reportDialect, reportEarlyError, reportParseError } from "./code-errors";
import { describeFindings, inFile, shift } from "./describe-findings";
import type { View } from "./embedded/view";
import { viewOf } from "./embedded/views";
import type { Engine, EngineInput, EngineResult, ParseError, RawFinding } from "./engines/engine";
import { isTest, unlintedReason } from "./file-kinds";
import { languageLabel } from "./languages/registry";
import { lineStarts } from "./positions";
import type { Coverage, Metrics, Problem, SourceFile } from "./schema";
import { findSuppressions } from "./suppressions/suppressions";
import { type Outline, parseSyntax } from "./syntax";
import { asTestFinding } from "./test-findings";

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
  /** True where an engine broke on the file; what the others found stands. */
  hasFailed: boolean;
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

export function skippedInspection(path: string, reason: string): Inspection {
  const coverage: Coverage = { path, state: "skipped", reason };
  return {
    coverage,
    problems: [],
    isRead: false,
    hasFailed: false,
    parseErrors: [],
    earlyErrors: [],
    metrics: noMetrics,
  };
}

type Run = { engine: Engine; result: EngineResult };
type Failure = { engine: Engine; error: unknown };

/** A file as it is read: its text without a byte order mark, the code in it, and what the engines made of both. */
type Reading = {
  body: string;
  bom: number;
  view: View;
  code: EngineInput;
  /** Why linters do not judge the code. */
  unlinted?: string;
  runs: Run[];
  failures: Failure[];
};

export async function inspectFile(file: SourceFile, engines: readonly Engine[], fixes: boolean): Promise<Inspection> {
  const reading = await open(file, engines, fixes);
  const { body, bom, view, code } = reading;
  const source = reading.unlinted ? [] : runEngines(reading, engines, "source", code);
  const isError = (error: ParseError) => view.isError(error);
  const parseErrors = source.flatMap((result) => result.parseErrors ?? []).filter(isError);
  const isValid = parseErrors.length === 0;
  const earlyErrors = isValid
    ? source
        .flatMap((result) => result.earlyErrors ?? [])
        .filter(isError)
        .sort(byStart)
    : [];
  const further = isValid && !reading.unlinted ? runEngines(reading, engines, "valid-source", code) : [];
  const inText = runEngines(reading, engines, "text", { ...code, text: body, language: file.language });
  if (reading.runs.length === 0 && reading.failures[0]) throw reading.failures[0].error;
  const inCode = [
    ...(isValid ? source.flatMap(({ findings }) => findings) : reportParseError(parseErrors, view.text)),
    ...earlyErrors.map(reportEarlyError),
    ...source.flatMap(({ unread }) => (unread ? reportDialect(unread) : [])),
    ...further.flatMap(({ findings }) => findings),
  ];
  const problems = describeAll(
    reading,
    inCode,
    inText.flatMap(({ findings }) => findings),
  );
  const placed = (errors: readonly ParseError[]) =>
    placeErrors(
      errors.map((error) => ({ ...error, ...view.placeOf(error.start, error.end) })),
      body,
    );
  return {
    coverage: coverFile(file, engines, reading, placed(parseErrors)[0]?.line),
    problems: problems.map((problem) => shift(problem, bom)),
    isRead: reading.runs.some(({ engine, result }) => engine.input === "source" && !result.unread),
    hasFailed: reading.failures.length > 0,
    parseErrors: placed(parseErrors),
    earlyErrors: placed(earlyErrors),
    metrics: fixes ? measure(engines, reading) : noMetrics,
  };
}

async function open(
  { path, text, language }: SourceFile,
  engines: readonly Engine[],
  withFixes: boolean,
): Promise<Reading> {
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  const body = text.slice(bom);
  const view = await viewOf(body, language);
  const syntax = await parseSyntax(view.text, view.language);
  const outline = syntax ?? outlineOf(engines, view.text, view.language);
  const code = { path, text: view.text, language: view.language, syntax, outline, withFixes };
  const unlinted = view.reason ?? unlintedReason(code);
  return { body, bom, view, code, ...(unlinted && { unlinted }), runs: [], failures: [] };
}

function outlineOf(engines: readonly Engine[], text: string, language: string): Outline | undefined {
  for (const engine of engines) {
    const outline = engine.outline?.(text, language);
    if (outline) return outline;
  }
  return undefined;
}

/** Returns the results of the engines of a kind; one that fails leaves the file to the others. */
function runEngines(
  { runs, failures }: Reading,
  engines: readonly Engine[],
  kind: Engine["input"],
  input: EngineInput,
): EngineResult[] {
  return engines.flatMap((engine) => {
    if (engine.input !== kind) return [];
    try {
      const result = engine.check(input);
      runs.push({ engine, result });
      return [result];
    } catch (error) {
      failures.push({ engine, error });
      return [];
    }
  });
}

/** The findings worth showing, in the order of the file. */
function describeAll({ body, view, code }: Reading, inCode: RawFinding[], inText: RawFinding[]): Problem[] {
  const found = relevant(inCode, code).filter((finding) => view.isTrue(finding));
  const textual = relevant(inText, { ...code, text: body });
  if (view.text === body) return describeFindings(code, [...found, ...textual]);
  const ofCode = describeFindings(
    code,
    found.map((finding) => ({ ...finding, title: view.titleOf(finding) })),
  );
  const ofText = describeFindings(
    { ...code, text: body, syntax: undefined, outline: undefined, withFixes: false },
    textual,
  );
  return [...ofCode.map((problem) => inFile(problem, view, body)), ...ofText].sort(byStart);
}

/** Findings that nobody has answered in a comment yet, as tests deserve them where the file is one. */
function relevant(findings: readonly RawFinding[], { path, text }: EngineInput): RawFinding[] {
  const isSuppressed = findings.length > 0 ? findSuppressions(text, lineStarts(text)) : () => false;
  const open = findings.filter((finding) => !isSuppressed(finding));
  return isTest(path) ? open.flatMap(asTestFinding) : open;
}

const byStart = (a: { start: number }, b: { start: number }): number => a.start - b.start;

function measure(engines: readonly Engine[], { code, body }: Reading): Metrics {
  const measures = engines.map((engine) => engine.measure?.(code));
  const lines = body === "" ? 0 : body.split("\n").length - (body.endsWith("\n") ? 1 : 0);
  return Object.assign({}, noMetrics, ...measures, { lines });
}

/** Returns how much of a file the engines covered, and the reason where that is not all of it. */
function coverFile(
  { path, language }: SourceFile,
  engines: readonly Engine[],
  { unlinted, runs, failures }: Reading,
  brokenLine: number | undefined,
): Coverage {
  const partly = (why: string): Coverage => {
    const found = engines.flatMap(({ finds }) => finds ?? []).join(", ");
    return { path, state: "partly", reason: `${why}, so only ${found} were looked for` };
  };
  if (unlinted) return partly(unlinted);
  if (brokenLine !== undefined) return partly(`does not parse (line ${brokenLine})`);
  const unread = runs.find(({ result }) => result.unread);
  const [failure] = failures;
  if (failure) return { path, state: "partly", reason: `${failure.engine.vendor.label} failed on it` };
  if (unread?.result.unread) return partly(unreadReason(unread.engine, unread.result.unread));
  const isRead = engines.some(({ input }) => input === "source");
  return isRead ? { path, state: "covered" } : partly(`no rules for ${languageLabel(language)}`);
}

const unreadReason = ({ vendor }: Engine, { dialect, message }: NonNullable<EngineResult["unread"]>): string =>
  dialect ? `is written in ${dialect}` : `${vendor.label} does not know all of its syntax (${message})`;
