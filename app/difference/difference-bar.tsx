import { Link, useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { ChangeSteps } from "../compare/change-steps";
import type { PageFile } from "../review/page";
import { Badge } from "../ui/badge";
import { LineCounts } from "../ui/line-counts";
import type { DifferenceView } from "./difference-html";
import type { PageDifference } from "./page";
import type { ShownDifference } from "./use-difference";

type DifferenceBarProps = {
  file: PageFile;
  difference: PageDifference;
  shown?: ShownDifference;
  /** Findings that the base has too, and whether they are shown. */
  old: { count: number; isShown: boolean; onToggle: () => void };
  /** Called with a change that was stepped to. */
  onStep?: (change: HTMLElement) => void;
  children?: ReactNode;
};

/** Stands above the code of a changed file: what git says of it, and how it is shown. */
export function DifferenceBar({ file, difference, shown, old, onStep, children }: DifferenceBarProps) {
  const [query] = useSearchParams();
  const { change } = file;
  const hrefWith = (name: string, value: string | null) => {
    const next = new URLSearchParams(query);
    next.set("file", file.path);
    if (value === null) next.delete(name);
    else next.set(name, value);
    return `?${next}`;
  };
  const tab = (view: DifferenceView, words: string) => (
    <Link
      to={hrefWith("view", view)}
      replace
      preventScrollReset
      aria-current={shown?.view === view ? "true" : undefined}
      className="difference-tab"
      onClick={(event) => {
        if (!shown) return;
        event.preventDefault();
        shown.onView(view);
      }}
    >
      {words}
    </Link>
  );
  return (
    <div className="difference-bar">
      <span className="difference-path">
        {change?.from && <span className="text-quiet">{change.from} → </span>}
        {file.path}
      </span>
      {change && change.status !== "modified" && (
        <Badge tone={change.status === "deleted" ? "removed" : change.status === "added" ? "added" : undefined}>
          {change.status}
        </Badge>
      )}
      <ModeChange difference={difference} />
      {change && <LineCounts {...change} />}
      {change?.isPartial && <span className="difference-partial">Hunks only: the rest of the file is not here</span>}
      <nav aria-label="How the difference is shown" className="difference-tabs">
        {tab("unified", "Unified")}
        {tab("split", "Side by side")}
        {change?.status !== "deleted" && !change?.isPartial && (
          <Link
            to={hrefWith("view", shown ? "file" : null)}
            preventScrollReset
            aria-current={shown ? undefined : "true"}
            className="difference-tab"
          >
            Whole file
          </Link>
        )}
      </nav>
      <div className="difference-toggles">
        {shown && shown.blanks > 0 && (
          <Toggle
            to={hrefWith("blanks", shown.isBlankFolded ? "shown" : "folded")}
            isPressed={shown.isBlankFolded}
            onToggle={shown.onBlanks}
          >
            Fold blanks ({shown.blanks})
          </Toggle>
        )}
        {old.count > 0 && (
          <Toggle to={hrefWith("old", old.isShown ? null : "1")} isPressed={old.isShown} onToggle={old.onToggle}>
            {old.count} old here
          </Toggle>
        )}
      </div>
      {shown && <ChangeSteps onStep={onStep} />}
      {shown?.view === "split" && (
        <span className="on-phone w-full text-12 text-quiet">Side by side needs a wider window; this is unified.</span>
      )}
      {children}
    </div>
  );
}

type ToggleProps = { to: string; isPressed: boolean; onToggle: () => void; children: ReactNode };

/** A link without JavaScript, a toggle with it. */
function Toggle({ to, isPressed, onToggle, children }: ToggleProps) {
  return (
    <Link
      to={to}
      preventScrollReset
      className="difference-toggle"
      aria-pressed={isPressed}
      role="button"
      onClick={(event) => {
        event.preventDefault();
        onToggle();
      }}
    >
      {children}
    </Link>
  );
}

function ModeChange({ difference: { open } }: { difference: PageDifference }) {
  const { oldMode, newMode } = open ?? {};
  if (!oldMode || !newMode || oldMode === newMode) return null;
  return (
    <span className="text-quiet">
      mode {oldMode} → {newMode}
    </span>
  );
}
