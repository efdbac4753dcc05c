import type { Severity } from "@redline/core/reviewers/schema";
import type { TextEdit } from "@redline/core/text/index";
import { lineStartsOf } from "./document";
import { isRejectableInline, type Redline } from "./redlines";
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
  const starts = lineStartsOf(view.text);
  const last = Math.min(view.lastLine, starts.length);
  const chunks: string[] = [];
  let chunk = new Chunk();
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
  for (let line = view.firstLine; line <= last; line++) {
    if (chunk.lines === CHUNK_LINES) {
      chunks.push(chunk.html());
      chunk = new Chunk();
    }
    const from = starts[line - 1] ?? 0;
    const to = (starts[line] ?? view.text.length + 1) - 1;
    for (const redline of redlines.get(line) ?? []) if (redline.isAbove) chunk.addBlock(renderBlock(redline));
    const touching = removals.filter((part) => part.start <= to && (part.end > from || part.start >= from));
    const inline = touching.filter((part) => part.form === "inline");
    const gone = touching.some((part) => part.form === "block" && part.start <= from && part.end > from);
    const marked = ranges.filter((mark) => mark.from < to && mark.to > from);
    const content = renderLine(view, from, to, { spans: spans(from, to), inline, marked });
    const acts = (ending.get(line) ?? []).filter(({ form }) => form === "inline").map(renderActions);
    const state = gone ? " redline-removed redline-struck" : inline.length > 0 ? " redline-touched" : "";
    const asked = tinted && tinted.first <= line && line <= tinted.last ? " code-asked" : "";
    const number = line + view.lineOffset;
    chunk.addLine(
      `<div class="code-row" id="L${number}"><span class="code-number">${renderThreadMark(view, threads.get(line))}${number}</span>` +
        `<span class="code-gutter">${renderGutter(view, marks.get(line))}</span>` +
        `<div class="code-line${state}${asked}">${content}${acts.join("")}</div></div>`,
    );
    for (const redline of ending.get(line) ?? []) {
      if (redline.form === "block" && !redline.isAbove) chunk.addBlock(renderBlock(redline));
    }
  }
  chunks.push(chunk.html());
  return chunks.join("");
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

type LineParts = { spans: Span[]; inline: TextEdit[]; marked: CodeMark[] };

function renderLine(view: CodeHtmlOptions, from: number, to: number, { spans, inline, marked }: LineParts): string {
  const end = Math.min(to, from + MAX_LINE_CHARS);
  const cuts = new Set([from, end]);
  for (const span of spans) cuts.add(span.from).add(span.to);
  for (const part of inline) cuts.add(part.start).add(part.end);
  for (const mark of marked) cuts.add(mark.from).add(mark.to);
  const points = [...cuts].filter((at) => at >= from && at <= end).sort((a, b) => a - b);
  const html: string[] = [];
  let nextSpan = 0;
  for (const [index, at] of points.entries()) {
    for (const part of inline) if (part.end === at && part.text) html.push(renderInserted(part.text));
    const until = points[index + 1];
    if (until === undefined) break;
    while ((spans[nextSpan]?.to ?? Number.POSITIVE_INFINITY) <= at) nextSpan++;
    const span = spans[nextSpan];
    let piece = escapeHtml(view.text.slice(at, until));
    if (span && span.from <= at) piece = `<span class="${span.className}">${piece}</span>`;
    const mark = marked.findLast((each) => each.from <= at && each.to >= until);
    if (mark) piece = `<span class="${markClass(mark.severity, mark.identity === view.selected)}">${piece}</span>`;
    if (inline.some((part) => part.start <= at && part.end >= until)) {
      piece = `<del class="redline-removed-text">${piece}</del>`;
    }
    html.push(piece);
  }
  if (end < to) html.push(`<i class="code-cut"> … ${(to - end).toLocaleString("en")} more characters</i>`);
  return html.join("");
}

export const markClass = (severity: Severity, isSelected: boolean): string =>
  `code-mark code-mark-${severity}${isSelected ? " is-selected" : ""}`;

const renderInserted = (text: string): string => `<ins class="redline-added-text">${escapeHtml(text)}</ins>`;

function renderGutter(view: CodeHtmlOptions, marks: readonly CodeMark[] | undefined): string {
  const worst = marks && [...marks].sort((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity])[0];
  if (!worst) return "";
  const name = escapeHtml(findingMarkTitle(marks));
  const href = escapeHtml(view.hrefOf(worst.identity));
  return `<a class="code-sign code-sign-${worst.severity}" href="${href}" tabindex="-1" title="${name}" aria-label="${name}"></a>`;
}

function renderThreadMark(view: CodeHtmlOptions, threads: readonly ThreadMark[] | undefined): string {
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
  return marks.map(({ severity, title }) => `${severity}: ${title}`).join("\n");
}

function renderBlock(redline: Redline): string {
  const text = redline.parts[0]?.text ?? "";
  const lines = splitInsertedLines(text).map((line) => `<div class="redline-line">${escapeHtml(line)}</div>`);
  return (
    `<div class="code-row"><span class="code-number"></span><span class="code-gutter"></span>` +
    `<div class="redline-block"><ins class="redline-lines">${lines.join("")}</ins>${renderActions(redline)}</div></div>`
  );
}

export function splitInsertedLines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function renderActions(redline: Redline): string {
  const hidden = (name: string, value: string | number) =>
    `<input type="hidden" name="${name}" value="${escapeHtml(String(value))}">`;
  const button = (intent: string, name: string) =>
    `<button class="redline-act" name="intent" value="${intent}" aria-label="${name}: ${escapeHtml(redline.summary)}">${name}</button>`;
  const reject = isRejectableInline(redline) ? button("reject", redline.hunks === 1 ? "Reject" : "Reject hunk") : "";
  const hunk = redline.hunks === 1 ? "" : hidden("hunk", redline.hunk);
  return (
    `<form class="redline-acts" method="post" data-redline="${escapeHtml(redline.changeId)}">` +
    `${hidden("change", redline.changeId)}${redline.identity ? hidden("identity", redline.identity) : ""}${hunk}` +
    `${button("accept", redline.hunks === 1 ? "Accept" : "Accept hunk")}${reject}</form>`
  );
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);

function byLine<Item>(items: readonly Item[], lineOf: (item: Item) => number): Map<number, Item[]> {
  const lines = new Map<number, Item[]>();
  for (const item of items) {
    const line = lineOf(item);
    const there = lines.get(line);
    if (there) there.push(item);
    else lines.set(line, [item]);
  }
  return lines;
}

/** Returns a cursor over the spans; lines must be requested in order. */
function spanCursor(spans: readonly Span[]): (from: number, to: number) => Span[] {
  let next = 0;
  return (from, to) => {
    while ((spans[next]?.to ?? Number.POSITIVE_INFINITY) <= from) next++;
    const found: Span[] = [];
    for (let at = next; (spans[at]?.from ?? Number.POSITIVE_INFINITY) < to; at++) {
      const span = spans[at];
      if (span) found.push(span);
    }
    return found;
  };
}
