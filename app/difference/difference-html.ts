/** Renders a difference as HTML rows, with the findings, redlines and threads of its head in place. */
import type { CharRange } from "../editor/changed-words";
import { type CodeHtmlOptions, type DrawnLine, type Lines, lineDrawer } from "../editor/code-html";
import type { Span } from "../editor/spans";
import type { Decisions, LineDecision } from "./decided-hunks";
import { renderBlanks, renderFold, renderUnknown } from "./fold-html";
import { type DecisionForm, renderHunkBar, renderReverted } from "./hunk-html";
import type { DiffRow } from "./layout";
import type { MovedLines } from "./moved";
import { RowChunks } from "./row-chunks";
import { SideTexts } from "./side-texts";

export type DifferenceView = "unified" | "split";

export type DifferenceHtmlOptions = {
  view: DifferenceView;
  rows: readonly DiffRow[];
  moved: MovedLines;
  before: { text: string; spans: readonly Span[] };
  /** The head's text with what stands in it. */
  after: Omit<CodeHtmlOptions, "firstLine" | "lastLine" | "lineOffset">;
  /** Returns the address of this page with these lines of the head shown, too. */
  showHref: (lines: Lines) => string;
  blanksHref: string;
  /** Returns the line that begins what encloses a line of the head. */
  enclosing: (line: number) => { line: number; text: string } | undefined;
  decisions: Decisions;
  /** Fields of the decision forms; without them nothing can be decided. */
  form?: DecisionForm;
  /** Hunks that were viewed, by their keys. */
  viewed: ReadonlySet<string>;
};

export function renderDifferenceHtml(options: DifferenceHtmlOptions): string {
  return new DifferenceRenderer(options).render();
}

type SideLine = { number: number; html: string; isMoved: boolean; change?: "added" | "removed" };

class DifferenceRenderer {
  private readonly out = new RowChunks();
  /** The hunk that is drawn. */
  private hunk = 0;
  private readonly drawHead: ReturnType<typeof lineDrawer>;
  private readonly drawBase: ReturnType<typeof lineDrawer>;
  private readonly texts: SideTexts;
  private readonly waiting: Set<number>;

  constructor(private readonly options: DifferenceHtmlOptions) {
    const { before, after } = options;
    this.drawHead = lineDrawer(after);
    const bare = { redlines: [], marks: [], threads: [], hrefOf: () => "", threadHref: () => "" };
    this.drawBase = lineDrawer({ ...before, ...bare });
    this.texts = new SideTexts(before.text, after.text);
    this.waiting = new Set(options.decisions.revertedLines);
  }

  render(): string {
    for (const row of this.options.rows) {
      if (row.kind === "same") this.addSame(row.a, row.b);
      else if (row.kind === "change") {
        this.hunk = row.hunk;
        this.addChange(row.aLines, row.bLines);
        this.addHunkBar(row);
      } else if (row.kind === "fold") this.addFold(row);
      else if (row.kind === "blanks") this.out.addRow(renderBlanks(row.lines, this.options.blanksHref));
      else this.out.addRow(renderUnknown(row.lines));
    }
    for (const line of this.waiting) this.addReverted(line);
    return this.out.html();
  }

  private addFold(row: Extract<DiffRow, { kind: "fold" }>): void {
    const { showHref, enclosing } = this.options;
    this.out.addRow(renderFold(row, showHref, row.isLast ? undefined : enclosing(row.b + row.lines)));
  }

  private addHunkBar({ hunk: index, aLines, bLines }: Extract<DiffRow, { kind: "change" }>): void {
    const { decisions, form, viewed } = this.options;
    if (!form) return;
    const viewKey = this.texts.keyOf(aLines, bLines);
    const hunk = decisions.ofHunk(aLines, bLines);
    const bar = renderHunkBar({ form, number: index + 1, hunk, viewKey, isViewed: viewed.has(viewKey) });
    this.out.addBar(bar);
  }

  /** Adds rejected lines where they were: before a line of the head. */
  private addReverted(line: number): void {
    if (!this.waiting.delete(line)) return;
    const { decisions, form } = this.options;
    for (const decision of decisions.revertedAt(line)) {
      this.out.addBlock(renderReverted(decision, form));
    }
  }

  private addSame(a: number, b: number): void {
    const drawn = this.drawHead(b);
    this.addHead(b, drawn, this.headRow({ old: a, number: b, drawn }));
  }

