import { describe, expect, it } from "vitest";
import { compareSequences } from "./myers";

/** Elements of three values in no order: as far apart as texts get. */
function noise(length: number, seed: number): Int32Array {
  let state = seed;
  return Int32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % 3;
  });
}

describe("compareSequences", () => {
  it("stops soon after its budget is spent, and unmarked parts are still equal", () => {
    const a = noise(200_000, 1);
    const b = noise(200_000, 2);
    const budget = { steps: 8_000_000 };
    const marks = compareSequences(a, b, budget);
    expect(budget.steps).toBeGreaterThan(-100_000);
    const keptA = a.filter((_, at) => marks.a[at] === 0);
    const keptB = b.filter((_, at) => marks.b[at] === 0);
    expect(keptA).toEqual(keptB);
    expect(keptA.length).toBeGreaterThan(0);
  });

  it("finds a shortest script where texts are near", () => {
    const a = Int32Array.of(1, 2, 3, 1, 2, 2, 1);
    const b = Int32Array.of(3, 2, 1, 2, 1, 3);
    const marks = compareSequences(a, b, { steps: 1_000 });
    const changed = [...marks.a, ...marks.b].filter((mark) => mark === 1).length;
    expect(changed).toBe(5);
  });
});
