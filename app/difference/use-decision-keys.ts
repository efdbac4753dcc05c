import { newChangeId } from "@redline/core/changes/schema";
import type { SelectedLines } from "@redline/core/text/index";
import { type RefObject, useCallback } from "react";
import { usePageActions } from "../palette/page-actions";
import type { ReviewActionInput } from "../review/actions";
import { useToast } from "../ui/toast";
import { formatLines } from "./decision-lines";
import type { DecisionForm } from "./hunk-html";
import { parseDecisionForm } from "./parse-decision-form";
import { changeSelection } from "./selected-changes";
import type { CurrentHunk } from "./use-current-hunk";

type DecisionKeys = {
  code: RefObject<HTMLElement>;
  current: CurrentHunk;
  selected: SelectedLines | null;
  form: DecisionForm | undefined;
  onAction: (input: ReviewActionInput) => void;
  /** Shows the next undecided hunk, of another file where this one has none. */
  onNextUndecided: () => void;
  onNote: () => void;
};

/** Registers the shortcuts that decide on hunks and selected lines. */
export function useDecisionKeys(keys: DecisionKeys): void {
  const { code, current, selected, form, onAction, onNextUndecided, onNote } = keys;
  const toast = useToast();
  const barOf = useCallback((): HTMLFormElement | null => {
    const hunk = current.read();
    return code.current?.querySelector<HTMLFormElement>(`form.hunk-bar[data-hunk="${hunk ?? ""}"]`) ?? null;
  }, [code, current]);
  const withBar = (run: (bar: HTMLFormElement) => void) => () => {
    const bar = barOf();
    if (bar) run(bar);
    else if (current.showUndecided()) toast({ message: "This is the first undecided change: press the key again." });
    else toast({ message: "No change is selected. Press n for the next one." });
  };
  const decide = (intent: "accept-lines" | "reject-lines") => () => {
    if (selected && form) {
      getSelection()?.removeAllRanges();
      onAction({ intent, ...form, key: newChangeId(), lines: formatLines(selected) });
      return;
    }
    withBar((bar) => {
      const action = parseDecisionForm(bar, intent);
      if (!action) return toast({ message: "This change is decided. Undo that first." });
      current.advance();
      onAction(action);
    })();
  };
  const select = (verb: "extend" | "shrink") =>
    withBar((bar) => code.current && changeSelection(code.current, Number(bar.dataset.hunk), verb));
  const group = "Difference";
  const isDisabled = !form;
  usePageActions([
    ...[
      {
        id: "accept-lines",
        label: "Accept the change, or the selected lines",
        shortcut: "y",
        run: decide("accept-lines"),
      },
      {
        id: "reject-lines",
        label: "Reject the change, or the selected lines",
        shortcut: "x",
        run: decide("reject-lines"),
      },
      {
        ...{ id: "note-on-change", label: "Write a note on the change", shortcut: "m" },
        run: selected
          ? onNote
          : withBar((bar) => {
              const note = bar.querySelector<HTMLDetailsElement>(".hunk-note");
              if (!note) return void toast({ message: "This change is decided. Undo that first." });
              note.open = true;
              note.querySelector("textarea")?.focus();
            }),
      },
    ].map((action) => ({ ...action, group, isDisabled })),
    { id: "next-undecided", label: "Next undecided change", shortcut: "N", group, run: onNextUndecided },
    {
      ...{ id: "view-change", label: "Mark the change as viewed", shortcut: "V", group },
      run: withBar((bar) => bar.querySelector<HTMLElement>(".hunk-viewed")?.click()),
    },
    {
      id: "select-line",
      label: "Select one more line of the change",
      shortcut: "l",
      group,
      isKeyOnly: true,
      run: select("extend"),
    },
    {
      id: "drop-line",
      label: "Drop the first selected line",
      shortcut: "L",
      group,
      isKeyOnly: true,
      run: select("shrink"),
    },
  ]);
}
