import { type RefObject, useEffect, useMemo, useState } from "react";
import type { Redline } from "../editor/redlines";
import { Button } from "../ui/button";
import { Kbd } from "../ui/kbd";
import { estimateTops } from "./margin-layout";
import { findOutOfSight, type OutOfSight } from "./out-of-sight";
import type { PageFinding } from "./page";

type FindingNavProps = {
  /** The findings that have a card, by line. */
  shown: readonly PageFinding[];
  selected?: string;
  scroller: RefObject<HTMLElement>;
  redlines: readonly Redline[];
  topOfLine?: (line: number) => number;
  layoutKey: unknown;
  onStep: (by: 1 | -1) => void;
  onSelect: (identity: string) => void;
};

const NONE: OutOfSight = { above: 0, below: 0 };

/** Steps through the file's findings, and tells of those that are out of sight. */
export function FindingNav({ shown, selected, scroller, onStep, onSelect, ...layout }: FindingNavProps) {
  const { above, below } = useOutOfSight({ shown, scroller, ...layout });
  if (shown.length === 0) return null;
  const at = shown.findIndex(({ identity }) => identity === selected);
  const last = shown[above - 1];
  const next = shown[shown.length - below];
  return (
    <nav className="finding-nav scripted" aria-label="Findings in this file">
      <span className="finding-nav-at">
        {at < 0 ? `${shown.length} ${shown.length === 1 ? "finding" : "findings"}` : `${at + 1} of ${shown.length}`}
      </span>
      <Button size="small" variant="quiet" aria-keyshortcuts="k" onClick={() => onStep(-1)}>
        Previous <Kbd>k</Kbd>
      </Button>
      <Button size="small" variant="quiet" aria-keyshortcuts="j" onClick={() => onStep(1)}>
        Next <Kbd>j</Kbd>
      </Button>
      {last && (
        <button type="button" className="finding-nav-far" onClick={() => onSelect(last.identity)}>
          {above} above, line {last.startLine} <span aria-hidden="true">↑</span>
        </button>
      )}
      {below > 0 && next && (
        <button type="button" className="finding-nav-far" onClick={() => onSelect(next.identity)}>
          {below} below, line {next.startLine} <span aria-hidden="true">↓</span>
        </button>
      )}
    </nav>
  );
}

type Watched = Pick<FindingNavProps, "shown" | "scroller" | "redlines" | "topOfLine" | "layoutKey">;

/** Counts the findings above and below the visible lines, as they scroll. */
function useOutOfSight({ shown, scroller, redlines, topOfLine, layoutKey }: Watched): OutOfSight {
  const [outOfSight, setOutOfSight] = useState(NONE);
  const estimate = useMemo(() => estimateTops(redlines), [redlines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines may have moved
  useEffect(() => {
    const frame = scroller.current;
    if (!frame) return;
    const tops = topOfLine ?? estimate;
    const lines = shown.map(({ startLine }) => startLine);
    const count = () => {
      const visible = { top: frame.scrollTop, bottom: frame.scrollTop + frame.clientHeight };
      const next = findOutOfSight(lines, tops, visible);
      setOutOfSight((before) => (before.above === next.above && before.below === next.below ? before : next));
    };
    let pending = requestAnimationFrame(count);
    const later = () => {
      cancelAnimationFrame(pending);
      pending = requestAnimationFrame(count);
    };
    const resized = new ResizeObserver(later);
    resized.observe(frame);
    frame.addEventListener("scroll", later, { passive: true });
    return () => {
      cancelAnimationFrame(pending);
      resized.disconnect();
      frame.removeEventListener("scroll", later);
    };
  }, [shown, scroller, estimate, topOfLine, layoutKey]);
  return outOfSight;
}
