import type { TextEdit } from "./edits";

/** Edits that touch the same or neighbouring lines of a base, as a person accepts or rejects them. Lines are 1-based. */
export type EditHunk = { startLine: number; endLine: number; edits: TextEdit[] };

/**
 * Groups the edits of one file into hunks, in order; a hunk is identified by its index. An insertion between lines
 * belongs to the line after it.
 */
export function editHunks(base: string, edits: readonly TextEdit[]): EditHunk[] {
  const hunks: EditHunk[] = [];
  let line = 1;
  let at = 0;
  const lineAt = (offset: number): number => {
    for (let next = base.indexOf("\n", at); next !== -1 && next < offset; next = base.indexOf("\n", at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
  for (const edit of edits) {
    const startLine = lineAt(edit.start);
    const endLine = lineAt(edit.end > edit.start && base[edit.end - 1] === "\n" ? edit.end - 1 : edit.end);
    const last = hunks.at(-1);
    if (last && startLine <= last.endLine + 1) {
      last.endLine = Math.max(last.endLine, endLine);
      last.edits.push(edit);
    } else {
      hunks.push({ startLine, endLine, edits: [edit] });
    }
  }
  return hunks;
}
