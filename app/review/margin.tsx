import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import type { ReviewActionInput } from "./actions";
import { emptyText, type FileReading } from "./file-reading";
import { FindingCard } from "./finding-card";
import { MarginCards, type MarginItem, type MarginLayout } from "./margin-cards";
import { isOpen, type PageFinding } from "./page";
import { type PendingActions, pendingAction } from "./pending-actions";
import type { FoldedFindings } from "./use-shown-findings";

type MarginProps = MarginLayout & {
  findings: readonly PageFinding[];
  folds: FoldedFindings;
  selected?: string;
  pending: PendingActions;
  hrefOf: (identity: string) => string;
  /** The open file's path, for links that unfold without JavaScript. */
  path: string;
  onSelect: (identity: string) => void;
  onAction: (input: ReviewActionInput) => void;
  /** Margin items besides findings: threads and the composer of a new one. */
  others: readonly MarginItem[];
  /** Requests an explanation of a finding, or opens a composer about it. */
  onAsk: (finding: PageFinding, about: "ask" | "explain") => void;
  /** Key of the item aligned exactly with its line; by default the selected finding. */
  anchored?: string;
  head?: ReactNode;
  /** Below the head. */
  hint?: ReactNode;
  foot?: ReactNode;
  /** Stays at the foot of the screen. */
  nav?: ReactNode;
  /** The file's review coverage, for the empty state. */
  reading: FileReading;
};

/** The margin: the open file's findings and threads beside their lines; nits are collapsed. */
export function Margin(props: MarginProps) {
  const { findings, folds, redlines, selected, pending, topOfLine, layoutKey, onSelect, onAction, hrefOf } = props;
  const { path, others, anchored, head, hint, foot, nav, reading } = props;
  const { shown, nits, rest, isNitsOpen, isRestOpen } = folds;
  const foldHref = (unfold: "nits" | "all", isOpen: boolean) =>
    `?${new URLSearchParams({ file: path, ...(!isOpen && { [unfold]: "1" }) })}`;
  const closed = findings.filter((finding) => finding.decision);
  const outdated = findings.filter((finding) => !finding.decision && finding.anchorState === "outdated");
  const hunksOf = (identity: string) => redlines.find((redline) => redline.identity === identity)?.hunks ?? 1;
  const card = (finding: PageFinding, ref?: (element: HTMLElement | null) => void, spaceAbove?: number) => (
    <FindingCard
      key={finding.identity}
      ref={ref}
      finding={finding}
      isSelected={finding.identity === selected}
      pending={
        pendingAction(pending, finding.identity) ?? (finding.fix && pendingAction(pending, finding.fix.changeId))
      }
      hunks={hunksOf(finding.identity)}
      href={hrefOf(finding.identity)}
      spaceAbove={spaceAbove}
      onSelect={() => onSelect(finding.identity)}
      onAction={onAction}
      onAsk={props.onAsk}
    />
  );
  const items = [
    ...shown.map((finding): MarginItem => {
      const { identity, startLine } = finding;
      return { key: identity, line: startLine, node: (ref, spaceAbove) => card(finding, ref, spaceAbove) };
    }),
    ...others,
  ];
  return (
    <section className="review-margin" aria-label="Findings and threads">
      <h2 className="sr-only">Findings and threads in this file</h2>
      <div className="margin-content">
        <div className="margin-head">
          {head}
          {(nits > 0 || rest > 0) && (
            <div className="margin-folds">
              {rest > 0 && (
                <Fold href={foldHref("all", isRestOpen)} isOpen={isRestOpen} onFold={folds.onRest}>
                  {isRestOpen
                    ? `Fold ${rest} ${rest === 1 ? "finding" : "findings"}`
                    : `${rest} more ${rest === 1 ? "finding" : "findings"}`}
                </Fold>
              )}
              {nits > 0 && (
                <Fold href={foldHref("nits", isNitsOpen)} isOpen={isNitsOpen} onFold={folds.onNits}>
                  {nits} style {nits === 1 ? "nit" : "nits"} {isNitsOpen ? "shown" : "folded"}
                </Fold>
              )}
            </div>
          )}
        </div>
        {hint}
        {!findings.some(isOpen) && <p className="margin-empty">{emptyText(reading, findings.length > 0)}</p>}
        <MarginCards {...{ items, redlines, topOfLine, layoutKey }} anchored={anchored ?? selected} />
        {outdated.length > 0 && (
          <p className="margin-note">
            {outdated.length} {outdated.length === 1 ? "finding is" : "findings are"} outdated because the lines
            changed. The next review updates them.
          </p>
        )}
        {closed.length > 0 && (
          <details className="margin-closed">
            <summary>{closed.length} closed</summary>
            {closed.map((finding) => card(finding))}
          </details>
        )}
        {foot}
      </div>
      {nav}
    </section>
  );
}

type FoldProps = { href: string; isOpen: boolean; onFold: () => void; children: ReactNode };

/** Toggles collapsed findings; a plain link without JavaScript. */
function Fold({ href, isOpen, onFold, children }: FoldProps) {
  return (
    <Link
      to={href}
      className="margin-fold"
      aria-expanded={isOpen}
      onClick={(event) => {
        event.preventDefault();
        onFold();
      }}
    >
      {children}
    </Link>
  );
}
