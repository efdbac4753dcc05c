import { contentOf, indentOf, joinAtBlanks, splitAtBlanks, withoutTrailingBlanks } from "./blanks";
import type { NewLine, QuotedBlock } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";

/** Gives new lines the blanks that the file has between words, where the quote wrote others and the change left them alone. */
export class BlankRestorer {
  /** Lines that are quoted with other blanks inside than they have: from the quote's content to the file's. */
  private readonly misquoted = new Map<string, string>();

  /** @param isRewritten where little of the block stays: lines that are alike may be so by chance. */
  constructor(
    private readonly block: QuotedBlock,
    private readonly isRewritten: boolean,
  ) {
    for (const [at, line] of block.quoted.entries()) {
      if (this.isMisquoted(at)) this.misquoted.set(contentOf(line), contentOf(block.file[at] as string));
    }
  }

  private isMisquoted(at: number): boolean {
    return contentOf(this.block.quoted[at] as string) !== contentOf(this.block.file[at] as string);
  }

  /**
   * Returns whether a new line holds two words that a quoted line has side by side, with other blanks between them in
   * the file.
   */
  private isCopied(at: number, content: string): boolean {
    const old = splitAtBlanks(contentOf(this.block.quoted[at] as string));
    const own = splitAtBlanks(contentOf(this.block.file[at] as string));
    const { words } = splitAtBlanks(content);
    const misquoted = new Set(
      old.words.flatMap((word, index) =>
        index > 0 && old.gaps[index] !== own.gaps[index] ? [`${old.words[index - 1]} ${word}`] : [],
      ),
    );
    return words.some((word, index) => index > 0 && misquoted.has(`${words[index - 1]} ${word}`));
  }

  /** Returns the content of a line, with the blanks at its end. */
  of({ text, pair, twin, besides }: NewLine): string {
    const content = text.slice(indentOf(text).length);
    const old = pair ?? twin;
    if (old === undefined) {
      // A misquoted line that is rewritten as more or fewer lines may leave parts with the wrong blanks.
      const [from, to] = besides ?? [0, 0];
      for (let at = from; at < to; at++) if (this.isMisquoted(at) && this.isCopied(at, content)) throw otherBlanks();
      return this.misquoted.get(contentOf(text)) ?? content;
    }
    const quoted = this.block.quoted[old] as string;
    const lost = trailingBlanks(this.block.file[old] as string);
    if (lost !== trailingBlanks(quoted) && trailingBlanks(text) === trailingBlanks(quoted)) {
      // Blanks at the end belong to a line that stays; whether a line that moves takes them along can't be told.
      const isHere = [quoted, this.block.file[old] as string].some((line) => indentOf(line) === indentOf(text));
      if (this.isRewritten || (twin === undefined ? !isAlike(quoted, text) : !isHere)) {
        throw new NotCarriedOver("a line that it moves or rewrites has other blanks at its end than it quotes");
      }
    }
    return restoreBlanks(withoutIndent(quoted), withoutIndent(this.block.file[old] as string), content);
  }
}

const trailingBlanks = (line: string): string => line.slice(withoutTrailingBlanks(line).length);

/** Returns whether a line became the other by a change of one word. */
function isAlike(one: string, two: string): boolean {
  const [old, young] = [splitAtBlanks(contentOf(one)).words, splitAtBlanks(contentOf(two)).words];
  const differing = old.filter((word, at) => word !== young[at]).length;
  return old.length === young.length && differing <= 1 && (old.length > 1 || old[0]?.[0] === young[0]?.[0]);
}

const withoutIndent = (line: string): string => line.slice(indentOf(line).length);

/** Carries the change from `quoted` to `written` over to `file`, which has the words of `quoted` with other blanks. */
function restoreBlanks(quoted: string, file: string, written: string): string {
  if (quoted === file || withoutTrailingBlanks(written) === "") return written;
  const old = splitAtBlanks(quoted);
  const own = splitAtBlanks(file);
  const young = splitAtBlanks(written);
  const head = commonHead(old.words, young.words);
  const tail = commonTail(old.words, young.words, head);
  const longer = old.words.length - young.words.length;
  // With fewer words in common it is another line, and where the blanks of the old one are its own is chance.
  const isSameLine = 2 * young.words.filter((word, at) => word === old.words[at]).length >= young.words.length;
  const gaps = young.gaps.map((gap, at) => {
    const isLast = at === young.words.length;
    const sources = new Set(
      [...(at <= head || longer === 0 ? [at] : []), ...(at >= young.words.length - tail ? [at + longer] : [])]
        // Blanks at the end of a line have nothing to do with those between its words.
        .filter((source) => isLast === (source === old.words.length)),
    );
    const carried = [...sources].map((source) => (old.gaps[source] === gap ? own.gaps[source] : gap) ?? gap);
    if (carried.some((one) => one !== carried[0])) throw otherBlanks();
    const isBesideSame = at <= head || at >= young.words.length - tail;
    if (!isBesideSame && !isSameLine && carried[0] !== undefined && carried[0] !== gap) throw otherBlanks();
    // Between new words a blank may be a copy of one that was misquoted.
    const isCopy =
      sources.size === 0 && own.gaps.slice(head + 1, old.words.length - tail).some(isMisquoted(old.gaps, head + 1));
    if (isCopy) throw otherBlanks();
    return carried[0] ?? gap;
  });
  return joinAtBlanks({ words: young.words, gaps });
}

const isMisquoted =
  (quoted: readonly string[], from: number) =>
  (gap: string, at: number): boolean =>
    gap !== quoted[from + at];

const otherBlanks = (): NotCarriedOver =>
  new NotCarriedOver("a line that it rewrites has other blanks inside than it quotes");

function commonHead(old: readonly string[], young: readonly string[]): number {
  const most = Math.min(old.length, young.length);
  let head = 0;
  while (head < most && old[head] === young[head]) head++;
  return head;
}

function commonTail(old: readonly string[], young: readonly string[], head: number): number {
  const most = Math.min(old.length, young.length) - head;
  let tail = 0;
  while (tail < most && old[old.length - 1 - tail] === young[young.length - 1 - tail]) tail++;
  return tail;
}
