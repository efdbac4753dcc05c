import { useMemo } from "react";
import type { Lines, ThreadMark } from "../editor/code-html";
import { type Document, lineStartsOf } from "../editor/document";
import type { ProposedFix } from "../editor/redlines";
import type { OpenFile } from "../review/page";
import { type OpenThread, type PageThread, proposalsOf } from "./page";
import type { ComposerState } from "./use-conversation";

type ThreadMarks = { threads: readonly ThreadMark[]; tinted?: Lines; proposals: readonly ProposedFix[] };

type ThreadMarkOptions = {
  file: OpenFile | null;
  /** All of the file is here: lines can be counted. */
  isWhole: boolean;
  threads: readonly PageThread[];
  open: OpenThread | null;
  composer: ComposerState | null;
};

/** Returns the conversation's overlays in the code: thread marks, tinted lines and proposals. */
export function useThreadMarks(document: Document, options: ThreadMarkOptions): ThreadMarks {
  const { file, isWhole, threads, open, composer } = options;
  const path = file?.path;
  const marks = useMemo(() => {
    if (!isWhole) return [];
    const starts = lineStartsOf(document.text);
    return threads.flatMap((thread): ThreadMark[] => {
      const { id, title, lines, anchorState, status } = thread;
      if (!lines || thread.path !== path || thread.isFileGone || anchorState === "outdated") return [];
      if (status === "resolved" && id !== open?.thread.id) return [];
      const from = starts[lines.first - 1];
      if (from === undefined) return [];
      const to = (starts[lines.last] ?? document.text.length + 1) - 1;
      return [{ id, title, from, to, line: lines.first, lastLine: lines.last }];
    });
  }, [document, isWhole, path, threads, open?.thread.id]);
  const composing = composer?.path === path ? composer?.lines : undefined;
  const mark = marks.find((each) => each.id === open?.thread.id);
  const [first, last] = composing ? [composing.first, composing.last] : [mark?.line, mark?.lastLine];
  const tinted = useMemo(
    () => (isWhole && first !== undefined && last !== undefined ? { first, last } : undefined),
    [isWhole, first, last],
  );
  const proposals = useMemo(() => findProposals(file, open), [file, open]);
  return { threads: marks, tinted, proposals };
}

/** Returns the open thread's proposals for a file, newest first, if they match the shown text. */
function findProposals(file: OpenFile | null, open: OpenThread | null): ProposedFix[] {
  const proposals = (open?.messages ?? []).flatMap(proposalsOf).reverse();
  return proposals.flatMap((proposal): ProposedFix[] => {
    if (proposal.kind === "text" || proposal.status !== "proposed") return [];
    const here = proposal.files.find((each) => each.path === file?.path);
    if (!here || here.isDeleted || here.hash !== file?.hash || here.edits.length === 0) return [];
    const { changeId, identity, summary } = proposal;
    const { edits, hunks } = here;
    return [{ ...(identity && { identity }), fix: { changeId, safety: "unsafe", summary, edits, hunks } }];
  });
}
