import { history } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers, rectangularSelection } from "@codemirror/view";
import { codeHighlighter } from "./code-highlighter";
import { findingMarks } from "./finding-marks";
import { redlineField } from "./redline-field";
import { scrollPadding } from "./scroll-padding";
import { selectionDrawing } from "./selection-drawing";
import { threadMarks } from "./thread-marks";

/** Returns the extensions of every code editor. `nonce` is the CSP nonce for the styles it injects. */
export function baseExtensions(doc: string, nonce: string | undefined): Extension {
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    // Carriage returns that stand alone are characters; `Document` keeps the terminators.
    EditorState.lineSeparator.of("\n"),
    EditorState.allowMultipleSelections.of(true),
    indentUnit.of(detectIndentation(doc)),
    threadMarks,
    lineNumbers(),
    findingMarks,
    redlineField,
    history(),
    selectionDrawing,
    rectangularSelection(),
    highlightSpecialChars(),
    indentOnInput(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    scrollPadding,
    syntaxHighlighting(codeHighlighter),
  ];
}

/** Detects the indentation unit that most of the text uses. */
function detectIndentation(text: string): string {
  const head = text.slice(0, 20_000);
  if (/^\t/m.test(head)) return "\t";
  const widths = [...head.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 0);
  const fours = widths.filter((width) => width % 4 === 0).length;
  return widths.length > 0 && fours === widths.length ? "    " : "  ";
}
