/** A position in the code: a 1-based line and a column. */
export type CodePosition = { line: number; column: number };

export type CodeSelection = { anchor: CodePosition; head: CodePosition };

/** Returns the selection in the server-rendered code, from its anchor to its head; null when nothing is selected. */
export function getStaticSelection(code: Element): CodeSelection | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return null;
  const anchor = codePositionAt(code, selection.anchorNode, selection.anchorOffset);
  const head = codePositionAt(code, selection.focusNode, selection.focusOffset);
  return anchor && head && { anchor, head };
}

/** Elements inside a line that aren't part of its text: insertions, action buttons, truncation marks. */
const OVERLAY_SELECTOR = "ins, form, .code-cut";

function codePositionAt(code: Element, node: Node | null, offset: number): CodePosition | null {
  if (!node || !code.contains(node)) return null;
  // Past the end of a line, browsers name the row that comes next by its place among the rows.
  const inside = (node instanceof Element && node.childNodes[offset]) || node;
  const element = inside instanceof Element ? inside : inside.parentElement;
  const row = element?.closest('.code-row[id^="L"]');
  const line = row?.querySelector(".code-line");
  if (!row || !line) return null;
  return { line: Number(row.id.slice(1)), column: line.contains(node) ? countCharactersBefore(line, node, offset) : 0 };
}

function countCharactersBefore(line: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  const before = range.cloneContents();
  for (const drawn of before.querySelectorAll(OVERLAY_SELECTOR)) drawn.remove();
  return before.textContent?.length ?? 0;
}
