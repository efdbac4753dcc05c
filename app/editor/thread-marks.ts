import { type ChangeDesc, Facet, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";
import { type ThreadMark, threadMarkTitle } from "./code-html";

/** Facet: handlers called when a thread's gutter mark is clicked. */
export const threadSelectHandlers = Facet.define<(id: string) => void>();

/** A range of the document. */
export type Tint = { from: number; to: number };

/** Replaces the threads' marks and the tinted lines; places are of the document as it is after the transaction. */
export const setThreads = StateEffect.define<{ threads: readonly ThreadMark[]; tinted?: Tint }>();

type ThreadMarkState = { decorations: DecorationSet; marks: RangeSet<GutterMarker> };

const threadField = StateField.define<ThreadMarkState>({
  create: () => ({ decorations: Decoration.none, marks: RangeSet.empty }),
  update(drawn, transaction) {
    let next = drawn;
    if (transaction.docChanged) {
      const { changes } = transaction;
      next = { decorations: next.decorations.map(changes), marks: next.marks.map(changes) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setThreads)) next = draw(transaction.state.doc, effect.value.threads, effect.value.tinted);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field, (drawn) => drawn.decorations),
});

/** The editor extension that shows thread marks and tints the lines under discussion. */
export const threadMarks = [
  threadField,
  gutter({ class: "cm-threads", markers: (view) => view.state.field(threadField).marks }),
];

/** Marks and tint after edits to the document. */
export function mapThreads<Place extends Tint>(places: readonly Place[], changes: ChangeDesc): Place[] {
  return places.map((place) => {
    const from = changes.mapPos(place.from, 1);
    return { ...place, from, to: Math.max(from, changes.mapPos(place.to, -1)) };
  });
}

const tintedLine = Decoration.line({ class: "code-tinted" });

function draw(doc: Text, threads: readonly ThreadMark[], tinted: Tint | undefined): ThreadMarkState {
  const byLine = new Map<number, ThreadMark[]>();
  for (const thread of threads) {
    if (thread.from > doc.length) continue;
    const line = doc.lineAt(thread.from).from;
    byLine.set(line, [...(byLine.get(line) ?? []), thread]);
  }
  const lines: Range<Decoration>[] = [];
  if (tinted && tinted.from <= doc.length) {
    const last = doc.lineAt(Math.min(tinted.to, doc.length)).number;
    for (let at = doc.lineAt(tinted.from).number; at <= last; at++) lines.push(tintedLine.range(doc.line(at).from));
  }
  const marks = [...byLine].map(([line, there]) =>
    new ThreadGutterMark(threadMarkTitle(there), there[0]?.id ?? "").range(line),
  );
  return { decorations: Decoration.set(lines), marks: RangeSet.of(marks, true) };
}

class ThreadGutterMark extends GutterMarker {
  constructor(
    readonly title: string,
    readonly id: string,
  ) {
    super();
  }
  override eq(other: ThreadGutterMark): boolean {
    return other.title === this.title && other.id === this.id;
  }
  override toDOM(view: EditorView): HTMLElement {
    const mark = document.createElement("button");
    mark.type = "button";
    mark.tabIndex = -1;
    mark.className = "code-thread";
    mark.title = this.title;
    mark.setAttribute("aria-label", this.title);
    mark.addEventListener("click", () => {
      for (const tell of view.state.facet(threadSelectHandlers)) tell(this.id);
    });
    return mark;
  }
}
