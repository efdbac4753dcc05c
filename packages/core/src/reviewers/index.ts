/** The built-in reviewer: its engines, run apart from the server in worker threads. */

import { LIMITS } from "../limits";
import type { TextEdit, TextRange } from "../text/index";
import { plainPlaceOf } from "./identity";
import { nestsTooDeeply } from "./nesting";
import type {
  CodePlace,
  ComposeResult,
  DuplicationReport,
  Evidence,
  FileReport,
  MergedFile,
  ProofResult,
  SourceFile,
} from "./schema";
import { parserSkipReason, skipReason } from "./skip-rules";
import { WorkFailed } from "./worker-client";
import { ReviewWorkerPool } from "./worker-pool";

export { RULE_VENDORS, RULES } from "./engines/catalogue";
export { sourceEnginesOf } from "./engines/registry";
export { looksMinified, unlintedReason } from "./file-kinds";
export { compare as compareFindings } from "./fix-verification";
export { identify, type Place } from "./identity";
export * from "./schema";
export { skipReason } from "./skip-rules";

export type ReviewOptions = {
  /** Gives up: a queued job is dropped, a running one's result is thrown away; the promise rejects with an AbortError. */
  signal?: AbortSignal;
  /** `typing` goes before every waiting `job` (the default). */
  priority?: "typing" | "job";
};

export interface Reviewer {
  /** How many files are worth handing over at the same time. */
  readonly threads: number;
  /** Problems with candidate fixes. Never rejects for what is in the file: that is `coverage`. */
  check(file: SourceFile, options?: ReviewOptions): Promise<FileReport>;
  /** Which of the report's fixes may be offered. */
  prove(file: SourceFile, report: FileReport, options?: ReviewOptions): Promise<ProofResult>;
  /** One text from many changes of one file, each `edits` against `file.text`; later ones give way to earlier ones. */
  compose(
    file: SourceFile,
    changes: { id: string; edits: TextEdit[] }[],
    options?: ReviewOptions,
  ): Promise<ComposeResult>;
  /** Returns the evidence for a change of any origin to a file; `before` is null for a new file. */
  evidence(before: SourceFile | null, after: SourceFile, options?: ReviewOptions): Promise<Evidence>;
  /** Returns sentences about declarations that a clean merge duplicated in one scope; empty where that can't be checked. */
  repeats(file: MergedFile, options?: ReviewOptions): Promise<string[]>;
  /** Triples of from, to and classes (`highlightClassName`); empty where the file is too big or the language unknown. */
  highlight(file: { text: string; language: string }, options?: ReviewOptions): Promise<Uint32Array>;
  /** Code that the files repeat, within one or between them. */
  duplication(files: SourceFile[], options?: ReviewOptions): Promise<DuplicationReport>;
  /** Returns the places of ranges of a file, in their order; a finding's identity is made of them. */
  locate(file: SourceFile, ranges: TextRange[], options?: ReviewOptions): Promise<CodePlace[]>;
  close(): Promise<void>;
}

export type ReviewerSettings = {
  /** The bundled worker; by default the one beside this source file. */
  workerUrl?: URL;
  /** The most worker threads; one by default. */
  threads?: number;
  /** When a worker is replaced by a fresh one; by default as in LIMITS. */
  limits?: { recycleMb: number; recycleFiles: number };
};

/**
 * A reviewer with worker threads of its own, started when there is work and ended when idle. A file that is too large,
 * takes too long or breaks an engine is reported as *skipped* with the reason, and the next file is reviewed as usual.
 */
