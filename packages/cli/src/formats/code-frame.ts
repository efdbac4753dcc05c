/** Shows the lines of a finding with a mark below it, and a fix as lines that go and lines that come. */

import type { Fix } from "@redline/core/reviewers/schema";
import type { LineIndex } from "@redline/core/text/index";
import { applyEdits } from "@redline/core/text/index";
import { eastAsianWidth } from "get-east-asian-width";
import type { Finding } from "../review/result";
import { type Colors, printable } from "../terminal";

const TAB = "    ";
const LINES_BEFORE = 1;
const MAX_LINES = 6;

export function codeFrame(finding: Finding, lines: LineIndex, { colors, columns }: FrameOptions): string[] {
  const { line, column, endLine, endColumn } = finding;
  const first = Math.max(1, line - LINES_BEFORE);
  const last = Math.min(endLine, line + MAX_LINES - 1);
  const gutter = String(last).length;
  const room = Math.max(20, columns - gutter - 9);
  const shown: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines.lineText(number);
    const isMarked = number >= line;
    const from = number === line ? column - 1 : (/\S/.exec(text)?.index ?? 0);
    const to = number === endLine ? endColumn - 1 : text.length;
    const window = windowOf(text, isMarked ? from : 0, room);
    const label = String(number).padStart(gutter);
    shown.push(`${isMarked ? colors.red(">") : " "} ${colors.dim(`${label} │`)} ${render(window.text)}`.trimEnd());
    if (!isMarked || to < from) continue;
    const before = windowSlice(text, window, 0, from);
    const marked = windowSlice(text, window, from, Math.max(to, from + 1));
    const carets = "^".repeat(Math.max(1, widthOf(render(marked))));
    shown.push(
      `  ${colors.dim(`${" ".repeat(gutter)} │`)} ${" ".repeat(widthOf(render(before)))}${colors.red(carets)}`,
    );
  }
  return shown;
}

export type FrameOptions = { colors: Colors; columns: number };

/** The redline of a fix: whole lines, those that go before those that come. */
export function fixLines(fix: Fix, lines: LineIndex, { colors, columns }: FrameOptions): string[] {
  const { gone, come } = fixRedline(fix, lines);
  const clip = (line: string) => render(line.length > columns * 2 ? `${line.slice(0, columns * 2)}…` : line);
  const shown = [
    ...gone.map((line) => colors.red(`- ${clip(line)}`)),
    ...come.map((line) => colors.green(`+ ${clip(line)}`)),
  ];
  return shown.length > 2 * MAX_LINES ? [...shown.slice(0, 2 * MAX_LINES), colors.dim("  …")] : shown;
}

/** The lines that a fix removes and adds. */
export function fixRedline({ edits }: Fix, lines: LineIndex): { gone: string[]; come: string[] } {
  const start = edits[0]?.start ?? 0;
  const end = edits.at(-1)?.end ?? start;
  const [firstLine] = lines.placeOf(start);
  const [lastLine] = lines.placeOf(end);
  const from = lines.startOf(firstLine);
  const to = lines.startOf(lastLine + 1);
  const before = lines.text.slice(from, to);
  const inLines = edits.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
  return changedLines(splitLines(before), splitLines(applyEdits(before, inLines)));
}

const splitLines = (text: string): string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/));

/** Without the lines that both begin and end with. */
function changedLines(before: string[], after: string[]): { gone: string[]; come: string[] } {
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { gone: before.slice(head, before.length - tail), come: after.slice(head, after.length - tail) };
}

type Window = { text: string; start: number; end: number };

/** The part of a line that fits, around a column; cut ends show as `…`. */
function windowOf(text: string, column: number, room: number): Window {
  if (text.length <= room) return { text, start: 0, end: text.length };
  const start = Math.max(0, Math.min(column - Math.floor(room / 3), text.length - room));
  const end = Math.min(text.length, start + room);
  const shown = `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
  return { text: shown, start, end };
}

/** The part of a slice of the line that its window shows, the leading `…` included. */
function windowSlice(text: string, { start, end }: Window, from: number, to: number): string {
  const mark = start > 0 && from <= start ? "…" : "";
  return mark + text.slice(Math.max(from, start), Math.min(to, end));
}

const render = (text: string): string => printable(text.replaceAll("\t", TAB));

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns of a terminal that a text takes. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const code = segment.codePointAt(0) ?? 0;
    width += /\p{Emoji_Presentation}/u.test(segment) ? 2 : eastAsianWidth(code);
  }
  return width;
}
