/** Turns a suggestion for one file into edits of its stored text. */
import { type Normalised, normalisePatch, splitLines, type TextEdit } from "../../text/index";
import { MAX_LINE_CHARS } from "../context";
import type { ProposedEdit } from "../tools";
import type { StoredFile } from "./paths";
import { SuggestionRefused } from "./refused";
import type { SuggestedPatch } from "./suggestion";

export type FilePatch =
  | Exclude<SuggestedPatch, { format: "edits" | "unified" }>
  /** A diff's change of this file; "new" and "delete" are those that add and remove it. */
  | { format: "edited" | "new"; edits: readonly TextEdit[]; exact: boolean }
  | { format: "edits"; edits: readonly Exclude<ProposedEdit, { delete: true }>[] }
  | { format: "delete" };

type FileResult = { edits: TextEdit[]; exact: boolean; isDeletion?: true };

/** All patches of one file together; `text` is undefined for a file that does not exist. Throws SuggestionRefused. */
export function textEditsOf(path: string, file: StoredFile | undefined, patches: readonly FilePatch[]): FileResult {
  const text = file?.text;
  if (patches.some(isDeletion)) return deletion(path, text, patches);
  if (!file || text === undefined) return newFile(path, patches);
  const results = patches.map((patch) => withFileLineEnds(text, patch, accepted(path, ofExisting(file, patch))));
  if (results.some((result) => result.edits.some(holdsLineNumbers))) {
    throw new SuggestionRefused(
      `The new lines of ${path} begin with the line numbers of the material. Leave those out.`,
      path,
    );
  }
  const edits = results
    .flatMap((result) => result.edits)
    .sort((one, two) => one.start - two.start || one.end - two.end);
  for (const [index, edit] of edits.entries()) {
    const last = edits[index - 1];
    const insertTwice = last && last.start === last.end && edit.start === edit.end && edit.start === last.start;
    if (last && (edit.start < last.end || insertTwice)) {
      throw new SuggestionRefused(`Two edits of ${path} change the same lines.`, path);
    }
  }
  return { edits, exact: results.every(({ exact }) => exact) };
}

/**
 * Models write "\n"; a file whose every line ends in "\r\n" must not get both. A diff shows which line ends it means, and
 * so does a text that is quoted with its line ends and written anew without them, and differs in nothing else.
 */
function withFileLineEnds<Result extends { edits: TextEdit[] }>(
  text: string,
  patch: FilePatch,
  result: Result,
): Result {
  const isAllCrlf = text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);
  if (!isAllCrlf || patch.format === "edited" || takesReturns(patch)) return result;
  return { ...result, edits: result.edits.map((edit) => ({ ...edit, text: edit.text.replace(/\r?\n/g, "\r\n") })) };
}

/** Returns the lines that a patch quotes from a file, each with the lines that replace them. */
function pairsOf(patch: FilePatch): { quoted: string; written: string }[] {
  if (patch.format === "search_replace") {
    return patch.blocks.map(({ search, replace }) => ({ quoted: search, written: replace }));
  }
  const edits = patch.format === "edits" ? patch.edits : patch.format === "lines" ? [patch] : [];
  return edits.map(({ original, replacement }) => ({ quoted: original ?? "", written: replacement }));
}

const takesReturns = (patch: FilePatch): boolean =>
  pairsOf(patch).every(({ quoted, written }) => quoted.includes("\r\n") && quoted.replaceAll("\r\n", "\n") === written);

/** Returns whether a patch keeps the lines that it quotes, as far as its text shows. */
export const quotesWhatItWrites = (patch: FilePatch): boolean =>
  pairsOf(patch).length > 0 && pairsOf(patch).every(({ quoted, written }) => quoted === written);

const isDeletion = (patch: FilePatch): boolean => patch.format === "delete";

function accepted(path: string, result: Normalised): Normalised & { ok: true } {
  if (!result.ok) throw new SuggestionRefused(`${path}: ${result.reason}`, path);
  return result;
}