  private addChange(aLines: Lines | null, bLines: Lines | null): void {
    const words = this.texts.changedWords(aLines, bLines);
    const removed = numbersOf(aLines).map((number): SideLine => {
      const isMoved = this.options.moved.toHead.has(number);
      const html = this.drawBase(number, isMoved ? {} : { removed: words.before }).content;
      return { number, html, isMoved, change: "removed" };
    });
    const added = numbersOf(bLines);
    if (this.options.view === "unified") {
      for (const [index, line] of removed.entries()) this.out.addRow(this.baseRow(line, index === 0));
      for (const [index, number] of added.entries())
        this.addAdded(number, words.after, { isStart: index + removed.length === 0 });
      return;
    }
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const number = added[at];
      const pair = { isStart: at === 0, left: removed[at] };
      if (number === undefined) this.out.addRow(this.splitRow(pair.left, undefined, pair.isStart));
      else this.addAdded(number, words.after, pair);
    }
  }

  private addAdded(number: number, words: readonly CharRange[], at: { isStart: boolean; left?: SideLine }): void {
    const isMoved = this.options.moved.toBase.has(number);
    const drawn = this.drawHead(number, isMoved ? {} : { added: words });
    this.addHead(number, drawn, this.headRow({ number, drawn, change: "added", isMoved, ...at }));
  }

  /** Adds a line of the head, with the blocks of redlines around it. */
  private addHead(number: number, { above, below }: DrawnLine, row: string): void {
    this.addReverted(number);
    for (const block of above) this.out.addBlock(`<div class="diff-block">${block}</div>`);
    this.out.addRow(row);
    for (const block of below) this.out.addBlock(`<div class="diff-block">${block}</div>`);
  }

  private headRow(line: {
    old?: number;
    number: number;
    drawn: DrawnLine;
    change?: "added";
    isMoved?: boolean;
    isStart?: boolean;
    left?: SideLine;
  }): string {
    const { old, number, drawn, change, isMoved = false, isStart = false, left } = line;
    const decided = change && this.options.decisions.ofLine("added", number);
    const right = {
      ...{ number, isMoved, change },
      html: `<div class="code-line${drawn.state}${washOf(change, isMoved)}"${signOf(change, number, decided)}>${saidOf(change, decided)}${drawn.content}</div>`,
    };
    const gutter = drawn.sign || '<span class="code-gutter"></span>';
    const at = `${drawn.mark}${this.numberLink(number)}`;
    const note = isMoved ? this.movedNote("toBase", number) : "";
    if (this.options.view === "unified") {
      const base = `<span class="code-number diff-old">${old ?? ""}</span>`;
      return this.row(
        `L${number}`,
        isStart,
        `${base}<span class="code-number">${at}</span>${gutter}${right.html}${note}`,
      );
    }
    const same =
      old !== undefined ? { number: old, html: this.baseCell(this.drawBase(old).content), isMoved: false } : undefined;
    const base = left ? { ...left, html: this.baseCell(left.html, left) } : same;
    return this.row(
      `L${number}`,
      isStart,
      `${this.baseSide(base)}<span class="code-number">${at}</span>${gutter}${right.html}${note}`,
      old !== undefined,
    );
  }

  private baseRow(line: SideLine, isStart: boolean): string {
    const { number, html, isMoved } = line;
    const note = isMoved ? this.movedNote("toHead", number) : "";
    return this.row(
      `O${number}`,
      isStart,
      `<span class="code-number diff-old">${number}</span><span class="code-number"></span><span class="code-gutter"></span>` +
        `${this.baseCell(html, line)}${note}`,
    );
  }

  private splitRow(left: SideLine | undefined, _right: undefined, isStart: boolean): string {
    const base = left && { ...left, html: this.baseCell(left.html, left) };
    const id = left ? `O${left.number}` : "";
    return this.row(
      id,
      isStart,
      `${this.baseSide(base)}<span class="code-number diff-none"></span><span class="code-gutter diff-none"></span><div class="diff-line diff-none"></div>`,
    );
  }

  private baseSide(line: SideLine | undefined): string {
    if (!line) return `<span class="code-number diff-old diff-none"></span><div class="diff-line diff-none"></div>`;
    return `<span class="code-number diff-old">${line.number}</span>${line.html}`;
  }

  private baseCell(html: string, { number = 0, change, isMoved = false }: Partial<SideLine> = {}): string {
    const decided = change && this.options.decisions.ofLine("removed", number);
    return `<div class="diff-line${washOf(change, isMoved)}"${signOf(change, number, decided)}>${saidOf(change, decided)}${html}</div>`;
  }

  private row(id: string, isStart: boolean, cells: string, isSame = false): string {
    const start = isStart ? ` data-change-start="${this.hunk}"` : "";
    return `<div class="code-row"${id && ` id="${id}"`}${start}${isSame ? " data-same" : ""}>${cells}</div>`;
  }

  private numberLink(number: number): string {
    return `<a class="diff-number" href="#L${number}" tabindex="-1" aria-hidden="true">${number}</a>`;
  }

  private movedNote(side: keyof MovedLines, number: number): string {
    const { [side]: lines } = this.options.moved;
    if (lines.get(number - 1) !== undefined) return "";
    const there = lines.get(number);
    const id = side === "toHead" ? `L${there}` : `O${there}`;
    const words = side === "toHead" ? `moved to line ${there}` : `moved from line ${there}`;
    return `<a class="diff-moved-note" href="#${id}">${words}</a>`;
  }
}

const numbersOf = (lines: Lines | null): number[] =>
  lines ? Array.from({ length: lines.last - lines.first + 1 }, (_, at) => lines.first + at) : [];

const washOf = (change: Change, isMoved: boolean): string =>
  change ? ` redline-${change}${isMoved ? " diff-moved" : ""}` : "";

type Change = "added" | "removed" | undefined;

const signOf = (change: Change, line: number, decided?: LineDecision): string =>
  `${change ? ` data-change="${change}" data-line="${line}"` : ""}${decided ? ` data-decided="${decided}"` : ""}`;

const DECIDED = { accepted: ", accepted", pending: ", rejected" } as const;

const saidOf = (change: Change, decided?: LineDecision): string =>
  change ? `<span class="sr-only select-none">${change}${decided ? DECIDED[decided] : ""}: </span>` : "";
