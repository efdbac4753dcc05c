/**
 * Converts a model's answer, in one of three formats, into edits on the stored base, or refuses it with the reason. A
 * block is placed only where it certainly belongs: at the lines it states, or at the only location where its old text
 * matches, exactly or except for white space.
 */

import { BlockFinder } from "./block-finder";
import { behindMark } from "./byte-order-mark";
import type { TextEdit } from "./edits";
import { normaliseLineEdits } from "./patch-edits";
import { PatchRefused } from "./patch-refused";
import { normaliseSearchReplace } from "./patch-search-replace";
import { normaliseUnified } from "./patch-unified";
import { onBase, withAddedEnd } from "./placed-block";

export type PatchFormat = "edits" | "search_replace" | "unified";

/**
 * `exact`: every block matched the base character for character. `reason` of a refusal is a sentence for users and
 * models; `hunk` is the 0-based index of the refused block.
 */
export type Normalised = { ok: true; edits: TextEdit[]; exact: boolean } | { ok: false; reason: string; hunk?: number };

/**
 * Returns the edits of a patch, or why it is refused. `patch` is a unified diff of one file, or, as JSON text or the
 * value itself, `[{start_line, end_line, original, replacement}]` ("edits": 1-based, inclusive; an insertion has
 * `end_line = start_line - 1`) or `[{search, replace}]`. Never throws.
 */
export function normalisePatch(base: string, format: PatchFormat, patch: string | unknown): Normalised {
  try {
    return { ok: true, ...normalise(base, format, format === "unified" ? patch : parseJson(patch)) };
  } catch (error) {
    if (!(error instanceof PatchRefused)) throw error;
    return error.hunk === undefined
      ? { ok: false, reason: error.message }
      : { ok: false, reason: error.message, hunk: error.hunk };
  }
}

function normalise(base: string, format: PatchFormat, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (format === "unified") return normaliseUnified(base, patch);
  const place = format === "edits" ? normaliseLineEdits : normaliseSearchReplace;
  return behindMark(base, JSON.stringify(patch) ?? "", (text) => {
    const { edits, exact } = place(new BlockFinder(withAddedEnd(text)), patch);
    return { edits: onBase(text, edits), exact };
  });
}

function parseJson(patch: unknown): unknown {
  if (typeof patch !== "string") return patch;
  try {
    return JSON.parse(patch);
  } catch {
    throw new PatchRefused("The edits are not valid JSON.");
  }
}
