import { useMemo } from "react";
import type { CodeMark } from "../editor/code-html";
import type { Document } from "../editor/document";
import { buildRedlines, type ProposedFix, type Redline } from "../editor/redlines";
import { isOpen, type PageFinding } from "./page";
import type { PendingActions } from "./pending-actions";
import { settleRedlines } from "./settle-redlines";

type RedlineOptions = {
  findings: readonly PageFinding[];
  /** The findings that have a card. */
  shown: readonly PageFinding[];
  selected?: string;
  pending: PendingActions;
  /** The open thread's proposals for this file; they take precedence over findings' fixes. */
  proposals: readonly ProposedFix[];
};
type CodeOverlays = { redlines: readonly Redline[]; marks: readonly CodeMark[] };

/** Returns the code's overlays: marks of all open findings, and redlines of those with a card, as they are decided. */
export function useCodeOverlays(document: Document, options: RedlineOptions): CodeOverlays {
  const { findings, shown, selected, pending, proposals } = options;
  const built = useMemo(() => {
    const isProposed = new Set(proposals.map(({ fix }) => fix.changeId));
    const fixes = shown.flatMap(({ identity, fix }) =>
      fix && !isProposed.has(fix.changeId) ? [{ identity, fix }] : [],
    );
    return buildRedlines(document, [...proposals, ...fixes], selected);
  }, [document, shown, proposals, selected]);
  const redlines = useMemo(() => settleRedlines(built, pending), [built, pending]);
  // Folding is for cards: a line with a problem never looks clean.
  const marks = useMemo(
    () => findings.filter(isOpen).map((finding) => toCodeMark(document, finding)),
    [document, findings],
  );
  return useMemo(() => ({ redlines, marks }), [redlines, marks]);
}

function toCodeMark(document: Document, finding: PageFinding): CodeMark {
  const { identity, severity, title, startLine } = finding;
  const place = { from: document.offset(finding.start), to: document.offset(finding.end), line: startLine };
  return { identity, severity, title, ...place };
}
