import type { FileReport } from "@redline/core/reviewers/schema";
import { useMemo, useRef } from "react";
import type { CodeMark, Lines, ThreadMark } from "../editor/code-html";
import type { EditorContent, EditorEvents } from "../editor/create-editor";
import { Document, lineStartsOf } from "../editor/document";
import type { Redline } from "../editor/redlines";
import type { ReviewActionInput } from "./actions";
import type { ReviewPage } from "./page";
import type { Drafts } from "./use-drafts";

type Editing = {
  page: ReviewPage;
  document: Document;
  isWhole: boolean;
  redlines: readonly Redline[];
  marks: readonly CodeMark[];
  selected?: string;
  threads: readonly ThreadMark[];
  tinted?: Lines;
  drafts: Drafts;
  onAction: (input: ReviewActionInput) => void;
  onSave: () => void;
  onSelect: (identity: string) => void;
  onThread: (id: string) => void;
  onLines: (lines: Lines | null) => void;
  onAsk: () => void;
  onLeave: () => void;
  onGeometry: () => void;
};

/** Returns the editor's content and event handlers. */
export function useEditing(editing: Editing): { content: EditorContent | null; events: EditorEvents } {
  const { page, document, redlines, marks, selected, threads, tinted, drafts, isWhole } = editing;
  const { file, head } = page;
  const { keeper, state } = drafts;
  const path = file?.path;
  const isEdited = path !== undefined && state.paths.includes(path);
  // Between a save and the page that shows it, the text typed is newer than the head.
  const isBehind = (state.version ?? 0) > head.number;
  const shown = useRef<EditorContent | null>(null);
  const next = useMemo((): EditorContent | null => {
    if (!file || !isWhole || !keeper || page.session.isTrashed) return null;
    const typed = isEdited ? keeper.textOf(file.path) : undefined;
    return {
      path: file.path,
      language: file.language,
      head: document.text,
      draft: typed === undefined ? undefined : new Document(typed).text,
      isEdited: () => keeper.state.paths.includes(file.path),
      draftRevision: state.revision,
      ...{ redlines, marks, selected, threads },
      ...(tinted && { tinted: toOffsets(document.text, tinted) }),
    };
  }, [
    file,
    isWhole,
    keeper,
    page.session.isTrashed,
    isEdited,
    document,
    state.revision,
    redlines,
    marks,
    selected,
    threads,
    tinted,
  ]);
  if (!isBehind || shown.current?.path !== next?.path) shown.current = next;

  const events: EditorEvents = {
    onEdit: (edited, read) => {
      if (edited === path) keeper?.edit(edited, head.number, () => document.restore(read()));
    },
    onRedlineAction: (redline, act) => {
      const { changeId, identity, hunk, hunks } = redline;
      const named = { change: changeId, ...(identity && { identity }) };
      editing.onAction({ intent: act, ...named, ...(hunks > 1 && { hunk }) });
    },
    onSelect: editing.onSelect,
    onThread: editing.onThread,
    onLines: editing.onLines,
    onAsk: editing.onAsk,
    onSave: editing.onSave,
    onLeave: editing.onLeave,
    onGeometry: editing.onGeometry,
    check: (checked, text, language, signal) =>
      checkTypedText(page.session.id, { path: checked, text, language }, signal),
  };
  return { content: shown.current, events };
}

function toOffsets(text: string, { first, last }: Lines): { from: number; to: number } {
  const starts = lineStartsOf(text);
  return { from: starts[first - 1] ?? text.length, to: (starts[last] ?? text.length + 1) - 1 };
}

/** Checks unsaved text and returns its marks; null when the request failed or was aborted. */
async function checkTypedText(
  sessionId: string,
  body: { path: string; text: string; language: string },
  signal: AbortSignal,
): Promise<CodeMark[] | null> {
  try {
    const headers = { "content-type": "application/json" };
    const sent = { method: "POST", headers, body: JSON.stringify(body), signal };
    const response = await fetch(`/sessions/${sessionId}/check`, sent);
    if (!response.ok) return null;
    const report = (await response.json()) as FileReport;
    return report.problems.map(({ identity, severity, title, start, end, startLine }) => {
      return { identity, severity, title, from: start, to: end, line: startLine };
    });
  } catch {
    // Typed on, or offline: the marks that are there stay.
    return null;
  }
}
