import { LIMITS } from "@redline/core/limits";
import { isOpen, type PageFinding } from "./page";

export type Unfolded = { isNitsOpen: boolean; isRestOpen: boolean; selected?: string };

export type ShownFindings = {
  /** In the order of the file. */
  shown: PageFinding[];
  nits: number;
  /** Beyond the first ten, nits aside. */
  rest: number;
};

const SEVERITY = { critical: 0, major: 1, minor: 2, nit: 3 };
const CONFIDENCE = { high: 0, medium: 1, low: 2 };

/** The findings that are shown: the ten worst and surest unless the rest is asked for, nits only when they are. */
export function shownFindings(findings: readonly PageFinding[], unfolded: Unfolded): ShownFindings {
  const open = findings.filter(isOpen);
  const nits = open.filter((finding) => finding.severity === "nit");
  const others = open.filter((finding) => finding.severity !== "nit");
  const ranked = [...others].sort(
    (a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || CONFIDENCE[a.confidence] - CONFIDENCE[b.confidence],
  );
  const first = new Set(unfolded.isRestOpen ? others : ranked.slice(0, LIMITS.modelReview.shown));
  const shown = open.filter(
    (each) => each.identity === unfolded.selected || (each.severity === "nit" ? unfolded.isNitsOpen : first.has(each)),
  );
  return { shown, nits: nits.length, rest: Math.max(0, others.length - LIMITS.modelReview.shown) };
}
