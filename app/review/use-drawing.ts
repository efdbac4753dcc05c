import { useMemo } from "react";
import type { CodeMark } from "../editor/code-html";
import type { Document } from "../editor/document";
import { type ProposedFix, type Redline, redlinesOf } from "../editor/redlines";
import type { Intent } from "./acts";
import { isOpen, type PageFinding } from "./page";
import { shownFindings } from "./shown-findings";

type Wanted = {
  isNitsOpen: boolean;
  isRestOpen: boolean;
  selected?: string;
  pending: ReadonlyMap<string, Intent>;
  /** What the open thread's answers propose for this file: drawn before any finding's fix. */
  proposals: readonly ProposedFix[];
};
type Drawing = { drawn: readonly PageFinding[]; redlines: readonly Redline[]; marks: readonly CodeMark[] };

/** Returns what is drawn in the code: every open finding's mark, and the redlines of those that are not folded or being answered. */
export function useDrawing(document: Document, findings: readonly PageFinding[], wanted: Wanted): Drawing {
  const { isNitsOpen, isRestOpen, selected, pending, proposals } = wanted;
  const drawn = useMemo(
    () => shownFindings(findings, { isNitsOpen, isRestOpen, selected }).shown,
    [findings, isNitsOpen, isRestOpen, selected],
  );
  const redlines = useMemo(() => {
    const isAnswering = (identity: string) => {
      const intent = pending.get(identity);
      return intent === "reject" || intent === "dismiss";
    };
    const fixes = drawn.flatMap(({ identity, fix }) => (fix && !isAnswering(identity) ? [{ identity, fix }] : []));
    // One that is being rejected by a hunk stays until it is known what is left of it.
    const proposed = proposals.filter(
      ({ fix }) => pending.get(fix.changeId) !== "reject" || (fix.hunks?.count ?? 1) > 1,
    );
    const isProposed = new Set(proposed.map(({ fix }) => fix.changeId));
    return redlinesOf(document, [...proposed, ...fixes.filter(({ fix }) => !isProposed.has(fix.changeId))], selected);
  }, [document, drawn, proposals, pending, selected]);
  // Folding is for cards: a line with a problem never looks clean.
  const marks = useMemo(
    () => findings.filter(isOpen).map((finding) => markOf(document, finding)),
    [document, findings],
  );
  return useMemo(() => ({ drawn, redlines, marks }), [drawn, redlines, marks]);
}

function markOf(document: Document, finding: PageFinding): CodeMark {
  const { identity, severity, title, startLine } = finding;
  const place = { from: document.offset(finding.start), to: document.offset(finding.end), line: startLine };
  return { identity, severity, title, ...place };
}
