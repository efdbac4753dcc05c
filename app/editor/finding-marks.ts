import { type ChangeDesc, Facet, type Range, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";
import { type CodeMark, findingMarkTitle, markClass, SEVERITY_RANK } from "./code-html";

/** Facet: handlers called when a finding's gutter sign is clicked. */
export const findingSelectHandlers = Facet.define<(identity: string) => void>();

/** Replaces the marks; their places are of the document as it is after the transaction. */
export const setMarks = StateEffect.define<{ marks: readonly CodeMark[]; selected?: string }>();

type FindingMarkState = { decorations: DecorationSet; signs: RangeSet<GutterMarker> };

const markField = StateField.define<FindingMarkState>({
  create: () => ({ decorations: Decoration.none, signs: RangeSet.empty }),
  update(drawn, transaction) {
    let next = drawn;
    if (transaction.docChanged) {
      next = { decorations: next.decorations.map(transaction.changes), signs: next.signs.map(transaction.changes) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = draw(transaction.state.doc, effect.value.marks, effect.value.selected);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field, (drawn) => drawn.decorations),
});

/** The editor extension that underlines findings and shows their gutter signs. */
export const findingMarks = [
  markField,
  gutter({ class: "cm-findings", markers: (view) => view.state.field(markField).signs }),
];

/** Marks after edits to the document. */
export function mapMarks(marks: readonly CodeMark[], changes: ChangeDesc): CodeMark[] {
  return marks.map((mark) => ({ ...mark, from: changes.mapPos(mark.from, 1), to: changes.mapPos(mark.to, -1) }));
}

function draw(doc: Text, marks: readonly CodeMark[], selected: string | undefined): FindingMarkState {
  const ranges: Range<Decoration>[] = [];
  const byLine = new Map<number, CodeMark[]>();
  for (const mark of marks) {
    if (mark.from > doc.length) continue;
    const to = Math.min(mark.to, doc.length);
    const line = doc.lineAt(mark.from).from;
    byLine.set(line, [...(byLine.get(line) ?? []), mark]);
    if (to <= mark.from) continue;
    const decoration = Decoration.mark({ class: markClass(mark.severity, mark.identity === selected) });
    ranges.push(decoration.range(mark.from, to));
  }
  const signs = [...byLine].map(([line, there]) => new GutterSign(there).range(line));
  return { decorations: Decoration.set(ranges, true), signs: RangeSet.of(signs, true) };
}

class GutterSign extends GutterMarker {
  readonly title: string;
  readonly worst: CodeMark | undefined;
  constructor(marks: readonly CodeMark[]) {
    super();
    this.title = findingMarkTitle(marks);
    this.worst = [...marks].sort((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity])[0];
  }
  override eq(other: GutterSign): boolean {
    return other.title === this.title && other.worst?.identity === this.worst?.identity;
  }
  override toDOM(view: EditorView): HTMLElement {
    const sign = document.createElement("button");
    sign.type = "button";
    sign.tabIndex = -1;
    sign.className = `code-sign code-sign-${this.worst?.severity ?? "nit"}`;
    sign.title = this.title;
    sign.setAttribute("aria-label", this.title);
    sign.addEventListener("click", () => {
      for (const tell of view.state.facet(findingSelectHandlers)) tell(this.worst?.identity ?? "");
    });
    return sign;
  }
}