export function createReviewer({
  workerUrl = new URL("./worker.ts", import.meta.url),
  threads = 1,
  limits,
}: ReviewerSettings = {}): Reviewer {
  const thread = new ReviewWorkerPool(workerUrl, threads, limits);
  return {
    threads,
    check: (file, options) => {
      const reason = parserSkipReason(file);
      if (reason) return Promise.resolve(skipped(file, reason));
      const work = { kind: "check", file } as const;
      return thread.perform(work, options, file).catch(unlessFailed((reason) => failed(file, reason)));
    },
    prove: (file, report, options) => {
      const candidates = report.problems.filter(({ fix }) => fix);
      const rejectAll = (reason: string): ProofResult => ({
        proven: [],
        rejected: candidates.map(({ identity }) => ({ identity, reason })),
      });
      if (candidates.length === 0) return Promise.resolve(rejectAll(""));
      const reason = parserSkipReason(file);
      if (reason) return Promise.resolve(rejectAll(reason));
      return thread.perform({ kind: "prove", file, report }, options, file).catch(unlessFailed(rejectAll));
    },
    compose: (file, changes, options) => {
      const leaveAll = (reason: string): ComposeResult => ({
        text: file.text,
        kept: [],
        skipped: changes.map(({ id }) => ({ id, reason })),
      });
      if (changes.length === 0) return Promise.resolve(leaveAll(""));
      const reason = parserSkipReason(file);
      if (reason) return Promise.resolve(leaveAll(reason));
      return thread.perform({ kind: "compose", file, changes }, options).catch(unlessFailed(leaveAll));
    },
    evidence: (before, after, options) => {
      const unknown = (reason: string): Evidence => ({ parses: true, added: [], removed: [], notChecked: reason });
      const reason = parserSkipReason(after);
      if (reason) return Promise.resolve(unknown(reason));
      return thread.perform({ kind: "evidence", before, after }, options).catch(unlessFailed(unknown));
    },
    repeats: (file, options) => {
      const { language, mine, theirs, text } = file;
      const none = () => [];
      const isOdd = [mine, theirs, text].some((side) => parserSkipReason({ text: side, language }) !== undefined);
      if (isOdd) return Promise.resolve(none());
      return thread.perform({ kind: "repeats", file }, options).catch(unlessFailed(none));
    },
    highlight: ({ text, language }, options) => {
      const nothing = () => new Uint32Array(0);
      if (text.length > LIMITS.review.maxFileBytes || nestsTooDeeply({ text, language }))
        return Promise.resolve(nothing());
      return thread.perform({ kind: "highlight", text, language }, options).catch(unlessFailed(nothing));
    },
    duplication: (files, options) => {
      const none = (): DuplicationReport => ({ blocks: [], duplicatedLines: {} });
      const reviewed = files.filter(({ text }) => !skipReason(text));
      return thread.perform({ kind: "duplication", files: reviewed }, options).catch(unlessFailed(none));
    },
    locate: (file, ranges, options) => {
      const plain = () => ranges.map(({ start, end }) => plainPlaceOf(file.text, start, end));
      if (ranges.length === 0 || parserSkipReason(file)) return Promise.resolve(plain());
      return thread.perform({ kind: "locate", file, ranges }, options).catch(unlessFailed(plain));
    },
    close: () => thread.close(),
  };
}

/** Turns work that the worker could not do into a result that says so; anything else (an abort) goes on. */
function unlessFailed<Result>(fallback: (reason: string) => Result): (error: unknown) => Result {
  return (error) => {
    if (error instanceof WorkFailed) return fallback(error.message);
    throw error;
  };
}

/** The report about a file that is not looked at. */
export function skipped({ path, text }: SourceFile, reason: string): FileReport {
  const metrics = { codeLines: 0, functions: 0, complexityMax: 0, complexityMean: 0, duplicatedLines: 0 };
  return {
    path,
    coverage: { path, state: "skipped", reason },
    problems: [],
    metrics: { lines: countLines(text), ...metrics },
  };
}

/** The report about a file that was looked at in vain. */
function failed(file: SourceFile, reason: string): FileReport {
  const report = skipped(file, reason);
  return { ...report, coverage: { ...report.coverage, isFailed: true } };
}

function countLines(text: string): number {
  let lines = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
