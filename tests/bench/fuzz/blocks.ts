/** Edits as a model would hand them in: blocks of quoted and new lines, before they are written in a format. */
import type { PatchFormat } from "@redline/core/text/index";
import type { Random } from "../../support/random";
import type { LineEdit } from "./edits";
import type { RandomFile } from "./files";

export type Sign = " " | "-" | "+";
export type BlockLine = { sign: Sign; text: string };

/** `start` is the 0-based line of the file at which the first quoted line stands, as the answer states it. */
export type Block = { start: number; lines: BlockLine[] };

export const oldOf = (block: Block): string[] => block.lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
export const newOf = (block: Block): string[] => block.lines.filter(({ sign }) => sign !== "-").map(({ text }) => text);

/** Quotes edits with context; those whose context meets become one block. Undefined where a block quotes nothing. */
export function blocksOf(
  random: Random,
  file: RandomFile,
  edits: readonly LineEdit[],
  format: PatchFormat,
): Block[] | undefined {
  const context = () => (format === "unified" ? 3 : format === "edits" ? 0 : random.pick([0, 1, 2, 3]));
  const parts = edits.map((edit) => {
    const isInsertion = edit.start === edit.end;
    const before = context() || (isInsertion && edit.start > 0 ? 1 : 0);
    const after = context() || (isInsertion && edit.start === 0 ? 1 : 0);
    return {
      edits: [edit],
      start: Math.max(0, edit.start - before),
      end: Math.min(file.lines.length, edit.end + after),
    };
  });
  const joined: typeof parts = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && part.start <= last.end) {
      last.end = Math.max(last.end, part.end);
      last.edits.push(...part.edits);
    } else joined.push(part);
  }
  const blocks = joined.map((part) => ({ start: part.start, lines: linesOf(file, part) }));
  const quotesText = blocks.every((block) => oldOf(block).some((line) => line.trim() !== ""));
  return quotesText ? blocks : undefined;
}

function linesOf(file: RandomFile, part: { edits: LineEdit[]; start: number; end: number }): BlockLine[] {
  const lines: BlockLine[] = [];
  const add = (sign: Sign, texts: readonly string[]) => lines.push(...texts.map((text) => ({ sign, text })));
  let at = part.start;
  for (const edit of part.edits) {
    add(" ", file.lines.slice(at, edit.start));
    add("-", file.lines.slice(edit.start, edit.end));
    add("+", edit.lines);
    at = edit.end;
  }
  add(" ", file.lines.slice(at, part.end));
  return lines;
}

/** Writes blocks in a format, with the line ends of the file or with "\n" alone. */
export function render(
  file: RandomFile,
  format: PatchFormat,
  blocks: readonly Block[],
  keepsReturns: boolean,
): unknown {
  const end = keepsReturns && file.style.newline === "\r\n" ? "\r" : "";
  const write = (lines: readonly string[]) => lines.map((line) => line + end).join("\n");
  if (format === "search_replace") {
    return blocks.map((block) => ({ search: write(oldOf(block)), replace: write(newOf(block)) }));
  }
  if (format === "edits") {
    return blocks.map((block) => ({
      start_line: block.start + 1,
      end_line: block.start + oldOf(block).length,
      original: write(oldOf(block)),
      replacement: write(newOf(block)),
    }));
  }
  return unified(file, blocks, end);
}

function unified({ lines, style }: RandomFile, blocks: readonly Block[], end: string): string {
  let shift = 0;
  const hunks = blocks.map((block) => {
    const old = oldOf(block).length;
    const young = newOf(block).length;
    const header = `@@ -${range(block.start, old)} +${range(block.start + shift, young)} @@\n`;
    shift += young - old;
    const reachesEnd = block.start + old >= lines.length && !style.endsInNewline;
    return header + signed(reachesEnd ? withLastLines(block) : block, end, reachesEnd);
  });
  return `--- a/file\n+++ b/file\n${hunks.join("")}`;
}

/** A line that is the file's last before or after, but not both, differs in its end: a diff has it twice. */
function withLastLines({ start, lines }: Block): Block {
  const lastOld = lines.findLastIndex(({ sign }) => sign !== "+");
  const lastNew = lines.findLastIndex(({ sign }) => sign !== "-");
  if (lastOld === lastNew) return { start, lines };
  const twice = lines.flatMap((line, at): BlockLine[] =>
    line.sign === " " && (at === lastOld || at === lastNew)
      ? [
          { ...line, sign: "-" },
          { ...line, sign: "+" },
        ]
      : [line],
  );
  return { start, lines: twice };
}

const NO_NEWLINE = "\\ No newline at end of file\n";

function signed({ lines }: Block, end: string, reachesEnd: boolean): string {
  const lastOld = lines.findLastIndex(({ sign }) => sign !== "+");
  const lastNew = lines.findLastIndex(({ sign }) => sign !== "-");
  return lines
    .map(({ sign, text }, at) => {
      const isLast = reachesEnd && (at === lastOld || at === lastNew);
      return isLast ? `${sign}${text}\n${NO_NEWLINE}` : `${sign}${text}${end}\n`;
    })
    .join("");
}

const range = (start: number, count: number): string =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
