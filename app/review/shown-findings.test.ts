import { expect, test } from "vitest";
import { getFileReading, type PageFinding, type ReviewPage } from "./page";
import { nextFinding } from "./shown-findings";

const finding = (identity: string, about: Partial<PageFinding> = {}): PageFinding => ({
  identity,
  rule: "redline/test",
  severity: "minor",
  confidence: "high",
  path: "a.ts",
  start: 0,
  end: 1,
  startLine: 1,
  endLine: 1,
  symbol: "",
  title: identity,
  explanation: "",
  place: "exact",
  source: "builtin",
  ...about,
});
const dismissed = {
  kind: "dismissed",
  at: "2026-01-01T00:00:00.000Z",
  by: "usr_1",
} as unknown as PageFinding["decision"];
const order = ["a", "b", "c"];

test("a closed finding leads to the next open one, and the last one to the one before it", () => {
  expect(nextFinding({ order, selected: "a" }, [finding("b"), finding("c")])).toBe("b");
  expect(
    nextFinding({ order, selected: "b" }, [finding("a"), finding("b", { decision: dismissed }), finding("c")]),
  ).toBe("c");
  expect(nextFinding({ order, selected: "c" }, [finding("a"), finding("b")])).toBe("b");
});

test("nothing moves while the selected finding is open, and nothing is selected when none is left", () => {
  expect(
    nextFinding(
      { order, selected: "b" },
      order.map((each) => finding(each)),
    ),
  ).toBeUndefined();
  expect(nextFinding({ order: ["a"], selected: "a" }, [])).toBeUndefined();
  expect(nextFinding({ order, selected: undefined }, [finding("a")])).toBeUndefined();
});

test("a file counts as read only when the review of the head has ended and covered it", () => {
  const page = (about: Partial<ReviewPage>) => ({ file: { path: "a.ts" }, review: null, ...about }) as ReviewPage;
  const review = (status: string, coverage: unknown[] = []) =>
    ({ status, coverage }) as unknown as ReviewPage["review"];
  expect(getFileReading(page({}))).toEqual({ state: "pending" });
  const covered = review("done", [{ path: "a.ts", state: "covered" }]);
  expect(getFileReading(page({ review: covered, followLog: "log" }))).toEqual({ state: "pending" });
  expect(getFileReading(page({ review: covered }))).toEqual({ state: "read" });
  expect(getFileReading(page({ review: review("failed") }))).toEqual({ state: "failed" });
  const skipped = review("done", [{ path: "a.ts", state: "skipped", reason: "it is too long" }]);
  expect(getFileReading(page({ review: skipped }))).toEqual({ state: "skipped", reason: "it is too long" });
});
