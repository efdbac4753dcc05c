import { escapeHtml } from "./escape-html";
import { type InsertedPiece, insertedLines } from "./inserted-text";
import { type Redline, redlineButtons } from "./redlines";
import type { Span } from "./spans";

/** Returns the tokens of an inserted text. */
export type HighlightInserted = (text: string) => Span[];

/** Renders words inserted into a line. */
export function renderWords(text: string, highlight: HighlightInserted): string {
  const [pieces = []] = insertedLines(text, highlight(text));
  return `<ins class="redline-added-text">${renderPieces(pieces)}</ins>`;
}

/** Renders a block's inserted lines and its buttons. */
export function renderBlock(redline: Redline, highlight: HighlightInserted): string {
  const text = redline.parts[0]?.text ?? "";
  const lines = insertedLines(text, highlight(text), redline.added).map(
    (pieces) => `<div class="redline-line">${renderPieces(pieces)}</div>`,
  );
  return (
    `<div class="code-row"><span class="code-number"></span><span class="code-gutter"></span>` +
    `<div class="redline-block"><ins class="redline-lines">${lines.join("")}</ins>${renderActions(redline)}</div></div>`
  );
}

const renderPieces = (pieces: readonly InsertedPiece[]): string =>
  pieces
    .map(({ text, className }) => {
      const escaped = escapeHtml(text);
      return className ? `<span class="${className}">${escaped}</span>` : escaped;
    })
    .join("");

/** Renders a redline's buttons as a form, or that it is being decided. */
export function renderActions(redline: Redline): string {
  const { settling } = redline;
  if (settling) return `<span class="redline-acts"><span class="redline-state">${settling}</span></span>`;
  const hidden = (name: string, value: string | number) =>
    `<input type="hidden" name="${name}" value="${escapeHtml(String(value))}">`;
  const buttons = redlineButtons(redline).map(
    ({ act, name, label }) =>
      `<button class="redline-act" name="intent" value="${act}" aria-label="${escapeHtml(label)}">${name}</button>`,
  );
  const hunk = redline.hunks === 1 ? "" : hidden("hunk", redline.hunk);
  return (
    `<form class="redline-acts" method="post" data-redline="${escapeHtml(redline.changeId)}">` +
    `${hidden("change", redline.changeId)}${redline.identity ? hidden("identity", redline.identity) : ""}${hunk}` +
    `${buttons.join("")}</form>`
  );
}
