import { expect, test } from "vitest";
import { formatBytes } from "./format-bytes";

test("formats file sizes", () => {
  expect([0, 812, 3_482, 1_048_576, 5_242_880, 6_291_457].map(formatBytes)).toEqual([
    "0 B",
    "812 B",
    "3.4 KB",
    "1 MB",
    "5 MB",
    "6.0 MB",
  ]);
});
