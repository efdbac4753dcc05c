import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import type { LanguageSupport } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { Annotation, ChangeSet, Compartment, EditorState, Prec, Transaction } from "@codemirror/state";
import { EditorView, keymap, type ViewUpdate } from "@codemirror/view";
import { diffEdits } from "@redline/core/text/index";
import { baseExtensions } from "./base-extensions";
import type { CodeMark, Lines, ThreadMark } from "./code-html";
import { EDITOR_KEYS_ID } from "./editor-keys";
import { findingSelectHandlers, mapMarks, setMarks } from "./finding-marks";
import { loadGrammar } from "./grammar";
import { mapRedlines, type RedlineAction, redlineActionHandlers, setRedlines } from "./redline-field";
import type { Redline } from "./redlines";
import type { CodePosition, CodeSelection } from "./static-code-selection";
import { mapThreads, setThreads, type Tint, threadSelectHandlers } from "./thread-marks";

/** The editor's content. Offsets of redlines and marks refer to `head`, the saved text. */
export type EditorContent = {
  path: string;
  language: string;
  head: string;
  /** Unsaved text on top of `head`, if any. */
  draft?: string;
  /** Incremented when `draft` changes outside this editor. */
  draftRevision: number;
  redlines: readonly Redline[];
  marks: readonly CodeMark[];
  selected?: string;
  threads: readonly ThreadMark[];
  tinted?: Tint;
};

export type EditorEvents = {
  /** Called when the user edits; `read` returns the whole text. */
  onEdit: (path: string, read: () => string) => void;
  onRedlineAction: (redline: Redline, act: RedlineAction) => void;
  onSelect: (identity: string) => void;
  onThread: (id: string) => void;
  /** The selected lines of the edited text; null when nothing is selected. */
  onLines: (lines: Lines | null) => void;
  /** Called for the shortcut that asks about the selected lines. */
  onAsk: () => void;
  onSave: () => void;
  /** Called on Escape, when the focus leaves the editor. */
  onLeave: () => void;
  /** Called when lines may have moved. */
  onGeometry: () => void;
  /** Called when typing pauses. Resolves to marks for the current text, or null to keep the existing ones. */
  check: (path: string, text: string, language: string, signal: AbortSignal) => Promise<CodeMark[] | null>;
};

export type CodeEditor = {
  show: (content: EditorContent) => Promise<void>;
  /** Returns a line's top offset from the top of the code, in px. */
  topOfLine: (line: number) => number;
  /** Returns the bottom offset of a line with its block widgets, in px. */
  bottomOfLine: (line: number) => number;
  reveal: (offset: number) => void;
  /** Restores a selection made before the editor was mounted, and focuses the editor. */
  select: (selection: CodeSelection) => void;
  focus: () => void;
  destroy: () => void;
};

const CHECK_AFTER_MS = 400;

/** Marks transactions from the server or a draft, as opposed to typing. */
const isShown = Annotation.define<true>();

