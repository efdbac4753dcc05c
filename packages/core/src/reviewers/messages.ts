/** Messages between the server and the reviewer's worker. */
import type { TextEdit } from "../text/index";
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

export type Work =
  | { kind: "check"; file: SourceFile }
  | { kind: "prove"; file: SourceFile; report: FileReport }
  | { kind: "compose"; file: SourceFile; changes: { id: string; edits: TextEdit[] }[] }
  | { kind: "evidence"; before: SourceFile | null; after: SourceFile }
  | { kind: "repeats"; file: MergedFile }
  | { kind: "highlight"; text: string; language: string }
  | { kind: "duplication"; files: SourceFile[] }
  | { kind: "locate"; file: SourceFile; ranges: { start: number; end: number }[] };

/** The result of each kind of request. */
export type Results = {
  check: FileReport;
  prove: ProofResult;
  compose: ComposeResult;
  evidence: Evidence;
  repeats: string[];
  highlight: Uint32Array;
  duplication: DuplicationReport;
  locate: CodePlace[];
};

export type Priority = "typing" | "job";

export type Request = { id: number; priority: Priority; work: Work };

export type Reply =
  /** Work on `id` goes on to its next check: one check may take the deadline, the whole may take longer. */
  | { id: number; state: "step" }
  | { id: number; state: "done"; result: Results[keyof Results]; memoryMb: number }
  /** An engine failed; WebAssembly that has panicked cannot be trusted again, so the worker has to go. */
  | { id: number; state: "failed"; message: string };
