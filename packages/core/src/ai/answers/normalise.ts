/** Suggestions become edits of the stored files they were made for, or are refused with the reason. */
import type { FileEdit } from "../../codebases/schema";
import type { ProposedEdit } from "../tools";
import type { Suggestion } from "./suggestion";

/** A file as stored: what a suggestion is proven against. */
export type StoredFile = { path: string; text: string; hash: string };

/** The files a suggestion may edit, and the paths of all others that exist, which it may neither edit nor create. */
export type SuggestionBase = { files: readonly StoredFile[]; otherPaths?: readonly string[]; mayAddFiles?: boolean };

/** `exact` tells that every edit stood in its file to the character. `reason` is a sentence for people and models. */
export type NormalisedEdits =
  | { ok: true; edits: FileEdit[]; exact: boolean }
  | { ok: false; reason: string; path?: string };

/** The edits of a `propose_change` or a `report_finding`. Never throws. */
export function normaliseEdits(base: SuggestionBase, edits: readonly ProposedEdit[]): NormalisedEdits {
  return normaliseSuggestion(base, { summary: "", code: "", patches: [{ format: "edits", edits: [...edits] }] });
}

/** A suggestion of any format. `asked` is the path of the file that the question was about. Never throws. */
export function normaliseSuggestion(_base: SuggestionBase, _suggestion: Suggestion, _asked?: string): NormalisedEdits {
  return { ok: false, reason: "Not written yet." };
}
