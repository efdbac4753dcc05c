/**
 * The hunks of a unified diff. The counts of a header decide where its hunk ends, as in git and patch. Only where lines
 * and counts disagree, as models write them, the hunk goes on to the next thing that is certainly no line of it.
 */
import { PatchRefused } from "../patch-refused";
import { DialectRefused, holdsWordMarks, REFUSALS } from "./dialects";

/** A hunk of a unified diff: its lines without the sign in front ("\r" kept), and its header. */
export type UnifiedHunk = {
  /** 1-based line of the old file that the header states; undefined in a bare "@@". */
  stated: number | undefined;
  /** Text after the second "@@": a line above the hunk, cut short by git. */
  heading: string;
  lines: HunkLine[];
  oldEndsWithoutNewline: boolean;
  newEndsWithoutNewline: boolean;
  /** True when the lines are as many as the header counts, and nothing follows that may be a line too. */
  isCounted: boolean;
  /** Possible numbers of old lines, in order of trust; fewer than `lines` holds where loose lines end it. */
  oldLengths: number[];
};

export type HunkLine = { kind: "context" | "removed" | "added"; text: string };

type Header = { stated: number | undefined; oldCount: number; newCount: number; heading: string };

/** Tells whether a line that would pass for a line of a hunk is something else where a hunk may end. */
export type IsBoundary = (lines: readonly string[], at: number) => boolean;

/** The header of a hunk; undefined for any other line. Throws PatchRefused for one that is broken. */
export function readHunkHeader(line: string): Header | undefined {
  if (!line.startsWith("@@")) return undefined;
  const numbers = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@ ?/.exec(line);
  if (!numbers && line.startsWith("@@ -")) {
    throw new PatchRefused(`"${line.slice(0, 80)}" is no hunk header: write "@@ -line,count +line,count @@".`);
  }
  if (!numbers) return { stated: undefined, oldCount: 0, newCount: 0, heading: "" };
  return {
    stated: Number(numbers[1]),
    oldCount: Number(numbers[2] ?? 1),
    newCount: Number(numbers[3] ?? 1),
    heading: line.slice(numbers[0].length).trimEnd(),
  };
}

/** The hunk whose header stands at `at`, and the line after it. Throws PatchRefused for a line that has no sign. */
export function readHunk(
  lines: readonly string[],
  at: number,
  header: Header,
  isBoundary: IsBoundary,
): { hunk: UnifiedHunk; next: number } {
  const counted = header.stated === undefined ? undefined : readCounted(lines, at + 1, header);
  if (counted && isOver(lines, counted.next, isBoundary)) {
    if (lines[counted.next] === WORD_DIFF_NEWLINE) throw new DialectRefused(REFUSALS.words);
    const { body, next } = counted;
    return { hunk: { ...header, ...body, isCounted: true, oldLengths: [oldLinesOf(body.lines).length] }, next };
  }
  if (header.stated !== undefined) refuseWordDiff(lines, at + 1);
  const { body, next } = readToBoundary(lines, at + 1, header, isBoundary);
  const old = oldLinesOf(body.lines).length;
  const least = old - Math.min(countLooseBlanks(lines, at + 1, next, body.lines), old);
  const stated = header.stated === undefined ? least : header.oldCount;
  const all = [...(stated >= least && stated <= old ? [stated] : []), least, old];
  // Nothing but unchanged lines behind the counted ones: they may be no lines of the hunk at all.
  const isTailUnchanged = counted && body.lines.slice(counted.body.lines.length).every(isContext);
  const oldLengths = [...new Set(isTailUnchanged ? [...all, oldLinesOf(counted.body.lines).length] : all)];
  return { hunk: { ...header, ...body, isCounted: false, oldLengths }, next };
}

export const oldLinesOf = (lines: readonly HunkLine[]): string[] =>
  lines.filter(({ kind }) => kind !== "added").map(({ text }) => text);

const isContext = ({ kind }: HunkLine): boolean => kind === "context";

/** The end of a line in `--word-diff=porcelain`. */
const WORD_DIFF_NEWLINE = "~";

/** A hunk whose lines are not as many as its header counts, and that marks words, marks no lines. */
function refuseWordDiff(lines: readonly string[], from: number): void {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line.startsWith("@@") || line.startsWith("diff --git ")) return;
    if (line === WORD_DIFF_NEWLINE || holdsWordMarks(line)) throw new DialectRefused(REFUSALS.words);
  }
}

