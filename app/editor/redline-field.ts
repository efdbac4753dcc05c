import { language } from "@codemirror/language";
import { type ChangeDesc, Facet, type Range, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { highlightTree } from "@lezer/highlight";
import type { CharRange } from "./changed-words";
import { codeHighlighter } from "./code-highlighter";
import { type InsertedPiece, insertedLines } from "./inserted-text";
import { type Redline, type RedlineAction, redlineButtons } from "./redlines";
import type { Span } from "./spans";

/** Facet: handlers called when a redline is accepted or rejected in the editor. */
export const redlineActionHandlers = Facet.define<(redline: Redline, act: RedlineAction) => void>();

/** Replaces the redlines; their places are of the document as it is after the transaction. */
export const setRedlines = StateEffect.define<readonly Redline[]>();

type RedlineState = { redlines: readonly Redline[]; decorations: DecorationSet };

/** Holds the redlines in the code. Editing a redline's lines removes it until the next review. */
export const redlineField = StateField.define<RedlineState>({
  create: () => ({ redlines: [], decorations: Decoration.none }),
  update(drawn, transaction) {
    let { redlines } = drawn;
    if (transaction.docChanged) redlines = mapRedlines(redlines, transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setRedlines)) redlines = effect.value;
    if (redlines === drawn.redlines) return drawn;
    return { redlines, decorations: draw(redlines, transaction.state.doc) };
  },
  provide: (field) => EditorView.decorations.from(field, (drawn) => drawn.decorations),
});

/** Redlines after edits to the document, without those that the edits touched. */
export function mapRedlines(redlines: readonly Redline[], changes: ChangeDesc): readonly Redline[] {
  if (changes.empty || redlines.length === 0) return redlines;
  return redlines.flatMap((redline) => {
    const end = redline.form === "block" && redline.to > redline.from ? redline.to - 1 : redline.to;
    if (changes.touchesRange(redline.from, end)) return [];
    const parts = redline.parts.map((part) => ({
      ...part,
      start: changes.mapPos(part.start, 1),
      end: changes.mapPos(part.end, -1),
    }));
    const from = parts[0]?.start ?? 0;
    const to = Math.max(from, parts.at(-1)?.end ?? from);
    const move = (ranges: readonly CharRange[]) =>
      ranges.map((range) => ({ from: changes.mapPos(range.from, 1), to: changes.mapPos(range.to, -1) }));
    const words = { removed: move(redline.removed), struck: move(redline.struck) };
    return [
      {
        ...redline,
        ...words,
        parts: parts.map((part) => ({ ...part, end: Math.max(part.start, part.end) })),
        from,
        to,
      },
    ];
  });
}

const touchedLine = Decoration.line({ class: "redline-touched" });
const removedLine = Decoration.line({ class: "redline-removed" });
const removedWords = Decoration.mark({ class: "redline-removed-text" });
const struckWords = Decoration.mark({ tagName: "del", class: "redline-struck" });

function draw(redlines: readonly Redline[], doc: Text): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const redline of redlines) {
    if (redline.to > doc.length) continue;
    for (const { from, to } of redline.removed) ranges.push(removedWords.range(from, to));
    for (const { from, to } of redline.struck) ranges.push(struckWords.range(from, to));
    if (redline.form === "inline") drawInline(redline, doc, ranges);
    else drawBlock(redline, doc, ranges);
  }
  return Decoration.set(ranges, true);
}

function drawInline(redline: Redline, doc: Text, ranges: Range<Decoration>[]): void {
  for (const { end, text } of redline.parts) {
    if (text) ranges.push(Decoration.widget({ widget: new InsertedWords(text), side: 1 }).range(end));
  }
  for (let at = redline.from; ; ) {
    const line = doc.lineAt(at);
    ranges.push(touchedLine.range(line.from));
    if (line.to >= redline.to) {
      ranges.push(Decoration.widget({ widget: new ActionButtons(redline), side: 2 }).range(line.to));
      return;
    }
    at = line.to + 1;
  }
}

function drawBlock(redline: Redline, doc: Text, ranges: Range<Decoration>[]): void {
  let last = doc.lineAt(redline.from);
  for (let at = redline.from; at < redline.to; at = last.to + 1) {
    last = doc.lineAt(at);
    ranges.push(removedLine.range(last.from));
    if (last.to >= doc.length) break;
  }
  const widget = new InsertedBlock(redline);
  const place = redline.isAbove ? redline.from : last.to;
  ranges.push(Decoration.widget({ widget, block: true, side: redline.isAbove ? -1 : 1 }).range(place));
}

class InsertedWords extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: InsertedWords): boolean {
    return other.text === this.text;
  }
  override toDOM(view: EditorView): HTMLElement {
    const inserted = document.createElement("ins");
    inserted.className = "redline-added-text";
    appendPieces(inserted, insertedLines(this.text, highlight(view, this.text))[0] ?? []);
    return inserted;
  }
}

class ActionButtons extends WidgetType {
  constructor(readonly redline: Redline) {
    super();
  }
  override eq(other: ActionButtons): boolean {
    return sameRedline(this.redline, other.redline);
  }
  override toDOM(view: EditorView): HTMLElement {
    return createActionButtons(view, this.redline);
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

class InsertedBlock extends WidgetType {
  constructor(readonly redline: Redline) {
    super();
  }
  override eq(other: InsertedBlock): boolean {
    return sameRedline(this.redline, other.redline) && this.redline.parts[0]?.text === other.redline.parts[0]?.text;
  }
  override toDOM(view: EditorView): HTMLElement {
    const block = document.createElement("div");
    block.className = "redline-block";
    const lines = document.createElement("ins");
    lines.className = "redline-lines";
    const text = this.redline.parts[0]?.text ?? "";
    for (const pieces of insertedLines(text, highlight(view, text), this.redline.added)) {
      const line = lines.appendChild(document.createElement("div"));
      line.className = "redline-line";
      appendPieces(line, pieces);
    }
    block.append(lines, createActionButtons(view, this.redline));
    return block;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

const sameRedline = (a: Redline, b: Redline): boolean =>
  a.changeId === b.changeId && a.hunk === b.hunk && a.hunks === b.hunks && a.settling === b.settling;

/** Returns the tokens of an inserted text by the editor's grammar. */
function highlight(view: EditorView, text: string): Span[] {
  const spans: Span[] = [];
  const parser = view.state.facet(language)?.parser;
  if (parser)
    highlightTree(parser.parse(text), codeHighlighter, (from, to, className) => spans.push({ from, to, className }));
  return spans;
}

function appendPieces(parent: HTMLElement, pieces: readonly InsertedPiece[]): void {
  for (const { text, className } of pieces) {
    const piece = parent.appendChild(document.createElement("span"));
    piece.className = className;
    piece.textContent = text;
  }
}

function createActionButtons(view: EditorView, redline: Redline): HTMLElement {
  const acts = document.createElement("span");
  acts.className = "redline-acts";
  acts.contentEditable = "false";
  if (redline.settling) {
    const state = acts.appendChild(document.createElement("span"));
    state.className = "redline-state";
    state.textContent = redline.settling;
    return acts;
  }
  for (const { act, name, label } of redlineButtons(redline)) {
    const button = acts.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "redline-act";
    button.value = act;
    button.textContent = name;
    button.setAttribute("aria-label", label);
    // The editor would take the focus, and with it the place that was looked at.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      for (const tell of view.state.facet(redlineActionHandlers)) tell(redline, act);
    });
  }
  return acts;
}
