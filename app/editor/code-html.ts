import type { Severity } from "@redline/core/reviewers/schema";
import type { TextEdit } from "@redline/core/text/index";
import { toPlainText } from "../ui/plain-text";
import type { CharRange } from "./changed-words";
import { lineStartsOf } from "./document";
import { escapeHtml } from "./escape-html";
import { highlighterByExample } from "./inserted-text";
import { byLine, spanCursor } from "./line-lookup";
import { type HighlightInserted, renderActions, renderBlock, renderWords } from "./redline-html";
import type { Redline } from "./redlines";
import type { Span } from "./spans";

/** A finding's range in the code, in document offsets. */
export type CodeMark = { identity: string; severity: Severity; title: string; from: number; to: number; line: number };

/** A thread's line range in the code, in document offsets. */
export type ThreadMark = { id: string; title: string; from: number; to: number; line: number; lastLine: number };

/** Lines of the document, 1-based and inclusive. */
export type Lines = { first: number; last: number };

export type CodeHtmlOptions = {
  text: string;
  spans: readonly Span[];
  redlines: readonly Redline[];
  marks: readonly CodeMark[];
  selected?: string;
  threads: readonly ThreadMark[];
  /** The lines under discussion. */
  tinted?: Lines;
  /** Lines to draw, 1-based and inclusive. */
  firstLine: number;
  lastLine: number;
  /** Added to line numbers when `text` is a part of a larger file. */
  lineOffset: number;
  /** The address of a finding on this page. */
  hrefOf: (identity: string) => string;
  threadHref: (id: string) => string;
};

const CHUNK_LINES = 50;
/** Characters of one line that are drawn before the editor takes over. */
const MAX_LINE_CHARS = 10_000;
/** Worst first. */
export const SEVERITY_RANK: Record<Severity, number> = { critical: 0, major: 1, minor: 2, nit: 3 };

/**
 * Renders code as HTML with line numbers, findings and redlines: shown before the editor is mounted, and without
 * JavaScript. Classes and metrics match the editor's.
 */
export function renderCodeHtml(view: CodeHtmlOptions): string {
  const last = Math.min(view.lastLine, lineStartsOf(view.text).length);
  const chunks: string[] = [];
  let chunk = new Chunk();
  const drawLine = lineDrawer(view);
  for (let line = view.firstLine; line <= last; line++) {
    if (chunk.lines === CHUNK_LINES) {
      chunks.push(chunk.html());
      chunk = new Chunk();
    }
    const { above, below, mark, sign, state, content } = drawLine(line);
    for (const block of above) chunk.addBlock(block);
    const number = line + view.lineOffset;
    chunk.addLine(
      `<div class="code-row" id="L${number}"><span class="code-number">${mark}${number}</span>` +
        `${sign}<div class="code-line${state}">${content}</div></div>`,
    );
    for (const block of below) chunk.addBlock(block);
  }
  chunks.push(chunk.html());
  return chunks.join("");
}

/** A line as HTML: its content, what stands beside it, and redlines' blocks as rows of their own. */
export type DrawnLine = {
  above: string[];
  below: string[];
  /** The mark of a thread, and the sign of a finding. */
  mark: string;
  sign: string;
  /** Class names, each after a blank. */
  state: string;
  content: string;
};

/** Changed words of a text, as its offsets. */
export type ChangedWords = { added?: readonly CharRange[]; removed?: readonly CharRange[] };

/** Returns a function that draws a line (1-based), which must be called in order, with its changed words marked. */
export function lineDrawer(
  view: Omit<CodeHtmlOptions, "firstLine" | "lastLine" | "lineOffset">,
): (line: number, words?: ChangedWords) => DrawnLine {
  const starts = lineStartsOf(view.text);
  const spans = spanCursor(view.spans);
  const redlines = byLine(view.redlines, (redline) => redline.firstLine);
  const ending = byLine(view.redlines, (redline) => redline.lastLine);
  const marks = byLine(view.marks, (mark) => mark.line);
  const threads = byLine(view.threads, (thread) => thread.line);
  const { tinted } = view;
  const ranges = [...view.marks].sort(
    (a, b) => a.from - b.from || SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity],
  );
  const removals = view.redlines.flatMap((redline) => redline.parts.map((part) => ({ ...part, form: redline.form })));
  const removed = view.redlines.flatMap((redline) => redline.removed);
  const struck = view.redlines.flatMap((redline) => redline.struck);
  const highlightInserted = highlighterByExample(view.text, view.spans);
  return (line, words = {}) => {
    const from = starts[line - 1] ?? 0;
    const to = (starts[line] ?? view.text.length + 1) - 1;
    const touching = removals.filter((part) => part.start <= to && (part.end > from || part.start >= from));
    const inline = touching.filter((part) => part.form === "inline");
    const gone = touching.some((part) => part.form === "block" && part.start <= from && part.end > from);
    const touches = (range: CharRange) => range.from < to && range.to > from;
    const marked = ranges.filter(touches);
    const goes = (words.removed ?? []).filter(touches);
    const here = {
      removed: [...removed.filter(touches), ...goes],
      struck: [...struck.filter(touches), ...goes],
      added: (words.added ?? []).filter(touches),
    };
    const content = renderLine(view, from, to, { spans: spans(from, to), inline, marked, highlightInserted, ...here });
    const acts = (ending.get(line) ?? []).filter(({ form }) => form === "inline").map(renderActions);
    const tintClass = tinted && tinted.first <= line && line <= tinted.last ? " code-tinted" : "";
    const blocks = (at: readonly Redline[] | undefined, isAbove: boolean) =>
      (at ?? []).filter((redline) => redline.form === "block" && redline.isAbove === isAbove);
    return {
      above: blocks(redlines.get(line), true).map((redline) => renderBlock(redline, highlightInserted)),
      below: blocks(ending.get(line), false).map((redline) => renderBlock(redline, highlightInserted)),
      mark: renderThreadMark(view, threads.get(line)),
      sign: renderGutter(view, marks.get(line)),
      state: `${gone ? " redline-removed" : inline.length > 0 ? " redline-touched" : ""}${tintClass}`,
      content: `${content}${acts.join("")}`,
    };
  };
}

