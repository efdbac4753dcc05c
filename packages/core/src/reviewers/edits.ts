/** Operations on sets of edits that the reviewer needs beside applying them. */
import type { TextEdit } from "../text/index";

/** Removes unchanged text at an edit's ends; words stay whole, so that people can read it. */
export function trimEdit(base: string, edit: TextEdit): TextEdit {
  const old = base.slice(edit.start, edit.end);
  const limit = Math.min(old.length, edit.text.length);
  let head = 0;
  while (head < limit && old[head] === edit.text[head]) head++;
  while (head > 0 && (isInside(old, head) || isInside(edit.text, head))) head--;
  let tail = 0;
  while (tail < limit - head && old[old.length - 1 - tail] === edit.text[edit.text.length - 1 - tail]) tail++;
  while (tail > 0 && (isInside(old, old.length - tail) || isInside(edit.text, edit.text.length - tail))) tail--;
  return { start: edit.start + head, end: edit.end - tail, text: edit.text.slice(head, edit.text.length - tail) };
}

/** True where `at` falls inside a word, between CR and LF, or inside a surrogate pair. */
function isInside(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const pair = text.slice(at - 1, at + 1);
  return pair === "\r\n" || /^\w\w$|^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(pair);
}

/** Sorted, with neighbours at most `gap` unchanged characters apart made one. */
export function joinEdits(base: string, edits: readonly TextEdit[], gap: number): TextEdit[] {
  const joined: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last && edit.start >= last.end && edit.start - last.end <= gap) {
      last.text += base.slice(last.end, edit.start) + edit.text;
      last.end = edit.end;
    } else joined.push({ ...edit });
  }
  return joined;
}

/** Sorted by place, ordered and inside the text: what `applyEdits` accepts. */
export function areValid(edits: readonly TextEdit[], length: number): boolean {
  let end = 0;
  for (const edit of edits) {
    if (!(edit.start >= end && edit.end >= edit.start && edit.end <= length)) return false;
    end = edit.end;
  }
  return true;
}

/** Returns whether two sets of edits touch the same characters or the same gap between two. */
export function collide(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((left) => b.some((right) => left.start <= right.end && right.start <= left.end));
}

/** Maps `offset` of the base through sorted `edits`; a place inside a replaced range goes to the range's new end. */
export function mapOffset(edits: readonly TextEdit[], offset: number, side: "start" | "end"): number {
  let moved = 0;
  for (const edit of edits) {
    if (edit.end < offset || (edit.end === offset && (side === "end" || edit.start < edit.end))) {
      moved += edit.text.length - (edit.end - edit.start);
    } else if (edit.start < offset) {
      return side === "start" ? edit.start + moved : edit.start + moved + edit.text.length;
    } else break;
  }
  return offset + moved;
}
