import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import type { ReviewActionInput, ReviewIntent } from "./actions";
import { FindingCard } from "./finding-card";
import { MarginCards, type MarginItem, type MarginLayout } from "./margin-cards";
import type { FileReading, PageFinding } from "./page";
import { selectShownFindings } from "./shown-findings";

type MarginProps = MarginLayout & {
  findings: readonly PageFinding[];
  selected?: string;
  isNitsOpen: boolean;
  isRestOpen: boolean;
  pending: ReadonlyMap<string, ReviewIntent>;
  hrefOf: (identity: string) => string;
  /** Link that toggles the nits without JavaScript. */
  nitsHref: string;
  onNits: () => void;
  /** Link that toggles all findings or the top ten without JavaScript. */
  restHref: string;
  onRest: () => void;
  onSelect: (identity: string) => void;
  onAction: (input: ReviewActionInput) => void;
  /** Margin items besides findings: threads and the composer of a new one. */
  others: readonly MarginItem[];
  /** Requests an explanation of a finding, or opens a composer about it. */
  onAsk: (finding: PageFinding, about: "ask" | "explain") => void;
  /** Key of the item aligned exactly with its line; by default the selected finding. */
  anchored?: string;
  head?: ReactNode;
  foot?: ReactNode;
  /** The file's review coverage, for the empty state. */
  reading: FileReading;
};

/** The margin: the open file's findings and threads beside their lines; nits are collapsed. */
export function Margin(props: MarginProps) {
  const { findings, redlines, selected, isNitsOpen, pending, topOfLine, layoutKey, onSelect, onAction, hrefOf } = props;
  const { nitsHref, onNits, isRestOpen, restHref, onRest, others, anchored, head, foot, reading } = props;
  const { shown, nits, rest } = selectShownFindings(findings, { isNitsOpen, isRestOpen, selected });
  const closed = findings.filter((finding) => finding.decision);
  const outdated = findings.filter((finding) => !finding.decision && finding.place === "outdated");
  const hunksOf = (identity: string) => redlines.find((redline) => redline.identity === identity)?.hunks ?? 1;
  const card = (finding: PageFinding, ref?: (element: HTMLElement | null) => void, spaceAbove?: number) => (
    <FindingCard
      key={finding.identity}
      ref={ref}
      finding={finding}
      isSelected={finding.identity === selected}
      pending={pending.get(finding.identity) ?? (finding.fix && pending.get(finding.fix.changeId))}
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
      <div className="margin-head">
        {head}
        {(nits > 0 || rest > 0) && (
          <div className="margin-folds">
            {rest > 0 && (
              <Fold href={restHref} isOpen={isRestOpen} onFold={onRest}>
                {isRestOpen ? "Show top ten only" : `${rest} more ${rest === 1 ? "finding" : "findings"}`}
              </Fold>
            )}
            {nits > 0 && (
              <Fold href={nitsHref} isOpen={isNitsOpen} onFold={onNits}>
                {nits} style {nits === 1 ? "nit" : "nits"} {isNitsOpen ? "shown" : "folded"}
              </Fold>
            )}
          </div>
        )}
      </div>
      {findings.length === 0 && <p className="margin-empty">{emptyText(reading)}</p>}
      <MarginCards {...{ items, redlines, topOfLine, layoutKey }} anchored={anchored ?? selected} />
      {outdated.length > 0 && (
        <p className="margin-note">
          {outdated.length} {outdated.length === 1 ? "finding is" : "findings are"} outdated because the lines changed.
          The next review updates them.
        </p>
      )}
      {closed.length > 0 && (
        <details className="margin-closed">
          <summary>{closed.length} closed</summary>
          {closed.map((finding) => card(finding))}
        </details>
      )}
      {foot}
    </section>
  );
}

/** Returns the empty state's message. */
function emptyText({ state, reason }: FileReading): string {
  switch (state) {
    case "pending":
      return "Not reviewed yet. Findings appear here when the review finishes.";
    case "failed":
      return "Not reviewed: the review failed.";
    case "skipped":
      return `Not reviewed: ${reason ?? "this file was skipped."}`;
    case "partly":
      return `No findings in the reviewed part. ${reason ?? "This file was partially reviewed."}`;
    case "read":
      return "No findings in this file.";
  }
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