/** A run of lines. One without blocks has a known height, so the browser lays it out only when visible. */
class Chunk {
  lines = 0;
  private readonly rows: string[] = [];

  addLine(row: string): void {
    this.lines += 1;
    this.rows.push(row);
  }

  addBlock(row: string): void {
    this.rows.push(row);
  }

  html(): string {
    const isPlain = this.rows.length === this.lines;
    return `<div${isPlain ? ` class="code-chunk" style="--lines:${this.lines}"` : ""}>${this.rows.join("")}</div>`;
  }
}

type LineView = Pick<CodeHtmlOptions, "text" | "selected">;

type LineParts = {
  spans: Span[];
  inline: TextEdit[];
  marked: CodeMark[];
  removed: CharRange[];
  struck: CharRange[];
  added: CharRange[];
  highlightInserted: HighlightInserted;
};

function renderLine(view: LineView, from: number, to: number, parts: LineParts): string {
  const { spans, inline, marked, removed, struck, added, highlightInserted } = parts;
  const end = Math.min(to, from + MAX_LINE_CHARS);
  const cuts = new Set([from, end]);
  for (const span of spans) cuts.add(span.from).add(span.to);
  for (const part of inline) cuts.add(part.start).add(part.end);
  for (const range of [...marked, ...removed, ...struck, ...added]) cuts.add(range.from).add(range.to);
  const points = [...cuts].filter((at) => at >= from && at <= end).sort((a, b) => a - b);
  const html: string[] = [];
  let nextSpan = 0;
  for (const [index, at] of points.entries()) {
    for (const part of inline) if (part.end === at && part.text) html.push(renderWords(part.text, highlightInserted));
    const until = points[index + 1];
    if (until === undefined) break;
    while ((spans[nextSpan]?.to ?? Number.POSITIVE_INFINITY) <= at) nextSpan++;
    const span = spans[nextSpan];
    let piece = escapeHtml(view.text.slice(at, until));
    if (span && span.from <= at) piece = `<span class="${span.className}">${piece}</span>`;
    const mark = marked.findLast((each) => each.from <= at && each.to >= until);
    if (mark) piece = `<span class="${markClass(mark.severity, mark.identity === view.selected)}">${piece}</span>`;
    const holds = (range: CharRange) => range.from <= at && range.to >= until;
    if (struck.some(holds)) piece = `<del class="redline-struck">${piece}</del>`;
    if (removed.some(holds)) piece = `<span class="redline-removed-text">${piece}</span>`;
    else if (added.some(holds)) piece = `<span class="redline-added-text">${piece}</span>`;
    html.push(piece);
  }
  if (end < to) html.push(`<i class="code-cut"> … ${(to - end).toLocaleString("en")} more characters</i>`);
  return html.join("");
}

export const markClass = (severity: Severity, isSelected: boolean): string =>
  `code-mark code-mark-${severity}${isSelected ? " is-selected" : ""}`;

function renderGutter(view: Pick<CodeHtmlOptions, "hrefOf">, marks: readonly CodeMark[] | undefined): string {
  const worst = marks && [...marks].sort((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity])[0];
  if (!worst) return "";
  const name = escapeHtml(findingMarkTitle(marks));
  const href = escapeHtml(view.hrefOf(worst.identity));
  const sign = `<a class="code-sign code-sign-${worst.severity}" href="${href}" tabindex="-1" title="${name}" aria-label="${name}"></a>`;
  return `<span class="code-gutter">${sign}</span>`;
}

function renderThreadMark(
  view: Pick<CodeHtmlOptions, "threadHref">,
  threads: readonly ThreadMark[] | undefined,
): string {
  const first = threads?.[0];
  if (!first) return "";
  const name = escapeHtml(threadMarkTitle(threads));
  return `<a class="code-thread" href="${escapeHtml(view.threadHref(first.id))}" tabindex="-1" title="${name}" aria-label="${name}"></a>`;
}

/** Returns the tooltip of the thread mark beside a line. */
export const threadMarkTitle = (threads: readonly { title: string }[]): string =>
  threads.map(({ title }) => `Thread: ${title}`).join("\n");

/** Returns the tooltip of the finding sign beside a line. */
export function findingMarkTitle(marks: readonly { severity: Severity; title: string }[]): string {
  return marks.map(({ severity, title }) => `${severity}: ${toPlainText(title)}`).join("\n");
}
