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
  /** Where the nits are shown or folded without scripts. */
  nitsHref: string;
  onNits: () => void;
  /** Where all findings are shown, or the ten that matter most, without scripts. */
  restHref: string;
  onRest: () => void;
  onSelect: (identity: string) => void;
  onAction: (input: ReviewActionInput) => void;
  /** What stands beside the code but findings, each at its line: threads, and the composer of a new one. */
  others: readonly MarginItem[];
  /** Explains a finding, or opens the composer of a thread about it. */
  onAsk: (finding: PageFinding, about: "ask" | "explain") => void;
  /** The one that stands exactly at its line; else the selected finding. */
  anchored?: string;
  head?: ReactNode;
  foot?: ReactNode;
  /** How far the file was read: without it, no findings would mean nothing. */
  reading: FileReading;
};

/** The findings of the open file, each beside its line; style nits stay folded until asked for. */
export function Margin(props: MarginProps) {
  const { findings, redlines, selected, isNitsOpen, pending, topOfLine, layoutKey, onSelect, onAction, hrefOf } = props;
  const { nitsHref, onNits, isRestOpen, restHref, onRest, others, anchored, head, foot, reading } = props;
  const { shown, nits, rest } = selectShownFindings(findings, { isNitsOpen, isRestOpen, selected });
  const answered = findings.filter((finding) => finding.answer);
  const outdated = findings.filter((finding) => !finding.answer && finding.place === "outdated");
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
      {answered.length > 0 && (
        <details className="margin-answered">
          <summary>{answered.length} closed</summary>
          {answered.map((finding) => card(finding))}
        </details>
      )}
      {foot}
    </section>
  );
}

/** The sentence in place of findings. */
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

/** Unfolds findings: a link without scripts, at once with them. */
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
