import { ArrowDown, ArrowUp } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { usePageActions } from "../palette/page-actions";
import { IconButton } from "../ui/button";

/** Steps through the changes of the page, by buttons and by `n` and `p`; needs JavaScript. */
export function ChangeSteps({ onStep }: { onStep?: (change: HTMLElement) => void }) {
  const [announcement, setAnnouncement] = useState("");
  const latest = useRef(onStep);
  latest.current = onStep;
  const step = useCallback((by: 1 | -1) => {
    const { change, words } = stepToChange(by);
    setAnnouncement(words);
    if (change) latest.current?.(change);
  }, []);
  usePageActions([
    { id: "next-change", label: "Next change", shortcut: "n", group: "Compare", run: () => step(1) },
    { id: "previous-change", label: "Previous change", shortcut: "p", group: "Compare", run: () => step(-1) },
  ]);
  return (
    <div className="scripted flex items-center gap-1 text-13 text-quiet">
      <span role="status">{announcement}</span>
      <IconButton label="Previous change" aria-keyshortcuts="p" tipAlign="end" onClick={() => step(-1)}>
        <ArrowUp size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label="Next change" aria-keyshortcuts="n" tipAlign="end" onClick={() => step(1)}>
        <ArrowDown size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** Marks and shows the change after or before the marked one, round the ends. Returns it, and which one it is. */
function stepToChange(by: 1 | -1): { change?: HTMLElement; words: string } {
  const changes = [...document.querySelectorAll<HTMLElement>("[data-change-start]")];
  const current = changes.findIndex((change) => change.dataset.currentChange !== undefined);
  const next = current < 0 ? (by === 1 ? 0 : changes.length - 1) : (current + by + changes.length) % changes.length;
  const change = changes[next];
  if (!change) return { words: "" };
  showChange(change);
  return { change, words: `Change ${next + 1} of ${changes.length}` };
}

/** Marks a change as the current one and brings it into view. */
export function showChange(change: HTMLElement): void {
  for (const other of document.querySelectorAll<HTMLElement>("[data-current-change]"))
    delete other.dataset.currentChange;
  change.dataset.currentChange = "";
  change.scrollIntoView({ block: "center" });
}