/** Creates the editor in `parent` after loading its grammar. `nonce` is the CSP nonce for the styles it injects. */
export async function createEditor(
  parent: HTMLElement,
  first: EditorContent,
  events: EditorEvents,
  nonce: string | undefined,
): Promise<CodeEditor> {
  let content = first;
  let checking: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  const grammar = new Compartment();

  const stopChecking = () => {
    clearTimeout(pause);
    checking?.abort();
  };
  const checkWhenPaused = (view: EditorView) => {
    stopChecking();
    pause = setTimeout(async () => {
      checking = new AbortController();
      const { signal } = checking;
      const { path, language, selected } = content;
      const marks = await events.check(path, view.state.doc.toString(), language, signal);
      if (marks && !signal.aborted) view.dispatch({ effects: setMarks.of({ marks, selected }) });
    }, CHECK_AFTER_MS);
  };
  let lines: Lines | null = null;
  const emitLines = (state: EditorState) => {
    const next = selectedLines(state);
    if (next?.first === lines?.first && next?.last === lines?.last) return;
    lines = next;
    events.onLines(next);
  };
  const listener = EditorView.updateListener.of((update) => {
    const { view, docChanged, selectionSet, transactions } = update;
    if (mayHaveMovedLines(update)) events.onGeometry();
    if (selectionSet || docChanged) emitLines(view.state);
    if (!docChanged || transactions.every((each) => each.annotation(isShown))) return;
    const { doc } = view.state;
    view.setTabFocusMode(false);
    events.onEdit(content.path, () => doc.toString());
    checkWhenPaused(view);
  });
  const keys = keymap.of([
    { key: "Mod-s", preventDefault: true, run: runHandled(events.onSave) },
    { key: "Mod-Alt-m", preventDefault: true, run: runHandled(events.onAsk) },
    ...searchKeymap,
    // The selection stays: the page's shortcuts use it.
    { key: "Escape", run: ({ state: { selection } }) => selection.ranges.length === 1 && runHandled(events.onLeave)() },
    ...historyKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]);
  // Tab moves the focus, so that the code is no keyboard trap, until the first edit: then it indents, until the focus leaves.
  const tabKey = EditorView.domEventHandlers({
    mousedown: (_event, view) => view.setTabFocusMode(false),
    blur: (_event, view) => view.setTabFocusMode(true),
  });
  const leave = Prec.lowest(keymap.of([{ key: "Escape", run: runHandled(events.onLeave) }]));
  const createState = (shown: EditorContent, support: LanguageSupport | null): EditorState => {
    const doc = shown.draft ?? shown.head;
    const state = EditorState.create({
      doc,
      extensions: [
        baseExtensions(doc, nonce),
        EditorView.contentAttributes.of({ "aria-label": `Code of ${shown.path}`, "aria-describedby": EDITOR_KEYS_ID }),
        redlineActionHandlers.of(events.onRedlineAction),
        findingSelectHandlers.of(events.onSelect),
        threadSelectHandlers.of(events.onThread),
        grammar.of(support ?? []),
        ...[keys, leave, tabKey, listener],
      ],
    });
    return state.update({ effects: buildEffects(shown, doc) }).state;
  };

  const view = new EditorView({ state: createState(first, await loadGrammar(first.language)), parent });
  view.setTabFocusMode(true);

  const show = async (next: EditorContent) => {
    const before = content;
    content = next;
    if (next.path !== before.path) {
      stopChecking();
      const support = await loadGrammar(next.language);
      if (content.path === next.path) view.setState(createState(content, support));
      emitLines(view.state);
      return;
    }
    const doc = view.state.doc.toString();
    const isTypedHere = next.draft !== undefined && next.draftRevision === before.draftRevision;
    const target = isTypedHere ? doc : (next.draft ?? next.head);
    const edits = target === doc ? [] : diffEdits(doc, target);
    // Marks of a check while typing are newer than the review's, until the text or the findings change.
    view.dispatch({
      changes: edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text })),
      effects: buildEffects(next, target),
      annotations: [isShown.of(true), Transaction.addToHistory.of(false)],
    });
    if (next.language !== before.language) {
      const support = await loadGrammar(next.language);
      if (content.language === next.language) view.dispatch({ effects: grammar.reconfigure(support ?? []) });
    }
  };

  const blockOf = (line: number) => {
    const { doc } = view.state;
    return view.lineBlockAt(doc.line(Math.min(Math.max(1, line), doc.lines)).from);
  };
  const above = () => view.documentTop - parent.getBoundingClientRect().top;

  return {
    show,
    topOfLine: (line) => above() + blockOf(line).top,
    bottomOfLine: (line) => above() + blockOf(line).bottom,
    reveal: (offset) => {
      const at = Math.min(offset, view.state.doc.length);
      view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center", x: "nearest" }) });
    },
    select: ({ anchor, head }) => {
      const { doc } = view.state;
      const at = ({ line, column }: CodePosition) => {
        const { from, to } = doc.line(Math.min(line, doc.lines));
        return Math.min(from + column, to);
      };
      view.dispatch({ selection: { anchor: at(anchor), head: at(head) } });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => {
      stopChecking();
      view.destroy();
    },
  };
}

/** Returns the effects that set redlines and marks, mapped from the head to `doc`. */
function buildEffects({ head, redlines, marks, selected, threads, tinted }: EditorContent, doc: string) {
  if (doc === head) {
    return [setRedlines.of(redlines), setMarks.of({ marks, selected }), setThreads.of({ threads, tinted })];
  }
  const typed = diffEdits(head, doc).map(({ start, end, text }) => ({ from: start, to: end, insert: text }));
  const changes = ChangeSet.of(typed, head.length);
  return [
    setRedlines.of(mapRedlines(redlines, changes)),
    setMarks.of({ marks: mapMarks(marks, changes), selected }),
    setThreads.of({ threads: mapThreads(threads, changes), tinted: tinted && mapThreads([tinted], changes)[0] }),
  ];
}

/** Returns the main selection's lines, excluding a last line of which only the start is touched. */
function selectedLines({ doc, selection }: EditorState): Lines | null {
  const { from, to, empty } = selection.main;
  if (empty) return null;
  const first = doc.lineAt(from).number;
  const last = doc.lineAt(to);
  return { first, last: last.from === to && last.number > first ? last.number - 1 : last.number };
}

/** Returns whether an update may have moved lines. Most edits don't, though each counts as a geometry change. */
function mayHaveMovedLines({ geometryChanged, heightChanged, docChanged, changes, startState }: ViewUpdate): boolean {
  if (!docChanged) return geometryChanged;
  let isMoved = heightChanged;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    isMoved ||= inserted.lines > 1 || startState.doc.lineAt(fromA).to < toA;
  });
  return isMoved;
}

/** Wraps an action as a key command that always handles the key. */
const runHandled = (act: () => void) => () => {
  act();
  return true;
};