/** "12 | return sum;" is how code is shown to a model, never how it is written. */
const holdsLineNumbers = ({ text }: TextEdit): boolean => {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 0 && lines.every((line) => /^\s*\d{1,7} \|(?: |$)/.test(line.trimEnd()));
};

function ofExisting(file: StoredFile, patch: FilePatch): Normalised {
  const { path, text } = file;
  switch (patch.format) {
    case "edits":
      return normalisePatch(text, "edits", patch.edits);
    case "search_replace":
      return normalisePatch(text, "search_replace", patch.blocks);
    case "edited":
      return { ok: true, edits: [...patch.edits], exact: patch.exact };
    case "new":
      throw new SuggestionRefused(`The file ${path} exists already.`, path);
    case "lines":
      return normalisePatch(text, "edits", [lineEdit(file, patch)]);
    case "delete":
      throw new SuggestionRefused(`${path} is both changed and deleted.`, path);
  }
}

/**
 * The numbers are those of the stored text, which is what the model was shown: so the lines they name are the original.
 * Without line ends, which makes the new lines end as the old ones do.
 */
function lineEdit({ path, text, shown }: StoredFile, patch: FilePatch & { format: "lines" }) {
  const { startLine, endLine, replacement } = patch;
  const lines = splitLines(text);
  if (startLine < 1 || endLine < startLine - 1 || endLine > lines.length) {
    throw new SuggestionRefused(
      `${path} has ${lines.length} lines; there are no lines ${startLine} to ${endLine}.`,
      path,
    );
  }
  if (shown && (startLine < shown.startLine || endLine > shown.endLine)) {
    throw new SuggestionRefused(`Lines ${startLine} to ${endLine} of ${path} were not all shown.`, path);
  }
  const standing = lines.slice(startLine - 1, endLine).map((line) => line.replace(/\r?\n$/, ""));
  if (standing.some((line) => line.length > MAX_LINE_CHARS)) {
    throw new SuggestionRefused(
      `Of lines ${startLine} to ${endLine} of ${path} only a part may have been shown.`,
      path,
    );
  }
  const original = patch.original ?? standing.join("\n");
  const isInsertion = endLine < startLine;
  // The replacement's own last newline is the end of its last line.
  const cut = replacement.endsWith("\n") && !original.endsWith("\n") && !isInsertion;
  return {
    start_line: startLine,
    end_line: endLine,
    original: isInsertion ? "" : original,
    replacement: cut || (isInsertion && replacement.endsWith("\n")) ? replacement.replace(/\r?\n$/, "") : replacement,
  };
}

function newFile(path: string, patches: readonly FilePatch[]): FileResult {
  const [patch, another] = patches;
  if (!patch || another) throw new SuggestionRefused(`The new file ${path} is given more than once.`, path);
  if (patch.format === "new") return { edits: [...patch.edits], exact: patch.exact };
  const text = textOfNewFile(patch);
  if (text === undefined) throw new SuggestionRefused(`There is no file ${path}.`, path);
  const ended = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return { edits: ended === "" ? [] : [{ start: 0, end: 0, text: ended }], exact: true };
}

function textOfNewFile(patch: FilePatch): string | undefined {
  if (patch.format === "edits") {
    const [edit, another] = patch.edits;
    const isNew = edit && !another && edit.start_line === 1 && edit.end_line === 0 && edit.original === "";
    return isNew ? edit.replacement : undefined;
  }
  if (patch.format === "search_replace") {
    const [block, another] = patch.blocks;
    return block && !another && block.search.trim() === "" ? block.replace : undefined;
  }
  return undefined;
}

function deletion(path: string, text: string | undefined, patches: readonly FilePatch[]): FileResult {
  const [patch, another] = patches;
  if (text === undefined) throw new SuggestionRefused(`There is no file ${path} to delete.`, path);
  if (!patch || another) throw new SuggestionRefused(`${path} is both changed and deleted.`, path);
  return { edits: [], exact: true, isDeletion: true };
}
