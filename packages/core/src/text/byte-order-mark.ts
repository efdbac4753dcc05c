import type { TextEdit } from "./edits";

export const BYTE_ORDER_MARK = "\uFEFF";

/** The edits of a patch; `exact` where every block stood to the character. */
export type Placed = { edits: TextEdit[]; exact: boolean };

/**
 * Places a patch in a text that may begin with a byte order mark. The mark is the file's, not its first line's: a patch
 * that does not write it is one of the text behind it, and the file keeps it. A patch that writes it, as git's diffs do,
 * says itself what becomes of it.
 */
export function behindMark(base: string, patch: string, place: (text: string) => Placed): Placed {
  if (!base.startsWith(BYTE_ORDER_MARK) || patch.includes(BYTE_ORDER_MARK)) return place(base);
  const { edits, exact } = place(base.slice(1));
  return { edits: edits.map((edit) => ({ ...edit, start: edit.start + 1, end: edit.end + 1 })), exact };
}
