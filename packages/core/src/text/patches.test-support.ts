import { applyEdits, normalisePatch } from "./index";

/** Returns the base with the blocks applied, or the reason why not in brackets. */
export function replaced(base: string, ...blocks: { search: string; replace: string }[]): string {
  const result = normalisePatch(base, "search_replace", blocks);
  return result.ok ? applyEdits(base, result.edits) : `[${result.reason}]`;
}

/** Does the same with one edit of lines `start` to `end`, counted from 1. */
export function edited(base: string, start: number, end: number, original: string, replacement: string): string {
  const result = normalisePatch(base, "edits", [{ start_line: start, end_line: end, original, replacement }]);
  return result.ok ? applyEdits(base, result.edits) : `[${result.reason}]`;
}
