/** The built-in reviewer: Biome, Ruff and our own checks, run apart from the server in one worker thread. */

import type { TextEdit } from "../text/index";
import type { ComposeResult, DuplicationReport, Evidence, FileReport, ProofResult, SourceFile } from "./schema";

export * from "./languages";
export * from "./schema";

export type ReviewOptions = {
  /** Gives up: a queued job is dropped, a running one's result is thrown away; the promise rejects with an AbortError. */
  signal?: AbortSignal;
  /** `typing` goes before every waiting `job` (the default). */
  priority?: "typing" | "job";
};

export interface Reviewer {
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
  /** What a change of any origin does to a file; `before` is null for a new file. */
  evidence(before: SourceFile | null, after: SourceFile, options?: ReviewOptions): Promise<Evidence>;
  /** Triples of from, to and classes (`highlightClassName`); empty where the file is too big or the language unknown. */
  highlight(file: { text: string; language: string }, options?: ReviewOptions): Promise<Uint32Array>;
  /** Code that the files repeat, within one or between them. */
  duplication(files: SourceFile[], options?: ReviewOptions): Promise<DuplicationReport>;
  close(): Promise<void>;
}

export type ReviewerSettings = {
  /** The bundled worker; by default the one beside this source file. */
  workerUrl?: URL;
};
