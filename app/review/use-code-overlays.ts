import { useMemo } from "react";
import type { CodeMark } from "../editor/code-html";
import type { Document } from "../editor/document";
import { buildRedlines, type ProposedFix, type Redline } from "../editor/redlines";
import type { ReviewIntent } from "./actions";
import { isOpen, type PageFinding } from "./page";
import { selectShownFindings } from "./shown-findings";

type RedlineOptions = {
  isNitsOpen: boolean;
  isRestOpen: boolean;
  selected?: string;
  pending: ReadonlyMap<string, ReviewIntent>;
  /** The open thread's proposals for this file; they take precedence over findings' fixes. */
  proposals: readonly ProposedFix[];
};
type CodeOverlays = { drawn: readonly PageFinding[]; redlines: readonly Redline[]; marks: readonly CodeMark[] };

/** Returns the code's overlays: marks of all open findings, and redlines of visible ones without a pending decision. */
export function useCodeOverlays(
  document: Document,
  findings: readonly PageFinding[],
  options: RedlineOptions,
): CodeOverlays {
  const { isNitsOpen, isRestOpen, selected, pending, proposals } = options;
  const drawn = useMemo(
    () => selectShownFindings(findings, { isNitsOpen, isRestOpen, selected }).shown,
    [findings, isNitsOpen, isRestOpen, selected],
  );
  const redlines = useMemo(() => {
    const isBeingDecided = (identity: string) => {
      const intent = pending.get(identity);
      return intent === "reject" || intent === "dismiss";
    };
    const fixes = drawn.flatMap(({ identity, fix }) => (fix && !isBeingDecided(identity) ? [{ identity, fix }] : []));
    // One that is being rejected by a hunk stays until it is known what is left of it.
    const proposed = proposals.filter(
      ({ fix }) => pending.get(fix.changeId) !== "reject" || (fix.hunks?.count ?? 1) > 1,
    );
    const isProposed = new Set(proposed.map(({ fix }) => fix.changeId));
    return buildRedlines(
      document,
      [...proposed, ...fixes.filter(({ fix }) => !isProposed.has(fix.changeId))],
      selected,
    );
  }, [document, drawn, proposals, pending, selected]);
  // Folding is for cards: a line with a problem never looks clean.
  const marks = useMemo(
    () => findings.filter(isOpen).map((finding) => toCodeMark(document, finding)),
    [document, findings],
  );
  return useMemo(() => ({ drawn, redlines, marks }), [drawn, redlines, marks]);
}

function toCodeMark(document: Document, finding: PageFinding): CodeMark {
  const { identity, severity, title, startLine } = finding;
  const place = { from: document.offset(finding.start), to: document.offset(finding.end), line: startLine };
  return { identity, severity, title, ...place };
}
