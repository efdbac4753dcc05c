import { newChangeId } from "@redline/core/changes/schema";
import { useNavigate } from "@remix-run/react";
import { usePageActions } from "../palette/page-actions";
import type { ReviewActionInput, ReviewIntent } from "./actions";
import type { PageFinding, ReviewPage } from "./page";

type ReviewKeys = {
  page: ReviewPage;
  selected?: string;
  /** The visible findings, in order. */
  shown: readonly PageFinding[];
  onSelect: (identity: string) => void;
  onAction: (input: ReviewActionInput) => void;
  onViewed: (path: string) => void;
  onSave?: () => void;
  /** Asks about the selected lines, else the selected finding, else the file. */
  onAsk: (intent: "ask" | "explain") => void;
  /** Actions in progress. */
  pending: ReadonlyMap<string, ReviewIntent>;
};

/** Registers the review page's shortcuts and palette actions. */
export function useReviewKeys({
  page,
  selected,
  shown,
  onSelect,
  onAction: onAct,
  onViewed,
  onSave,
  onAsk,
  pending,
}: ReviewKeys): void {
  const navigate = useNavigate();
  const { file, files, head } = page;
  const finding = shown.find((each) => each.identity === selected);
  const at = shown.findIndex((each) => each.identity === selected);
  const fileAt = files.findIndex((each) => each.path === file?.path);

  const openFile = (index: number) => {
    const next = files[(index + files.length) % files.length];
    if (next) navigate(`?file=${encodeURIComponent(next.path)}`);
  };
  const step = (by: 1 | -1) => {
    const next = shown[at + by];
    if (next) return onSelect(next.identity);
    const order = files.map((_, i) => (fileAt + by * (i + 1) + files.length * 2) % files.length);
    const other = order.find((index) => {
      const counts = files[index]?.counts;
      return index !== fileAt && counts && counts.critical + counts.major + counts.minor > 0;
    });
    if (other !== undefined) openFile(other);
    else if (shown.length > 0) onSelect((by === 1 ? shown[0] : shown.at(-1))?.identity ?? "");
  };
  const fix = finding?.decision ? undefined : finding?.fix;
  const group = "Review";
  const about = finding?.title;
  const noFinding = "No finding is selected. Press j to select the next one.";
  const noFixTo = (verb: "accept" | "reject") =>
    finding ? `This finding has no fix to ${verb}. Press d to dismiss it or e for an explanation.` : noFinding;
  usePageActions([
    { id: "next-finding", label: "Next finding", shortcut: "j", group, isKeyOnly: true, run: () => step(1) },
    { id: "previous-finding", label: "Previous finding", shortcut: "k", group, isKeyOnly: true, run: () => step(-1) },
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
      id: "all-safe",
      label: "Apply all safe fixes",
      shortcut: "A",
      group,
      isDisabled: page.safeFixes === 0 || pending.has("all-safe"),
      whyDisabled: page.safeFixes === 0 ? "No safe fixes to apply." : "Safe fixes are being applied.",
      run: () => onAct({ intent: "all-safe", changeId: newChangeId() }),
    },
    {
      id: "undo",
      label: "Undo last version",
      shortcut: "u",
      group,
      isDisabled: head.number === 1 || pending.has("undo"),
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
    { id: "next-file", label: "Next file", shortcut: "]", group, isKeyOnly: true, run: () => openFile(fileAt + 1) },
    {
      id: "previous-file",
      label: "Previous file",
      shortcut: "[",
      group,
      isKeyOnly: true,
      run: () => openFile(fileAt - 1),
    },
    {
      id: "viewed",
      label: "Mark file as viewed",
      shortcut: "v",
      group,
      isDisabled: !file,
      run: () => file && onViewed(file.path),
    },
    { id: "review", label: "Review again", group, run: () => onAct({ intent: "review" }) },
  ]);
}
