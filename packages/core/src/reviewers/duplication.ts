/** Finds blocks of code that occur more than once, in one file or between files, by runs of equal lines. */
import type { DuplicateBlock, DuplicationReport, SourceFile } from "./schema";

/** A block shorter than this, in lines that say something, is not worth a word. */
const minLines = 8;
const minChars = 160;
/** Places of one starting window that are compared: generated tables repeat thousands of times. */
const maxPlaces = 40;
const maxBlocks = 200;

type SignificantLine = { file: number; line: number; text: string };

/** Lines of all files that hold more than brackets and blanks, without their white space. */
function significantLines(files: readonly Pick<SourceFile, "text">[]): SignificantLine[] {
  const found: SignificantLine[] = [];
  for (const [file, { text }] of files.entries()) {
    for (const [line, raw] of text.split("\n").entries()) {
      const squeezed = raw.replace(/\s+/g, "");
      const isComment = /^(?:\/\/|#|\*|\/\*)/.test(squeezed);
      if (!isComment && /\w{2}/.test(squeezed) && !/^(?:import|from|export\*|export\{)/.test(squeezed)) {
        found.push({ file, line: line + 1, text: squeezed });
      }
    }
  }
  return found;
}

export function findDuplication(files: readonly Pick<SourceFile, "path" | "text">[]): DuplicationReport {
  const lines = significantLines(files);
  const ids = new Map<string, number>();
  const sequence = lines.map(({ text }) => {
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  });
  const firstPlaces = new Map<string, number[]>();
  const marked = files.map(() => new Set<number>());
  const blocks: DuplicateBlock[] = [];
  let covered = 0;
  for (let at = 0; at + minLines <= lines.length; at++) {
    if (lines[at]?.file !== lines[at + minLines - 1]?.file) continue;
    const key = sequence.slice(at, at + minLines).join(",");
    const earlier = firstPlaces.get(key);
    if (!earlier) {
      firstPlaces.set(key, [at]);
      continue;
    }
    if (at >= covered) {
      const match = longestMatch(lines, sequence, earlier, at);
      if (match && charsOf(lines, at, match.length) >= minChars) {
        for (const start of [match.from, at]) mark(lines, marked, start, match.length);
        if (blocks.length < maxBlocks) blocks.push(blockOf(files, lines, match.from, at, match.length));
        covered = at + match.length;
      }
    }
    if (earlier.length < maxPlaces) earlier.push(at);
  }
  const duplicatedLines = Object.fromEntries(files.map(({ path }, file) => [path, marked[file]?.size ?? 0]));
  return { blocks: blocks.sort((a, b) => b.lines - a.lines), duplicatedLines };
}

function longestMatch(
  lines: readonly SignificantLine[],
  sequence: readonly number[],
  earlier: readonly number[],
  at: number,
): { from: number; length: number } | undefined {
  let best: { from: number; length: number } | undefined;
  for (const from of earlier) {
    let length = 0;
    while (
      from + length < at &&
      at + length < lines.length &&
      lines[from + length]?.file === lines[from]?.file &&
      lines[at + length]?.file === lines[at]?.file &&
      sequence[from + length] === sequence[at + length]
    ) {
      length++;
    }
    if (length >= minLines && length > (best?.length ?? 0)) best = { from, length };
  }
  return best;
}

function charsOf(lines: readonly SignificantLine[], at: number, length: number): number {
  let chars = 0;
  for (let index = at; index < at + length; index++) chars += lines[index]?.text.length ?? 0;
  return chars;
}

function mark(lines: readonly SignificantLine[], marked: Set<number>[], at: number, length: number): void {
  for (let index = at; index < at + length; index++) {
    const line = lines[index];
    if (line) marked[line.file]?.add(line.line);
  }
}

function blockOf(
  files: readonly Pick<SourceFile, "path">[],
  lines: readonly SignificantLine[],
  from: number,
  at: number,
  length: number,
): DuplicateBlock {
  const places = [from, at].map((start) => ({
    path: files[lines[start]?.file ?? 0]?.path ?? "",
    startLine: lines[start]?.line ?? 1,
    endLine: lines[start + length - 1]?.line ?? 1,
  }));
  return { lines: length, places };
}
