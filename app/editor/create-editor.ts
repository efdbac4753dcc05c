import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import type { LanguageSupport } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { Annotation, ChangeSet, Compartment, EditorState, Prec, type Text, Transaction } from "@codemirror/state";
import { EditorView, keymap, type ViewUpdate } from "@codemirror/view";
import { baseExtensions } from "./base-extensions";
import type { CodeMark, Lines, ThreadMark } from "./code-html";
import { EDITOR_KEYS_ID } from "./editor-keys";
import { findingSelectHandlers, setMarks } from "./finding-marks";
import { loadGrammar } from "./grammar";
import { changesBetween, overlayEffects } from "./overlays";
import { redlineActionHandlers } from "./redline-field";
import type { Redline, RedlineAction } from "./redlines";
import type { CodePosition, CodeSelection } from "./static-code-selection";
import { type Tint, threadSelectHandlers } from "./thread-marks";

/** The editor's content. Offsets of redlines and marks refer to `head`, the saved text. */
export type EditorContent = {
  path: string;
  language: string;
  head: string;
  /** Unsaved text on top of `head`, if any. */
  draft?: string;
  /** Tells whether there is unsaved text by now: it may have been typed after this content was drawn. */
  isEdited: () => boolean;
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
  /** The saved text, and what was typed since: overlays are mapped through it without comparing whole texts. */
  let { head } = first;
  let typed = ChangeSet.empty(head.length);
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
    if (docChanged) typed = typed.compose(update.changes);
    if (mayHaveMovedLines(update)) events.onGeometry();
    if (selectionSet || docChanged) emitLines(view.state);
    if (!docChanged || transactions.every((each) => each.annotation(isShown))) return;
    const { doc } = view.state;
    view.setTabFocusMode(false);
    parent.dataset.editing = "";
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
    blur: (_event, view) => {
      view.setTabFocusMode(true);
      delete parent.dataset.editing;
    },
  });
  const leave = Prec.lowest(keymap.of([{ key: "Escape", run: runHandled(events.onLeave) }]));
  const createState = (shown: EditorContent, support: LanguageSupport | null): EditorState => {
    const doc = textOf(shown);
    head = shown.head;
    typed = changesBetween(head, doc);
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
    return state.update({ effects: overlayEffects(shown, typed) }).state;
  };

  const view = new EditorView({ state: createState(first, await loadGrammar(first.language)), parent });
  view.setTabFocusMode(true);

  const show = async (next: EditorContent) => {
    const before = content;
    if (next === before) return;
    content = next;
    if (next.path !== before.path) {
      stopChecking();
      const support = await loadGrammar(next.language);
      if (content.path === next.path) view.setState(createState(content, support));
      emitLines(view.state);
      return;
    }
    const { doc } = view.state;
    const isTypedHere = next.isEdited() && next.draftRevision === before.draftRevision;
    const target = isTypedHere && !isText(doc, next.head) ? undefined : textOf(next);
    const isKept = target === undefined || (typed.empty && target === head);
    const changes = isKept ? ChangeSet.empty(doc.length) : changesBetween(doc.toString(), target);
    const isMapped = next.head === head && target !== head;
    const since = isMapped ? typed.compose(changes) : changesBetween(next.head, target ?? doc.toString());
    // Marks of a check while typing are newer than the review's, until the text or the findings change.
    view.dispatch({
      changes,
      effects: overlayEffects(next, since),
      annotations: [isShown.of(true), Transaction.addToHistory.of(false)],
    });
    [head, typed] = [next.head, since];
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

const isText = (doc: Text, text: string): boolean => doc.length === text.length && doc.toString() === text;

const textOf = ({ head, draft }: EditorContent): string => draft ?? head;

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
