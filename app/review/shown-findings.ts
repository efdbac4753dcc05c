import { LIMITS } from "@redline/core/limits";
import { isOpen, type PageFinding } from "./page";

export type ExpandedSections = { isNitsOpen: boolean; isRestOpen: boolean; selected?: string };

export type ShownFindings = {
  /** In file order. */
  shown: PageFinding[];
  nits: number;
  /** Number beyond the first ten, excluding nits. */
  rest: number;
};

const SEVERITY = { critical: 0, major: 1, minor: 2, nit: 3 };
const CONFIDENCE = { high: 0, medium: 1, low: 2 };

/** Selects the findings to show: the top ten by severity and confidence unless expanded; nits only on request. */
export function selectShownFindings(findings: readonly PageFinding[], expanded: ExpandedSections): ShownFindings {
  const open = findings.filter(isOpen);
  const nits = open.filter((finding) => finding.severity === "nit");
  const others = open.filter((finding) => finding.severity !== "nit");
  const ranked = [...others].sort(
    (a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || CONFIDENCE[a.confidence] - CONFIDENCE[b.confidence],
  );
  const first = new Set(expanded.isRestOpen ? others : ranked.slice(0, LIMITS.modelReview.shown));
  const shown = open.filter(
    (each) => each.identity === expanded.selected || (each.severity === "nit" ? expanded.isNitsOpen : first.has(each)),
  );
  return { shown, nits: nits.length, rest: Math.max(0, others.length - LIMITS.modelReview.shown) };
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
