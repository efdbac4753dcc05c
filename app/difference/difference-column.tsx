import { useCallback, useMemo, useRef, useState } from "react";
import { SelectionBar, type SelectionBarProps } from "../conversation/selection-bar";
import { lineAt, lineStartsOf } from "../editor/document";
import type { CodePaneProps } from "../review/code-pane";
import type { PageFile, PageFinding, ReviewPage } from "../review/page";
import type { PendingActions } from "../review/pending-actions";
import { DecideBar } from "./decide-bar";
import { Decisions } from "./decided-hunks";
import { DecisionProgress } from "./decision-progress";
import { DifferenceBar } from "./difference-bar";
import { DifferencePane } from "./difference-pane";
import type { PageDifference } from "./page";
import { useSelectedChanges } from "./selected-changes";
import { useCurrentHunk } from "./use-current-hunk";
import { useDecisionKeys } from "./use-decision-keys";
import { type CodePlace, useDifference } from "./use-difference";
import { useDifferenceHtml } from "./use-difference-html";
import { useHunkViews } from "./use-hunk-views";
import type { OldFindings } from "./use-new-findings";
import { useNextUndecided } from "./use-next-undecided";

export type DifferenceColumnProps = Omit<CodePaneProps, "content" | "events" | "onEditor"> & {
  page: ReviewPage;
  difference: PageDifference;
  listed: PageFile;
  /** Findings with a card: their lines are never folded. */
  noted: readonly PageFinding[];
  old: OldFindings;
  pending: PendingActions;
  /** Questions about the selected lines of the head; null when none are selected. */
  asked: SelectionBarProps | null;
  /** Called with where lines are, whenever they may have moved. */
  onPlace: (place: CodePlace) => void;
};

/** The open file as a difference, with the bar above it and what decides on its hunks. */
export function DifferenceColumn(props: DifferenceColumnProps) {
  const { page, difference, listed, old, noted, file, document, threads, onPlace, onAction, pending, asked } = props;
  const { isTrashed } = page.session;
  const code = useRef<HTMLDivElement>(null);
  const decided = difference.open?.decisions;
  const decisions = useMemo(() => new Decisions(decided ?? []), [decided]);
  const shown = useDifference({ difference, file, document, threads, noted, decisions });
  // The first one: with another the code would be drawn anew at each reload, and a note that is being written be lost.
  const [key] = useState(page.changeId);
  const form = useMemo(
    () => (isTrashed ? undefined : { path: file.path, version: page.head.number, key }),
    [isTrashed, file.path, page.head.number, key],
  );
  const views = useHunkViews(page.session.id);
  const html = useDifferenceHtml({ ...props, shown, decisions, form, viewed: views.viewed });
  const current = useCurrentHunk(code, html);
  const onNext = useNextUndecided(page.files, file.path, current);
  const selected = useSelectedChanges(code);
  // While a note on them is written, the lines are not selected any more.
  const [writing, setWriting] = useState<typeof selected>(null);
  const lines = writing ?? selected;
  useDecisionKeys({
    ...{ code, current, selected, form, onAction },
    onNextUndecided: onNext,
    onNote: () => setWriting(selected),
  });
  const onGeometry = useCallback(
    (topOfLine: (line: number) => number) => onPlace({ topOfLine, reveal: (offset) => reveal(document.text, offset) }),
    [onPlace, document],
  );
  return (
    <>
      <DifferenceBar {...{ difference, shown, old }} file={listed} onStep={current.onStep}>
        <DecisionProgress
          {...{ onNext, onAction }}
          files={page.files}
          turn={difference.turn}
          isReadOnly={isTrashed}
          isEnding={pending.has("end-turn")}
        />
      </DifferenceBar>
      {shown && <DifferencePane {...props} {...{ shown, html, code, onGeometry }} onViewed={views.toggle} />}
      {lines && form ? (
        <DecideBar
          {...{ lines, code, form, onAction, asked }}
          isNoting={writing !== null}
          onNoting={(is) => setWriting(is ? lines : null)}
        />
      ) : (
        asked && <SelectionBar {...asked} />
      )}
    </>
  );
}

function reveal(text: string, offset: number): void {
  const line = lineAt(lineStartsOf(text), offset);
  document.getElementById(`L${line}`)?.scrollIntoView({ block: "nearest" });
}
