/** Signs that the new lines of a block are not what they seem: each throws NotCarriedOver. */
import { contentOf, indentOf, isBlank, withoutTrailingBlanks } from "./blanks";
import type { IndentStyle } from "./indent-style";
import { isTelling } from "./line-coordinates";
import type { NewLine, QuotedBlock } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import type { OpenString } from "./written-strings";

/**
 * Throws NotCarriedOver when new lines are deeper or less deep than the line before them allows, which shows that they
 * were not written in the quote's indentation: a new level that is not indented, or an indented line though nothing
 * opens a level.
 */
export function refuseUnlikely(
  lines: readonly NewLine[],
  indents: readonly string[],
  open: readonly (OpenString | undefined)[],
  style: IndentStyle,
): void {
  let last: number | undefined;
  for (const [at, { text, kept }] of lines.entries()) {
    if (isBlank(text) || open[at]) continue;
    const before = last === undefined ? undefined : (lines[last] as NewLine);
    // Old lines are new neighbours where those between them go.
    const isNew =
      before && (kept === undefined || before.kept === undefined || kept - before.kept > at - (last as number));
    if (isNew) {
      const [shallow, deep] = [indents[last as number] as string, indents[at] as string];
      const isFlat = deep.length <= shallow.length;
      const isLevel = /[:{]$/.test(contentOf(before.text));
      if (isLevel && isFlat && !SAME_LEVEL.test(contentOf(text))) {
        throw new NotCarriedOver("its lines have lost their indentation");
      }
      const unit = deep.includes("\t") ? 1 : style.unit;
      const isTooDeep = isLevel && unit !== undefined && deep.length - shallow.length > unit;
      const isRecipe = deep === `${shallow}\t` && contentOf(before.text).includes(":");
      const mayBeDeeper = isLevel || isRecipe || continues(contentOf(before.text), contentOf(text));
      if (deep !== indentOf(text) && !isFlat && (isTooDeep || !mayBeDeeper)) {
        throw new NotCarriedOver("its new lines are indented otherwise than the lines it quotes");
      }
    }
    last = at;
  }
}

/**
 * Returns whether `line` may be deeper than the one before it: as part of the same statement, or of a block without a
 * sign.
 */
function continues(before: string, line: string): boolean {
  return /[([,\\=|>&+*/?<%:-]$|^</.test(before) || WORDS_THAT_OPEN.test(before) || /^[-.?:&|+*/%<=)\]}]/.test(line);
}

/** Words by which other languages than those with brackets open a level. */
const WORDS_THAT_OPEN =
  /^(?:begin|case|class|def|do|else|elsif|ensure|for|from|function|if|local|loop|module|proc|repeat|rescue|select|sub|then|try|unless|until|when|where|while|with)\b|\b(?:begin|do|of|then|where)$/i;

/** Beginnings of lines that may stand as deep as the line before them that opens a level. */
const SAME_LEVEL = /^(?:[-})\]#*]|\/\/|\/\*|(?:case|default|public|private|protected)\b)/;

/**
 * Throws NotCarriedOver when a line inside a string would be re-indented: its indentation is text, and may be shifted
 * only where a quoted line shows that it was.
 */
export function refuseInStrings(
  lines: readonly NewLine[],
  indents: readonly string[],
  open: readonly (OpenString | undefined)[],
): void {
  const shown = new Set(open.flatMap((one, at) => (one && isQuotedText(lines[at]) ? [one.opened] : [])));
  for (const [at, one] of open.entries()) {
    const { text, kept } = lines[at] as NewLine;
    if (!one || kept !== undefined || isBlank(text) || shown.has(one.opened)) continue;
    if (indents[at] === indentOf(text)) continue;
    const opener = indentOf(lines[one.opened]?.text ?? "");
    if (one.isDocstring && indentOf(text).startsWith(opener)) continue;
    throw new NotCarriedOver("a line inside a string would have to be indented anew, and that changes the string");
  }
}

const isQuotedText = (line: NewLine | undefined): boolean => line?.kept !== undefined && !isBlank(line.text);

/** Finds old lines that seem to stay and may not: of each it is asked whether the file's line may be written. */
export class ChanceMatches {
  private readonly quotedCounts: Map<string, number>;
  private readonly newCounts: Map<string, number>;
  /** Quoted lines, but for blanks at their ends, that stand for several lines of the file. */
  private readonly ambiguous = new Set<string>();
  private readonly isMostlyKept: boolean;

  constructor(
    private readonly block: QuotedBlock,
    private readonly lines: readonly NewLine[],
  ) {
    const { quoted, file } = block;
    this.quotedCounts = countLines(quoted);
    this.newCounts = countLines(lines.map(({ text }) => text));
    this.isMostlyKept = 2 * lines.filter(({ kept }) => kept !== undefined).length >= quoted.length;
    const meant = new Map<string, string>();
    for (const [at, quote] of quoted.entries()) {
      const line = withoutTrailingBlanks(quote);
      if ((meant.get(line) ?? file[at]) !== file[at]) this.ambiguous.add(line);
      else meant.set(line, file[at] as string);
    }
  }

  /**
   * Refuses the new line `at` as the old line `old`, where the file's is another than the quoted one and the two may be
   * equal by chance: one of several that are alike, of which more or fewer are left; one that tells nothing ("}", a blank
   * one), or is one of few that stay, and stands alone among new ones.
   */
  refuse(at: number, old: number): void {
    const quoted = this.block.quoted[old] as string;
    const file = this.block.file[old] as string;
    const text = withoutTrailingBlanks(quoted);
    const isOneOfMany = this.quotedCounts.get(text) !== this.newCounts.get(text);
    if (isOneOfMany && this.ambiguous.has(text)) {
      throw new NotCarriedOver("it quotes lines alike that differ in the file");
    }
    if (quoted === file || withoutTrailingBlanks(file) === file) return;
    if (this.isMostlyKept && !isOneOfMany && isTelling(quoted)) return;
    const beside = ([1, -1] as const).filter((step) => this.isBeside(at, old, step)).length;
    if (beside === 2 || (beside === 1 && !isOneOfMany)) return;
    throw new NotCarriedOver("a line that may have stayed has other blanks at its end than it quotes");
  }

  /** Returns whether the next line that is not blank stays, too. */
  private isBeside(at: number, old: number, step: 1 | -1): boolean {
    let next = at + step;
    let nextOld = old + step;
    for (; isBlank(this.lines[next]?.text ?? "-"); next += step, nextOld += step);
    const line = this.lines[next];
    if (line === undefined || !isTelling(line.text)) return false;
    const stays = line.kept ?? line.twin;
    return (this.isMostlyKept ? (stays ?? line.pair) : stays) === nextOld;
  }
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const text = withoutTrailingBlanks(line);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
