import { PatchRefused } from "./patch-refused";

/** A hunk of a unified diff: its lines without the sign in front ("\r" kept), and what its header says. */
export type UnifiedHunk = {
  /** 1-based line of the old file that the header states; undefined in a bare "@@". */
  stated: number | undefined;
  /** What git writes after the second "@@": a line above the hunk, cut short. */
  heading: string;
  lines: HunkLine[];
  oldEndsWithoutNewline: boolean;
  newEndsWithoutNewline: boolean;
  /** Empty lines at the end that may as well be the patch's own: a context line whose space was lost, or nothing. */
  looseBlankLines: number;
  /** How many lines of the old file the header promises; undefined in a bare "@@". */
  statedOldCount: number | undefined;
};

export type HunkLine = { kind: "context" | "removed" | "added"; text: string };

type Header = { stated: number | undefined; oldCount: number; newCount: number; heading: string };

/**
 * Reads the hunks of a unified diff of one file. Forgiving about what models get wrong: counts and line numbers, a lost
 * space on empty context lines, missing file headers, a fence around it. Refuses a diff of several files.
 */
export function readUnified(patch: string): UnifiedHunk[] {
  const lines = (patch.endsWith("\n") ? patch.slice(0, -1) : patch).split("\n");
  const hunks: UnifiedHunk[] = [];
  let files = 0;
  let at = 0;
  while (at < lines.length) {
    const header = readHeader(lines[at] as string);
    if (header) {
      const read = readHunk(lines, at + 1, header);
      hunks.push(read.hunk);
      at = read.next;
      continue;
    }
    if (startsFile(lines, at)) {
      files++;
      at++;
    }
    at++;
  }
  if (files > 1) throw new PatchRefused("The diff changes more than one file.");
  if (hunks.length === 0)
    throw new PatchRefused("The diff has no hunks: each begins with a line “@@ -line,count +line,count @@”.");
  return hunks;
}

function readHeader(line: string): Header | undefined {
  if (!line.startsWith("@@")) return undefined;
  const numbers = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@ ?/.exec(line);
  if (!numbers && line.startsWith("@@ -")) {
    throw new PatchRefused(`“${line.slice(0, 80)}” is no hunk header: write “@@ -line,count +line,count @@”.`);
  }
  if (!numbers) return { stated: undefined, oldCount: 0, newCount: 0, heading: "" };
  return {
    stated: Number(numbers[1]),
    oldCount: Number(numbers[2] ?? 1),
    newCount: Number(numbers[3] ?? 1),
    heading: line.slice(numbers[0].length).trimEnd(),
  };
}

function startsFile(lines: readonly string[], at: number): boolean {
  return (lines[at] ?? "").startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ");
}

function readHunk(lines: readonly string[], from: number, header: Header): { hunk: UnifiedHunk; next: number } {
  const hunk: UnifiedHunk = {
    stated: header.stated,
    heading: header.heading,
    lines: [],
    oldEndsWithoutNewline: false,
    newEndsWithoutNewline: false,
    looseBlankLines: 0,
    statedOldCount: header.stated === undefined ? undefined : header.oldCount,
  };
  // While the header's counts are not used up, "--- x" is a removed line and not the next file's header.
  let oldLeft = header.oldCount;
  let newLeft = header.newCount;
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    const promised = oldLeft > 0 || newLeft > 0;
    if (line.startsWith("\\")) {
      const last = hunk.lines[hunk.lines.length - 1];
      if (last?.kind !== "added") hunk.oldEndsWithoutNewline = true;
      if (last?.kind !== "removed") hunk.newEndsWithoutNewline = true;
      continue;
    }
    if (line.startsWith("@@") || line.startsWith("diff --git ")) break;
    if (startsFile(lines, at) && (!promised || isHeaderPair(lines, at))) break;
    if (line.startsWith("```") && !promised) break;
    const read = readLine(line);
    if (!read) {
      if (!promised) break;
      throw new PatchRefused(`“${line.slice(0, 80)}” in a hunk begins with none of “ ”, “+” and “-”.`);
    }
    hunk.lines.push(read);
    if (read.kind !== "added") oldLeft--;
    if (read.kind !== "removed") newLeft--;
  }
  hunk.looseBlankLines = countLooseBlanks(lines, from, at, hunk);
  return { hunk, next: at };
}

function isHeaderPair(lines: readonly string[], at: number): boolean {
  return (lines[at + 2] ?? "").startsWith("@@ -");
}

function readLine(line: string): HunkLine | undefined {
  if (line === "" || line === "\r") return { kind: "context", text: line };
  const text = line.slice(1);
  if (line.startsWith(" ")) return { kind: "context", text };
  if (line.startsWith("-")) return { kind: "removed", text };
  if (line.startsWith("+")) return { kind: "added", text };
  // A context line whose leading space was eaten together with a tab's.
  if (line.startsWith("\t")) return { kind: "context", text: line };
  return undefined;
}

function countLooseBlanks(lines: readonly string[], from: number, to: number, hunk: UnifiedHunk): number {
  let count = 0;
  while (count < hunk.lines.length && to - 1 - count >= from) {
    const line = lines[to - 1 - count];
    if (line !== "" && line !== "\r") break;
    count++;
  }
  return count;
}
