/** What is suggested for one file, as edits of its stored text. */
import { type Normalised, normalisePatch, splitLines, type TextEdit } from "../../text/index";
import type { ProposedEdit } from "../tools";
import { SuggestionRefused } from "./refused";
import type { SuggestedPatch } from "./suggestion";

export type FilePatch =
  | Exclude<SuggestedPatch, { format: "edits" }>
  | { format: "edits"; edits: readonly Exclude<ProposedEdit, { delete: true }>[] }
  | { format: "delete" };

type FileResult = { edits: TextEdit[]; exact: boolean; isDeletion?: true };

/** All patches of one file together; `text` is undefined for a file that does not exist. Throws SuggestionRefused. */
export function textEditsOf(path: string, text: string | undefined, patches: readonly FilePatch[]): FileResult {
  if (patches.some(isDeletion)) return deletion(path, text, patches);
  if (text === undefined) return newFile(path, patches);
  const results = patches.map((patch) => accepted(path, ofExisting(path, text, patch)));
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

const isDeletion = (patch: FilePatch): boolean =>
  patch.format === "delete" || (patch.format === "unified" && patch.isDeletion === true);

function accepted(path: string, result: Normalised): Normalised & { ok: true } {
  if (!result.ok) throw new SuggestionRefused(`${path}: ${result.reason}`, path);
  return result;
}

function ofExisting(path: string, text: string, patch: FilePatch): Normalised {
  switch (patch.format) {
    case "edits":
      return normalisePatch(text, "edits", patch.edits);
    case "search_replace":
      return normalisePatch(text, "search_replace", patch.blocks);
    case "unified":
      if (patch.isNew && text !== "") throw new SuggestionRefused(`The file ${path} exists already.`, path);
      return normalisePatch(text, "unified", patch.diff);
    case "lines":
      return normalisePatch(text, "edits", [lineEdit(path, text, patch)]);
    case "delete":
      throw new SuggestionRefused(`${path} is both changed and deleted.`, path);
  }
}

/**
 * The numbers are those of the stored text, which is what the model was shown: so the lines they name are the original.
 * Without line ends, which makes the new lines end as the old ones do.
 */
function lineEdit(path: string, text: string, patch: FilePatch & { format: "lines" }) {
  const { startLine, endLine, replacement } = patch;
  const lines = splitLines(text);
  if (startLine < 1 || endLine < startLine - 1 || endLine > lines.length) {
    throw new SuggestionRefused(
      `${path} has ${lines.length} lines; there are no lines ${startLine} to ${endLine}.`,
      path,
    );
  }
  const standing = lines.slice(startLine - 1, endLine).map((line) => line.replace(/\r?\n$/, ""));
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
  if (patch.format === "unified" && patch.isNew) {
    const { edits, exact } = accepted(path, normalisePatch("", "unified", patch.diff));
    return { edits, exact };
  }
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
  if (patch.format === "unified") {
    // A diff that deletes quotes all of what it deletes.
    const { edits } = accepted(path, normalisePatch(text, "unified", patch.diff));
    const [edit, more] = edits;
    const isWhole = edit && !more && edit.start === 0 && edit.end === text.length && edit.text === "";
    if (!isWhole && text !== "")
      throw new SuggestionRefused(`The diff that deletes ${path} leaves a part of it.`, path);
  }
  return { edits: [], exact: true, isDeletion: true };
}