type Body = Pick<UnifiedHunk, "lines" | "oldEndsWithoutNewline" | "newEndsWithoutNewline">;

const emptyBody = (): Body => ({ lines: [], oldEndsWithoutNewline: false, newEndsWithoutNewline: false });

/** Exactly the lines that the header counts; undefined when they are not there. */
function readCounted(lines: readonly string[], from: number, header: Header): { body: Body; next: number } | undefined {
  const body = emptyBody();
  let { oldCount, newCount } = header;
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    if (line.startsWith("\\")) {
      endWithoutNewline(body);
      continue;
    }
    if (oldCount === 0 && newCount === 0) break;
    const read = readLine(line);
    if (!read) return undefined;
    body.lines.push(read);
    if (read.kind !== "added") oldCount--;
    if (read.kind !== "removed") newCount--;
    if (oldCount < 0 || newCount < 0) return undefined;
  }
  return oldCount === 0 && newCount === 0 ? { body, next: at } : undefined;
}

function endWithoutNewline(body: Body): void {
  const last = body.lines[body.lines.length - 1];
  if (last?.kind !== "added") body.oldEndsWithoutNewline = true;
  if (last?.kind !== "removed") body.newEndsWithoutNewline = true;
}

/** Returns whether no later line can belong to the hunk that ends before `at`. */
function isOver(lines: readonly string[], at: number, isBoundary: IsBoundary): boolean {
  let next = at;
  while (next < lines.length && isBlank(lines[next] as string)) next++;
  const line = lines[next];
  if (line === undefined || readLine(line) === undefined) return true;
  return isBoundary(lines, next) || isSignature(lines, next);
}

const isBlank = (line: string): boolean => line === "" || line === "\r";

/** "-- " and a version or other words, with which git ends the diff of a mail. */
function isSignature(lines: readonly string[], at: number): boolean {
  return /^-- \r?$/.test(lines[at] as string) || isVersionSignature(lines, at);
}

/** Recognises a version signature without its blank, as a mail program leaves it, or where no count ends the hunk. */
function isVersionSignature(lines: readonly string[], at: number): boolean {
  return /^-- ?\r?$/.test(lines[at] as string) && /^\d+\.\d+[\w.+-]*(?: \([^)]*\))?\r?$/.test(lines[at + 1] ?? "");
}

/** All lines until something is certainly none. */
function readToBoundary(lines: readonly string[], from: number, header: Header, isBoundary: IsBoundary) {
  const body = emptyBody();
  // While the header's counts are not used up, "--- x" is a removed line and not the next file's header.
  let oldLeft = header.oldCount;
  let newLeft = header.newCount;
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    const promised = oldLeft > 0 || newLeft > 0;
    if (line.startsWith("\\")) {
      endWithoutNewline(body);
      continue;
    }
    if (line.startsWith("@@") || line.startsWith("diff --git ")) break;
    if (isBoundary(lines, at) && (!promised || (lines[at + 2] ?? "").startsWith("@@ -"))) break;
    if (isVersionSignature(lines, at)) break;
    if (line.startsWith("```") && !promised) break;
    const read = readLine(line);
    if (!read) {
      if (!promised) break;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour code
      if (/^\u001b\[/.test(line)) throw new DialectRefused(REFUSALS.colours);
      throw new PatchRefused(
        `"${line.slice(0, 80)}" in a hunk begins with none of " ", "+" and "-" (word diffs and other \`--output-indicator\`s can't be read).`,
      );
    }
    body.lines.push(read);
    if (read.kind !== "added") oldLeft--;
    if (read.kind !== "removed") newLeft--;
  }
  return { body, next: at };
}

function readLine(line: string): HunkLine | undefined {
  if (isBlank(line)) return { kind: "context", text: line };
  const text = line.slice(1);
  if (line.startsWith(" ")) return { kind: "context", text };
  if (line.startsWith("-")) return { kind: "removed", text };
  if (line.startsWith("+")) return { kind: "added", text };
  // `diff -T` writes a tab in place of the space; elsewhere the space was eaten together with the tab's.
  if (line.startsWith("\t")) return { kind: "context", text: line };
  return undefined;
}

/** Empty lines at the end that may as well be the patch's own: a context line whose space was lost, or nothing. */
function countLooseBlanks(lines: readonly string[], from: number, to: number, read: readonly HunkLine[]): number {
  let count = 0;
  while (count < read.length && to - 1 - count >= from && isBlank(lines[to - 1 - count] as string)) count++;
  return count;
}
