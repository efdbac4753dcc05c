import { LIMITS } from "@redline/core/limits";
import { cardSlot } from "./margin-layout";
import { isOpen, type PageFinding } from "./page";

export type ExpandedSections = { isNitsOpen: boolean; isRestOpen: boolean; selected?: string };

export type ShownFindings = {
  /** In file order. */
  shown: PageFinding[];
  /** The finding to open first. */
  first?: PageFinding;
  /** Number of nits without room beside their lines. */
  nits: number;
  /** Number of other findings without room near their lines. */
  rest: number;
};

const SEVERITY = { critical: 0, major: 1, minor: 2, nit: 3 };
const CONFIDENCE = { high: 0, medium: 1, low: 2 };

/**
 * Selects the findings that get a card: those with room near their lines, the worst first, and on request the rest. A
 * card may be pushed down by nine others; a nit's is never pushed.
 */
export function selectShownFindings(findings: readonly PageFinding[], expanded: ExpandedSections): ShownFindings {
  const open = findings.filter(isOpen);
  const ranked = [...open].sort(
    (a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || CONFIDENCE[a.confidence] - CONFIDENCE[b.confidence],
  );
  const taken = new Set<number>();
  const folded = new Set(ranked.filter((finding) => !takeSlot(taken, finding)));
  const isShown = (finding: PageFinding): boolean =>
    !folded.has(finding) ||
    finding.identity === expanded.selected ||
    (finding.severity === "nit" ? expanded.isNitsOpen : expanded.isRestOpen);
  const nits = [...folded].filter((finding) => finding.severity === "nit").length;
  return { shown: open.filter(isShown), first: selectFirst(ranked), nits, rest: folded.size - nits };
}

/**
 * Returns the finding to open first: the worst one. A critical one comes before all; otherwise the worst that has a fix,
 * which can be accepted at once, unless that is only a nit.
 */
function selectFirst(ranked: readonly PageFinding[]): PageFinding | undefined {
  const [worst] = ranked;
  if (worst?.severity === "critical") return worst;
  const fixable = ranked.find(({ fix }) => fix);
  return fixable && fixable.severity !== "nit" ? fixable : worst;
}

/** Returns the next open finding with a fix after the selected one, past the file's end from its beginning. */
export function nextFix(findings: readonly PageFinding[], selected: string | undefined): PageFinding | undefined {
  const at = findings.findIndex(({ identity }) => identity === selected);
  const others = [...findings.slice(at + 1), ...findings.slice(0, Math.max(at, 0))];
  return others.find((finding) => finding.fix && isOpen(finding));
}

/** Takes the first free slot of the margin at or below a finding's line; false when there is none near it. */
function takeSlot(taken: Set<number>, { startLine, severity }: PageFinding): boolean {
  const first = cardSlot(startLine);
  const last = severity === "nit" ? first : first + LIMITS.modelReview.shown - 1;
  for (let slot = first; slot <= last; slot++) {
    if (taken.has(slot)) continue;
    taken.add(slot);
    return true;
  }
  return false;
}

/**
 * Returns the finding to select after a decision on the selected one: the next open one in `order`, else the previous.
 * Undefined while the selected one is open, and when none is left.
 */
export function nextFinding(
  { order, selected = "" }: { order: readonly string[]; selected?: string },
  findings: readonly PageFinding[],
): string | undefined {
  const open = new Set(findings.filter(isOpen).map(({ identity }) => identity));
  const at = order.indexOf(selected);
  if (at < 0 || open.has(order[at] ?? "")) return undefined;
  return order.slice(at + 1).find((each) => open.has(each)) ?? order.slice(0, at).findLast((each) => open.has(each));
}
