/** The decisions of each line and hunk of the open file. */
import type { ShownDecision } from "@redline/core/differences/schema";
import type { SelectedLines } from "@redline/core/text/index";
import type { Lines } from "../editor/code-html";
import { addLine } from "./decision-lines";

export type LineDecision = "accepted" | "pending";

export type HunkDecision = {
  /** *partly*: some of its lines, or some accepted and others rejected. */
  state: "undecided" | "partly" | LineDecision;
  /** All of its changed lines. */
  lines: SelectedLines;
  /** Those of its lines on which nothing is decided. */
  undecided: SelectedLines;
  /** The newest decision on it. */
  latest?: ShownDecision;
};

type Side = keyof SelectedLines;

export class Decisions {
  private readonly bySide: Record<Side, Map<number, ShownDecision>> = { removed: new Map(), added: new Map() };
  private readonly reverted = new Map<number, ShownDecision[]>();

  constructor(decisions: readonly ShownDecision[]) {
    for (const decision of decisions) {
      if (decision.state === "reverted") {
        this.reverted.set(decision.at, [...(this.reverted.get(decision.at) ?? []), decision]);
        continue;
      }
      for (const side of ["removed", "added"] as const) {
        for (const { first, last } of decision[side]) {
          for (let line = first; line <= last; line++) this.bySide[side].set(line, decision);
        }
      }
    }
  }

  ofLine(side: Side, line: number): LineDecision | undefined {
    const state = this.bySide[side].get(line)?.state;
    return state === "accepted" || state === "pending" ? state : undefined;
  }

  ofHunk(aLines: Lines | null, bLines: Lines | null): HunkDecision {
    const lines = { removed: aLines ? [aLines] : [], added: bLines ? [bLines] : [] };
    const undecided: SelectedLines = { removed: [], added: [] };
    const found: ShownDecision[] = [];
    for (const side of ["removed", "added"] as const) {
      for (const { first, last } of lines[side]) {
        for (let line = first; line <= last; line++) {
          const decision = this.bySide[side].get(line);
          if (decision) found.push(decision);
          else addLine(undecided[side], line);
        }
      }
    }
    const [one, ...others] = found;
    if (!one) return { state: "undecided", lines, undecided };
    const isWhole = undecided.removed.length + undecided.added.length === 0;
    const state = isWhole && others.every((each) => each.state === one.state) ? one.state : "partly";
    const latest = found.reduce((newest, each) => (each.number > newest.number ? each : newest));
    return { state: state === "accepted" || state === "pending" ? state : "partly", lines, undecided, latest };
  }

  /** Returns the rejected lines that were reverted before a line of the head. */
  revertedAt(line: number): readonly ShownDecision[] {
    return this.reverted.get(line) ?? [];
  }

  /** Lines of the head at which something was reverted. */
  get revertedLines(): number[] {
    return [...this.reverted.keys()];
  }
}
