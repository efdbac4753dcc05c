/** Suggestions become edits of the stored files they were made for, or are refused with the reason. */
import type { FileEdit } from "../../codebases/schema";
import { LIMITS } from "../../limits";
import { applyEdits, type FileChange } from "../../text/index";
import type { ProposedEdit } from "../tools";
import { diffChanges } from "./diff-answer";
import { type FilePatch, quotesWhatItWrites, textEditsOf } from "./file-patch";
import { editablePath, type SuggestionBase } from "./paths";
import { SuggestionRefused } from "./refused";
import type { SuggestedPatch, Suggestion } from "./suggestion";

export type { StoredFile, SuggestionBase } from "./paths";

/** `exact` tells that every edit stood in its file to the character. `reason` is a sentence for people and models. */
export type NormalisedEdits =
  | { ok: true; edits: FileEdit[]; exact: boolean }
  | { ok: false; reason: string; path?: string };

/** The edits of a `propose_change` or a `report_finding`. Never throws. */
export function normaliseEdits(base: SuggestionBase, edits: readonly ProposedEdit[]): NormalisedEdits {
  return normaliseSuggestion(base, { patches: [{ format: "edits", edits }] });
}

/**
 * A suggestion of any format, file by file; all of it or nothing. `questionPath` is the path of the file that the question was
 * about, for what names none. Never throws.
 */
export function normaliseSuggestion(
  base: SuggestionBase,
  suggestion: Pick<Suggestion, "patches">,
  questionPath?: string,
): NormalisedEdits {
  try {
    const files = byPath(base, suggestion.patches, questionPath);
    const edited = [...files].map(([path, patches]) => editFile(base, path, patches));
    const edits = edited.flatMap(({ edit }) => (edit ? [edit] : []));
    if (edits.length === 0)
      throw new SuggestionRefused(reasonForNothing(suggestion.patches, [...files.values()].flat()));
    return { ok: true, edits, exact: edited.every(({ exact }) => exact) };
  } catch (error) {
    if (!(error instanceof SuggestionRefused)) throw error;
    return { ok: false, reason: error.message, ...(error.path !== undefined && { path: error.path }) };
  }
}

/** Why edits come to nothing. Line ends are the one change that a text can mean without showing it. */
function reasonForNothing(written: readonly SuggestedPatch[], patches: readonly FilePatch[]): string {
  const isSame = written.every((patch) => patch.format === "unified")
    ? written.every((patch) => patch.format === "unified" && removesWhatItAdds(patch.diff))
    : patches.every(quotesWhatItWrites);
  return isSame
    ? "The edits change nothing: old lines and new ones are the same. If line ends are meant, the answer does not show which."
    : "The edits change nothing: the code is like that already.";
}

/** Returns whether a diff removes exactly the lines that it adds, in the same order. */
function removesWhatItAdds(diff: string): boolean {
  const lines = diff.split("\n").filter((line) => !/^(?:---|\+\+\+) /.test(line));
  const signed = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  return signed("-").join("\n") === signed("+").join("\n");
}

/** Groups the suggestions by file, in the order in which files are first named. */
function byPath(
  base: SuggestionBase,
  patches: readonly SuggestedPatch[],
  questionPath: string | undefined,
): Map<string, FilePatch[]> {
  const files = new Map<string, FilePatch[]>();
  const add = (path: string, patch: FilePatch) => files.set(path, [...(files.get(path) ?? []), patch]);
  for (const patch of patches) {
    if (patch.format === "edits") addEdits(base, patch.edits, add);
    else if (patch.format === "unified") addDiff(diffChanges(base, patch, questionPath), add);
    else add(editablePath(base, "path" in patch ? patch.path : undefined, questionPath), patch);
  }
  return files;
}

function addDiff(changes: Map<string, FileChange>, add: (path: string, patch: FilePatch) => void): void {
  for (const [path, { before, after, edits, exact }] of changes) {
    if (after === null && before === null) continue;
    if (after === null) add(path, { format: "delete" });
    else add(path, { format: before === null ? "new" : "edited", edits, exact });
  }
}

function addEdits(
  base: SuggestionBase,
  edits: readonly ProposedEdit[],
  add: (path: string, patch: FilePatch) => void,
): void {
  const ranges = new Map<string, Exclude<ProposedEdit, { delete: true }>[]>();
  for (const edit of edits) {
    const path = editablePath({ ...base, isStrict: true }, edit.path, undefined);
    if ("delete" in edit) {
      add(path, { format: "delete" });
      continue;
    }
    if (isFenced(edit.replacement) && !isFenced(edit.original) && !/\.(?:md|mdx|markdown|rst|txt)$/i.test(path)) {
      throw new SuggestionRefused(
        "The lines that come stand between code fences, which would go into the file. Give the lines alone.",
        path,
      );
    }
    ranges.set(path, [...(ranges.get(path) ?? []), edit]);
  }
  for (const [path, own] of ranges) add(path, { format: "edits", edits: own });
}

/** Returns whether a text's first line opens a block of Markdown and its last line closes it. */
function isFenced(text: string): boolean {
  const lines = text.trim().split(/\r?\n/);
  return lines.length > 1 && /^\s*(?:```|~~~)\S*$/.test(lines[0] ?? "") && /^\s*(?:```|~~~)$/.test(lines.at(-1) ?? "");
}

function editFile(
  base: SuggestionBase,
  path: string,
  patches: readonly FilePatch[],
): { edit?: FileEdit; exact: boolean } {
  const file = base.files.find((each) => each.path === path);
  const result = textEditsOf(path, file, patches);
  if (result.isDeletion && file) {
    return { edit: { path, baseHash: file.hash, edits: [], delete: true }, exact: true };
  }
  const text = applyEdits(file?.text ?? "", result.edits);
  if (file && text === file.text) return { exact: true };
  if (text.includes("\0")) throw new SuggestionRefused(`${path} would hold NUL bytes.`, path);
  if (Buffer.byteLength(text) > LIMITS.file.maxBytes) throw new SuggestionRefused(`${path} would be over 5 MB.`, path);
  return { edit: { path, baseHash: file?.hash ?? null, edits: result.edits }, exact: result.exact };
}
