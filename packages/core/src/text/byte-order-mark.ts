import type { TextEdit } from "./edits";

export const BYTE_ORDER_MARK = "\uFEFF";

/** The edits of a patch; `exact` where every block stood to the character. */
export type Placed = { edits: TextEdit[]; exact: boolean };

/**
 * Places a patch in a text that may begin with a byte order mark. The mark belongs to the file, not to its first line:
 * a patch without it applies to the text after it, and the file keeps it. A patch that contains it, as git's diffs do,
 * determines whether it stays.
 */
export function behindMark(base: string, patch: string, place: (text: string) => Placed): Placed {
  if (!base.startsWith(BYTE_ORDER_MARK) || patch.includes(BYTE_ORDER_MARK)) return place(base);
  const { edits, exact } = place(base.slice(1));
  return { edits: edits.map((edit) => ({ ...edit, start: edit.start + 1, end: edit.end + 1 })), exact };
}
