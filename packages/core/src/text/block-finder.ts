import { collapseBlanks, contentOf, indentOf, isBlank, withoutTrailingBlanks } from "./blanks";
import { type IndentStyle, readIndentStyle } from "./indent-style";
import { lineStarts, type NumberedText, numberLines } from "./lines";
import { PatchRefused } from "./patch-refused";
import { findOpenStrings, type OpenString } from "./written-strings";

/**
 * Ways in which a block's lines match the base, from best to loosest: to the character; but for blanks at line ends
 * (CRLF too); but for tabs against spaces in the indentation; but for any blanks.
 */
export const LINE_MATCHES = ["exact", "line-ends", "tabs-4", "tabs-2", "tabs-8", "spaces"] as const;
export type LineMatch = (typeof LINE_MATCHES)[number];

/** A block's place: the closest way of matching that finds it at all, and the first lines (0-based) found. */
export type Found = { match: LineMatch; lines: readonly number[] };

/** Steps that the searches of one patch may take together, well under a second. */
const SEARCH_BUDGET_STEPS = 40_000_000;
/** Steps that making one line comparable counts as. */
const NORMALISE_STEPS = 8;

type Index = { ids: Int32Array; blockIds: Map<readonly string[], Int32Array>; places: Map<number, number[]> };

/** Looks up blocks of lines in one base text. All searches together are bounded; past the bound the patch is refused. */
export class BlockFinder {
  readonly starts: Int32Array;
  private readonly indexes = new Map<LineMatch, Index>();
  private readonly blocks: (readonly string[])[] = [];
  private allLines: string[] | undefined;
  private steps = SEARCH_BUDGET_STEPS;
  private lineSet: Set<string> | undefined;
  private tabs: boolean | undefined;
  private style: IndentStyle | undefined;
  private strings: (OpenString | undefined)[] | undefined;

  constructor(readonly base: string) {
    this.starts = lineStarts(base);
  }

  get lineCount(): number {
    return this.starts.length - 1;
  }

  /** Returns a line (0-based) of the base without its "\n"; "\r" is kept. */
  line(at: number): string {
    const end = this.starts[at + 1] as number;
    return this.base.slice(this.starts[at], this.base[end - 1] === "\n" ? end - 1 : end);
  }

  /** Returns all lines of the base, in the form of `line`. */
  lines(): readonly string[] {
    this.allLines ??= Array.from({ length: this.lineCount }, (_, at) => this.line(at));
    return this.allLines;
  }

  indentStyle(): IndentStyle {
    this.style ??= readIndentStyle(this.lineCount, (at) => this.line(at));
    return this.style;
  }

  /** Returns the multi-line string that line `at` begins inside of; undefined outside of any. */
  openStringAt(at: number): OpenString | undefined {
    this.strings ??= findOpenStrings(this.lines());
    return this.strings[at];
  }

  /** Returns whether the base has `line`, but for blanks around it. */
  hasLine(line: string): boolean {
    if (!this.lineSet) {
      this.lineSet = new Set();
      for (const each of this.lines()) this.lineSet.add(contentOf(each));
    }
    return this.lineSet.has(contentOf(line));
  }

  /** Returns the line ending in use at line `at`: the line's own, or that of the one before it. */
  newlineAt(at: number): "\n" | "\r\n" {
    const near = this.base[(this.starts[Math.min(at + 1, this.lineCount)] as number) - 1] === "\n" ? at : at - 1;
    const line = Math.min(near, this.lineCount - 1);
    return line >= 0 && this.line(line).endsWith("\r") ? "\r\n" : "\n";
  }

  /** Returns whether `block` matches at line `at` (0-based) in this way. */
  standsAt(block: readonly string[], at: number, match: LineMatch): boolean {
    if (at < 0 || at + block.length > this.lineCount) return false;
    for (const [index, line] of block.entries()) {
      this.spend(1 + line.length / 16);
      if (normaliseLine(line, match) !== normaliseLine(this.line(at + index), match)) return false;
    }
    return true;
  }

  /** Registers the blocks to look up, so that each way of matching reads the base once for all of them. */
  announce(blocks: readonly (readonly string[])[]): void {
    this.blocks.push(...blocks);
  }

  /** Returns the first lines (0-based, ascending) at which a registered block matches in this way. */
  places(block: readonly string[], match: LineMatch): number[] {
    // Without tabs on either side the ways of reading them find nothing that others do not.
    if (match.startsWith("tabs-") && !this.hasTabs()) return [];
    const index = this.index(match);
    const ids = index.blockIds.get(block);
    if (!ids || ids.length === 0) return [];
    // The rarest line says where to look.
    let rarest = 0;
    let candidates: readonly number[] | undefined;
    for (let i = 0; i < ids.length; i++) {
      const at = index.places.get(ids[i] as number) ?? [];
      if (candidates && at.length >= candidates.length) continue;
      candidates = at;
      rarest = i;
    }
    const found: number[] = [];
    for (const candidate of candidates ?? []) {
      const start = candidate - rarest;
      if (start < 0 || start + ids.length > index.ids.length) continue;
      let same = 0;
      while (same < ids.length && index.ids[start + same] === ids[same]) same++;
      this.spend(1 + same);
      if (same === ids.length) found.push(start);
    }
    return found;
  }

