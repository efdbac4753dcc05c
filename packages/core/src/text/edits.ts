/** One replacement in a base text: UTF-16 offsets, start ≤ end; a list is sorted and never overlaps. */
export type TextEdit = { start: number; end: number; text: string };

/**
 * Returns `base` with `edits` applied. Throws a RangeError when an edit is out of range, or the list unsorted or
 * overlapping.
 */
export function applyEdits(base: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    checkEdit(base, edit, at);
    parts.push(base.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(base.slice(at));
  return parts.join("");
}

/**
 * Returns the edits that turn the result of `applyEdits(base, edits)` back into `base`. Throws a RangeError as it does.
 */
export function invertEdits(base: string, edits: readonly TextEdit[]): TextEdit[] {
  let at = 0;
  let shift = 0;
  return edits.map((edit) => {
    checkEdit(base, edit, at);
    at = edit.end;
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, text: base.slice(edit.start, edit.end) };
  });
}

function checkEdit(base: string, edit: TextEdit, from: number): void {
  const { start, end } = edit;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start > end || start < 0 || end > base.length) {
    throw new RangeError(`Edit ${start}–${end} is outside a text of ${base.length} characters.`);
  }
  if (start < from) throw new RangeError(`Edit ${start}–${end} overlaps the one before it, or the list is not sorted.`);
}
