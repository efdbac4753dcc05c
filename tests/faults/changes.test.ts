import { describe, expect, it } from "vitest";
import { type FuzzCase, fuzz } from "../bench/fuzz/run";
import { testSeed } from "../support/seed";

const isLong = process.env.REDLINE_LONG === "1";
const CASES = isLong ? 40_000 : 2_000;
/** The same cases at each run; `REDLINE_SEED` draws others. */
const SEED = testSeed(isLong ? 501 : 9);
const MOST_REFUSED = 0.05;

describe("F15: answers that hold a change, distorted", () => {
  it(`${CASES} are applied as they were meant or refused, at most 5% of those with one right place (seed ${SEED})`, () => {
    const wrong: FuzzCase[] = [];
    const figures = fuzz(CASES, SEED, (one) => {
      if (one.outcome === "wrong") wrong.push(one);
    });
    const sum = (column: "n" | "applied" | "clear" | "clear_refused") =>
      figures.reduce((total, one) => total + one[column], 0);

    expect(wrong.slice(0, 3)).toEqual([]);
    expect(sum("n")).toBe(CASES);
    expect(sum("clear_refused") / sum("clear")).toBeLessThanOrEqual(MOST_REFUSED);
    // Each distortion makes cases in each format that it is possible in, ranges that lost blank lines a third of the others'.
    // A format that is only refused proves nothing.
    const few = figures.filter(({ n }) => n < CASES / 250).map(({ format, distortion }) => `${format} ${distortion}`);
    expect(few).toEqual([]);
    expect(sum("applied")).toBeGreaterThan(CASES / 2);
  });
});
