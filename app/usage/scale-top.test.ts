import { describe, expect, it } from "vitest";
import { scaleTop } from "./scale-top";

describe("the top of a chart's scale", () => {
  it.each([
    [36_100, 40_000],
    [40_000, 40_000],
    [40_001, 80_000],
    [130_000, 200_000],
    [7, 8],
    [0.3, 0.4],
    [0, 4],
  ])("reaches %d at %d by four round steps", (max, top) => {
    expect(scaleTop(max, 4)).toBeCloseTo(top, 6);
  });
});
