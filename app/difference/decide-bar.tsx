import { newChangeId } from "@redline/core/changes/schema";
import { LIMITS } from "@redline/core/limits";
import { countIn, type SelectedLines } from "@redline/core/text/index";
import { type FormEvent, type RefObject, useLayoutEffect, useState } from "react";
import { AskButtons, type AskButtonsProps } from "../conversation/selection-bar";
import type { ReviewActionInput } from "../review/actions";
import { formatLines } from "./decision-lines";
import type { DecisionForm } from "./hunk-html";

type DecideBarProps = {
  lines: SelectedLines;
  code: RefObject<HTMLElement>;
  form: DecisionForm;
  /** A note is being written; the lines stay chosen though they are not selected any more. */
  isNoting: boolean;
  /** Questions about the lines; null when none can be asked. */
  asked: AskButtonsProps | null;
  onNoting: (is: boolean) => void;
  onAction: (input: ReviewActionInput) => void;
};

const BAR_PX = 34;

/** The toolbar above selected changed lines: accepts or rejects just these, with a note, or asks about them. */
export function DecideBar({ lines, code, form, isNoting, asked, onNoting, onAction }: DecideBarProps) {
  const [top, setTop] = useState<number>();
  const named = formatLines(lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines stand elsewhere
  useLayoutEffect(() => {
    const [removed, added] = [lines.removed[0], lines.added[0]];
    const cells = [removed && ["removed", removed.first], added && ["added", added.first]].flatMap((each) =>
      each ? (code.current?.querySelector(`[data-change="${each[0]}"][data-line="${each[1]}"]`) ?? []) : [],
    );
    const frame = code.current?.getBoundingClientRect();
    if (!frame || cells.length === 0) return;
    const highest = Math.min(...cells.map((cell) => cell.getBoundingClientRect().top));
    setTop(Math.max(0, highest - frame.top - BAR_PX) + (code.current?.offsetTop ?? 0));
  }, [named, code]);
  const count = countIn(lines.removed) + countIn(lines.added);
  const words = `${count} changed ${count === 1 ? "line" : "lines"}`;
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const intent = submitter?.getAttribute("value") === "reject-lines" ? "reject-lines" : "accept-lines";
    const note = String(new FormData(event.currentTarget).get("note") ?? "");
    onNoting(false);
    getSelection()?.removeAllRanges();
    onAction({ intent, ...form, key: newChangeId(), lines: named, note });
  };
  return (
    <div
      role="toolbar"
      aria-label={`Decide on ${words}`}
      className="selection-bar decide-bar"
      style={top === undefined ? { visibility: "hidden" } : { top }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onNoting(false);
      }}
      // The selection stays where it is.
      onMouseDown={(event) => {
        if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
      }}
    >
      <form className="contents" onSubmit={onSubmit}>
        <button type="submit" name="intent" value="accept-lines" aria-keyshortcuts="y">
          Accept lines
        </button>
        <button type="submit" name="intent" value="reject-lines" aria-keyshortcuts="x">
          Reject lines
        </button>
        {isNoting ? (
          <input
            name="note"
            // biome-ignore lint/a11y/noAutofocus: it was asked for, by a button or a key
            autoFocus
            aria-label={`Note on ${words}`}
            placeholder="Why; sent with the decision"
            maxLength={LIMITS.hunkDecision.maxNoteChars}
          />
        ) : (
          <button type="button" aria-keyshortcuts="m" onClick={() => onNoting(true)}>
            Note
          </button>
        )}
      </form>
      {asked && !isNoting && (
        <>
          <span className="decide-bar-end" />
          <AskButtons {...asked} note="Margin note" />
        </>
      )}
    </div>
  );
}
