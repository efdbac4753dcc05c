import { newChangeId } from "@redline/core/changes/schema";
import { type PageAction, usePageActions } from "../palette/page-actions";
import { useToast } from "../ui/toast";
import type { ReviewActionInput } from "./actions";
import { isUndoable, type PageFinding, type ReviewPage } from "./page";
import type { PendingActions } from "./pending-actions";
import { nextFix } from "./shown-findings";
import type { FileSteps } from "./use-file-steps";

type ReviewKeys = {
  page: ReviewPage;
  selected?: string;
  /** The visible findings, in order. */
  shown: readonly PageFinding[];
  steps: FileSteps;
  onWrap: () => void;
  onAction: (input: ReviewActionInput) => void;
  onViewed: (path: string) => void;
  onSave?: () => void;
  /** Asks about the selected lines, else the selected finding, else the file. */
  onAsk: (intent: "ask" | "explain") => void;
  /** Selects a finding and brings its line into view. */
  onSelect: (identity: string) => void;
  /** Actions in progress. */
  pending: PendingActions;
};

/** Registers the review page's shortcuts and palette actions. */
export function useReviewKeys({
  page,
  selected,
  shown,
  steps: { openFile, stepFinding },
  onWrap,
  onAction: onAct,
  onViewed,
  onSave,
  onAsk,
  onSelect,
  pending,
}: ReviewKeys): void {
  const toast = useToast();
  const { file, head } = page;
  const finding = shown.find((each) => each.identity === selected);
  const fix = finding?.decision ? undefined : finding?.fix;
  const next = fix ? undefined : nextFix(page.findings, selected);
  const goToFix = () => {
    if (!next) return;
    onSelect(next.identity);
    const from = finding ? "That finding has no fix. " : "";
    toast({ message: `${from}This one, on line ${next.startLine}, has: press a to accept it.` });
  };
  const group = "Review";
  const about = finding?.title;
  const noFinding = "No finding is selected. Press j to select the next one.";
  const noFixTo = (verb: "accept" | "reject") =>
    finding ? `This finding has no fix to ${verb}. Press d to dismiss it or e for an explanation.` : noFinding;
  const actions: PageAction[] = [
    { id: "next-finding", label: "Next finding", shortcut: "j", group, isKeyOnly: true, run: () => stepFinding(1) },
    {
      id: "previous-finding",
      label: "Previous finding",
      shortcut: "k",
      group,
      isKeyOnly: true,
      run: () => stepFinding(-1),
    },
    {
      id: "accept",
      label: "Accept the fix",
      about,
      shortcut: "a",
      group,
      isDisabled: !fix,
      whyDisabled: noFixTo("accept"),
      run: () => fix && finding && onAct({ intent: "accept", change: fix.changeId, identity: finding.identity }),
    },
    {
      id: "next-fix",
      label: "Go to the next fix, from a finding without one",
      shortcut: "a",
      group,
      isKeyOnly: true,
      isDisabled: !next,
      run: goToFix,
    },
    {
      id: "reject",
      label: "Reject the fix",
      about,
      shortcut: "r",
      group,
      isDisabled: !fix,
      whyDisabled: noFixTo("reject"),
      run: () => fix && finding && onAct({ intent: "reject", change: fix.changeId, identity: finding.identity }),
    },
    {
      id: "dismiss",
      label: "Dismiss the finding",
      about,
      shortcut: "d",
      group,
      isDisabled: !finding,
      whyDisabled: noFinding,
      run: () => finding && onAct({ intent: "dismiss", identity: finding.identity }),
    },
    {
      id: "explain",
      label: "Explain selection",
      shortcut: "e",
      group,
      isDisabled: !file,
      run: () => onAsk("explain"),
    },
    {
      id: "ask",
      label: "Ask about selection",
      shortcut: ["c", "mod+alt+m"],
      group,
      isDisabled: !file,
      run: () => onAsk("ask"),
    },
    {
      id: "apply-safe-fixes",
      label: "Apply all safe fixes",
      shortcut: "A",
      group,
      isDisabled: page.safeFixes === 0 || pending.has("apply-safe-fixes"),
      whyDisabled: page.safeFixes === 0 ? "No safe fixes to apply." : "Safe fixes are being applied.",
      run: () => onAct({ intent: "apply-safe-fixes", changeId: newChangeId() }),
    },
    {
      id: "undo",
      label: "Undo last version",
      shortcut: "u",
      group,
      isDisabled: !isUndoable(page) || pending.has("undo"),
      run: () => onAct({ intent: "undo", version: head.number, changeId: newChangeId() }),
    },
    {
      id: "save",
      label: "Save version",
      shortcut: ["s", "mod+s"],
      group,
      isDisabled: !onSave,
      run: () => onSave?.(),
    },
    { id: "next-file", label: "Next file", shortcut: "]", group, isKeyOnly: true, run: () => openFile(1) },
    {
      id: "previous-file",
      label: "Previous file",
      shortcut: "[",
      group,
      isKeyOnly: true,
      run: () => openFile(-1),
    },
    {
      id: "viewed",
      label: "Mark file as viewed",
      shortcut: "v",
      group,
      isDisabled: !file,
      run: () => file && onViewed(file.path),
    },
    { id: "wrap", label: "Toggle line wrap", shortcut: "w", group, run: onWrap },
    { id: "review", label: "Review again", group, run: () => onAct({ intent: "review" }) },
  ];
  const inTrash = { isDisabled: true, whyDisabled: "This session is in the trash. Restore it to make changes." };
  const { isTrashed } = page.session;
  usePageActions(actions.map((each) => (isTrashed && CHANGING.has(each.id) ? { ...each, ...inTrash } : each)));
}

/** Actions that change the session. */
const CHANGING = new Set([
  "accept",
  "reject",
  "dismiss",
  "explain",
  "ask",
  "apply-safe-fixes",
  "undo",
  "save",
  "review",
]);
