import { Link } from "@remix-run/react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Redline } from "../editor/redlines";
import type { ActInput, Intent } from "./acts";
import { FindingCard } from "./finding-card";
import { CARD_PX, estimateTops, spaceCards } from "./margin-layout";
import { isOpen, type PageFinding } from "./page";

type MarginProps = {
  findings: readonly PageFinding[];
  redlines: readonly Redline[];
  selected?: string;
  isNitsOpen: boolean;
  pending: ReadonlyMap<string, Intent>;
  /** Where a line stands in the editor, in px; undefined while the editor is not there. */
  topOfLine?: (line: number) => number;
  /** Changes whenever the places of lines may have. */
  layoutKey: unknown;
  hrefOf: (identity: string) => string;
  /** Where the nits are shown or folded without scripts. */
  nitsHref: string;
  onNits: () => void;
  onSelect: (identity: string) => void;
  onAct: (input: ActInput) => void;
};

const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** The findings of the open file, each beside its line; style nits stay folded until asked for. */
export function Margin(props: MarginProps) {
  const { findings, redlines, selected, isNitsOpen, pending, topOfLine, layoutKey, onSelect, onAct, hrefOf } = props;
  const { nitsHref, onNits } = props;
  const open = findings.filter(isOpen);
  const nits = open.filter((finding) => finding.severity === "nit");
  const shown = open.filter((each) => each.severity !== "nit" || isNitsOpen || each.identity === selected);
  const answered = findings.filter((finding) => finding.answer);
  const outdated = findings.filter((finding) => !finding.answer && finding.place === "outdated");
  const cards = useRef(new Map<string, HTMLElement>());
  const list = useRef<HTMLDivElement>(null);
  const estimate = useMemo(() => estimateTops(redlines), [redlines]);
  const anchor = Math.max(
    0,
    shown.findIndex((finding) => finding.identity === selected),
  );
  const [spaces, setSpaces] = useState<readonly number[]>(() => {
    const tops = shown.map((finding) => ({ top: estimate(finding.startLine), height: CARD_PX }));
    return spaceCards(tops, anchor);
  });
  useBrowserLayoutEffect(() => {
    const from = list.current?.offsetTop ?? 0;
    const measured = shown.map((finding) => ({
      top: Math.max(0, (topOfLine ?? estimate)(finding.startLine) - from),
      height: cards.current.get(finding.identity)?.offsetHeight ?? CARD_PX,
    }));
    setSpaces(spaceCards(measured, anchor));
  }, [findings, estimate, selected, isNitsOpen, topOfLine, layoutKey]);
  const hunksOf = (identity: string) => redlines.find((redline) => redline.identity === identity)?.hunks ?? 1;
  const card = (finding: PageFinding, spaceAbove?: number) => (
    <FindingCard
      key={finding.identity}
      ref={(element) => {
        if (element) cards.current.set(finding.identity, element);
        else cards.current.delete(finding.identity);
      }}
      finding={finding}
      isSelected={finding.identity === selected}
      pending={pending.get(finding.identity) ?? (finding.fix && pending.get(finding.fix.changeId))}
      hunks={hunksOf(finding.identity)}
      href={hrefOf(finding.identity)}
      spaceAbove={spaceAbove}
      onSelect={() => onSelect(finding.identity)}
      onAct={onAct}
    />
  );
  return (
    <section className="review-margin" aria-label="Findings">
      <h2 className="sr-only">Findings in this file</h2>
      {nits.length > 0 && (
        <Link
          to={nitsHref}
          className="margin-fold"
          aria-expanded={isNitsOpen}
          onClick={(event) => {
            event.preventDefault();
            onNits();
          }}
        >
          {nits.length} style {nits.length === 1 ? "nit" : "nits"} {isNitsOpen ? "shown" : "folded"}
        </Link>
      )}
      {findings.length === 0 && <p className="margin-empty">Nothing found in this file.</p>}
      <div ref={list} className="margin-cards">
        {shown.map((finding, index) => card(finding, spaces[index] ?? 0))}
      </div>
      {outdated.length > 0 && (
        <p className="margin-note">
          {outdated.length} {outdated.length === 1 ? "finding is" : "findings are"} about lines that changed; the next
          review says.
        </p>
      )}
      {answered.length > 0 && (
        <details className="margin-answered">
          <summary>{answered.length} answered</summary>
          {answered.map((finding) => card(finding))}
        </details>
      )}
    </section>
  );
}
