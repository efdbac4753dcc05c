/** Draws rows that stand for lines that a difference does not show. */
import type { Lines } from "../editor/code-html";
import { escapeHtml } from "../editor/escape-html";
import type { DiffRow } from "./layout";

const EXPAND_LINES = 20;

/** Returns the row of unchanged lines, with links that show some of them; `heading` begins what encloses the line after them. */
export function renderFold(
  { b, lines, isFirst, isLast }: Extract<DiffRow, { kind: "fold" }>,
  showHref: (lines: Lines) => string,
  heading: { line: number; text: string } | undefined,
): string {
  const last = b + lines - 1;
  const links: string[] = [];
  const link = (range: Lines, words: string) =>
    links.push(
      `<a class="diff-expand" data-first="${range.first}" data-last="${range.last}" href="${escapeHtml(showHref(range))}">${words}</a>`,
    );
  if (lines > EXPAND_LINES) {
    if (!isFirst) link({ first: b, last: b + EXPAND_LINES - 1 }, `${EXPAND_LINES} more lines below`);
    if (!isLast) link({ first: last - EXPAND_LINES + 1, last }, `${EXPAND_LINES} more lines above`);
  }
  if (heading && heading.line >= b) link({ first: heading.line, last }, "To the function");
  link({ first: b, last }, `Show all ${lines.toLocaleString("en")} lines`);
  const inside = heading ? `<code class="diff-heading">${escapeHtml(heading.text.trim().slice(0, 80))}</code>` : "";
  return `<div class="diff-fold"><span>${lines.toLocaleString("en")} unchanged lines</span>${inside}${links.join("")}</div>`;
}

/** Returns the row of a change of blanks alone. */
export function renderBlanks(lines: number, href: string): string {
  const words = lines === 1 ? "A line differs" : `${lines} lines differ`;
  return `<div class="diff-fold" data-change-start><span>${words} in blanks only</span><a class="diff-expand" data-blanks href="${escapeHtml(href)}">Show</a></div>`;
}

/** Returns the row of lines that are not here. */
export function renderUnknown(lines: number | null): string {
  const words =
    lines === null ? "The rest of the file is not here" : `${lines.toLocaleString("en")} lines are not here`;
  return `<div class="diff-fold diff-unknown"><span>${words}</span></div>`;
}
