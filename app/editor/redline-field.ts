import { type ChangeDesc, Facet, type Range, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { splitInsertedLines } from "./code-html";
import { isRejectableInline, type Redline } from "./redlines";

export type RedlineAction = "accept" | "reject";

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
    return [{ ...redline, parts: parts.map((part) => ({ ...part, end: Math.max(part.start, part.end) })), from, to }];
  });
}

const touchedLine = Decoration.line({ class: "redline-touched" });
const struckLine = Decoration.line({ class: "redline-removed redline-struck" });
const removedWords = Decoration.mark({ tagName: "del", class: "redline-removed-text" });

function draw(redlines: readonly Redline[], doc: Text): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const redline of redlines) {
    if (redline.to > doc.length) continue;
    if (redline.form === "inline") drawInline(redline, doc, ranges);
    else drawBlock(redline, doc, ranges);
  }
  return Decoration.set(ranges, true);
}

function drawInline(redline: Redline, doc: Text, ranges: Range<Decoration>[]): void {
  for (const { start, end, text } of redline.parts) {
    if (end > start) ranges.push(removedWords.range(start, end));
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
    ranges.push(struckLine.range(last.from));
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
  override toDOM(): HTMLElement {
    const inserted = document.createElement("ins");
    inserted.className = "redline-added-text";
    inserted.textContent = this.text;
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
    for (const text of splitInsertedLines(this.redline.parts[0]?.text ?? "")) {
      const line = lines.appendChild(document.createElement("div"));
      line.className = "redline-line";
      line.textContent = text;
    }
    block.append(lines, createActionButtons(view, this.redline));
    return block;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

const sameRedline = (a: Redline, b: Redline): boolean =>
  a.changeId === b.changeId && a.hunk === b.hunk && a.hunks === b.hunks;

function createActionButtons(view: EditorView, redline: Redline): HTMLElement {
  const acts = document.createElement("span");
  acts.className = "redline-acts";
  acts.contentEditable = "false";
  const add = (act: RedlineAction, name: string) => {
    const button = acts.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "redline-act";
    button.value = act;
    button.textContent = name;
    button.setAttribute("aria-label", `${name}: ${redline.summary}`);
    // The editor would take the focus, and with it the place that was looked at.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      for (const tell of view.state.facet(redlineActionHandlers)) tell(redline, act);
    });
  };
  add("accept", redline.hunks === 1 ? "Accept" : "Accept hunk");
  if (isRejectableInline(redline)) add("reject", redline.hunks === 1 ? "Reject" : "Reject hunk");
  return acts;
}