  /** Returns the closest way of matching that finds a registered block, with its lines; undefined without a match. */
  find(block: readonly string[], matches: readonly LineMatch[] = LINE_MATCHES): Found | undefined {
    for (const match of matches) {
      const lines = this.places(block, match);
      if (lines.length > 0) return { match, lines };
    }
    return undefined;
  }

  /**
   * Returns other lines at which a registered block would match if it were shifted as a whole: a model may have quoted
   * those with less indentation or more.
   */
  rivals(block: readonly string[], { match, lines }: Found): number[] {
    if (match === "spaces") return [];
    const known = new Set(lines);
    const shifted = this.places(block, "spaces").filter((at) => this.isShifted(block, at));
    // A file of two styles may hold it in both.
    const inTabs = LINE_MATCHES.filter((each) => each.startsWith("tabs-")).flatMap((each) => this.places(block, each));
    return [...new Set([...shifted, ...inTabs])].filter((at) => !known.has(at)).sort((one, two) => one - two);
  }

  private isShifted(block: readonly string[], at: number): boolean {
    const pairs = block.flatMap((line, index) =>
      isBlank(line) ? [] : [[indentOf(line), indentOf(this.line(at + index))] as const],
    );
    const [quoted, file] = pairs[0] ?? ["", ""];
    const lost = file.length - quoted.length;
    return pairs.every((pair) => pair[1].length - pair[0].length === lost);
  }

  private hasTabs(): boolean {
    this.tabs ??= this.base.includes("\t") || this.blocks.some((block) => block.some((line) => line.includes("\t")));
    return this.tabs;
  }

  private index(match: LineMatch): Index {
    const known = this.indexes.get(match);
    if (known) return known;
    const lineTotal = this.blocks.reduce((sum, block) => sum + block.length, this.lineCount);
    this.spend(match === "exact" ? lineTotal : lineTotal * NORMALISE_STEPS);
    const all = this.blocks.flatMap((block) => block.map((line) => normaliseLine(line, match)));
    const lines: string[] = [];
    for (let at = 0; at < this.lineCount; at++) lines.push(normaliseLine(this.line(at), match));
    const { texts } = numberLines([asText(lines), asText(all)]);
    const [base, patch] = texts as [NumberedText, NumberedText];
    const wanted = new Set(patch.ids);
    const places = new Map<number, number[]>();
    for (let at = 0; at < base.ids.length; at++) {
      const id = base.ids[at] as number;
      if (!wanted.has(id)) continue;
      const list = places.get(id);
      if (list) list.push(at);
      else places.set(id, [at]);
    }
    const blockIds = new Map<readonly string[], Int32Array>();
    let from = 0;
    for (const block of this.blocks) {
      blockIds.set(block, patch.ids.subarray(from, from + block.length));
      from += block.length;
    }
    const index: Index = { ids: base.ids, blockIds, places };
    this.indexes.set(match, index);
    return index;
  }

  private spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) {
      throw new PatchRefused("The patch takes too long to place in this file: use fewer, more distinct blocks.");
    }
  }
}

/**
 * Returns, for blocks that are in the file's order and do not overlap, the candidate lines of each that leave room for
 * those before and after it. `lines` are 0-based and ascending.
 */
export function narrowByOrder(blocks: readonly { length: number; lines: readonly number[] }[]): number[][] {
  let earliest = 0;
  const places = blocks.map(({ length, lines }) => {
    const kept = lines.filter((line) => line >= earliest);
    earliest = (kept[0] ?? earliest) + length;
    return kept;
  });
  let latest = Number.POSITIVE_INFINITY;
  for (let index = places.length - 1; index >= 0; index--) {
    const kept = (places[index] ?? []).filter((line) => line + (blocks[index]?.length ?? 0) <= latest);
    places[index] = kept;
    latest = kept[kept.length - 1] ?? latest;
  }
  return places;
}

function asText(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function normaliseLine(line: string, match: LineMatch): string {
  switch (match) {
    case "exact":
      return line;
    case "line-ends":
      return withoutTrailingBlanks(line);
    case "tabs-4":
      return expandIndent(line, "    ");
    case "tabs-2":
      return expandIndent(line, "  ");
    case "tabs-8":
      return expandIndent(line, "        ");
    case "spaces":
      return collapseBlanks(line);
  }
}

function expandIndent(line: string, tab: string): string {
  const text = withoutTrailingBlanks(line);
  const indent = indentOf(text);
  return indent.replaceAll("\t", tab) + text.slice(indent.length);
}
