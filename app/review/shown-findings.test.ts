import { expect, test } from "vitest";
import { emptyText, getFileReading } from "./file-reading";
import { findOutOfSight } from "./out-of-sight";
import type { PageFinding, ReviewPage } from "./page";
import { nextFinding, nextFix, selectShownFindings } from "./shown-findings";

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
  anchorState: "exact",
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

const folded = { isNitsOpen: false, isRestOpen: false };
const at = (startLine: number, about: Partial<PageFinding> = {}) =>
  finding(`${startLine} ${about.severity} ${about.title ?? ""}`, { startLine, ...about });

test("cards are folded only where there is no room near their lines, and the worst is never", () => {
  const spread = Array.from({ length: 40 }, (_, index) => at(1 + index * 10));
  expect(selectShownFindings(spread, folded)).toMatchObject({ shown: spread, rest: 0, nits: 0 });
  const crowded = Array.from({ length: 14 }, (_, index) =>
    at(3, { title: String(index), severity: index === 13 ? "critical" : "minor" }),
  );
  const { shown, rest, first } = selectShownFindings(crowded, folded);
  expect(shown).toHaveLength(10);
  expect(rest).toBe(4);
  expect(first).toBe(crowded[13]);
  expect(shown).toContain(first);
  expect(selectShownFindings(crowded, { ...folded, isRestOpen: true })).toMatchObject({ shown: crowded, rest: 4 });
});

test("a nit has a card only beside its own line, and never displaces another card", () => {
  const nit = at(8, { severity: "nit" });
  expect(selectShownFindings([at(1), nit], folded)).toMatchObject({ shown: [at(1), nit], nits: 0 });
  const there = at(8);
  expect(selectShownFindings([nit, there], folded)).toMatchObject({ shown: [there], nits: 1 });
  expect(selectShownFindings([nit, there], { ...folded, isNitsOpen: true }).shown).toEqual([nit, there]);
  expect(selectShownFindings([nit, there], { ...folded, selected: nit.identity }).shown).toEqual([nit, there]);
});

const fix = { changeId: "chg_1" } as PageFinding["fix"];

test("the worst finding is opened first: one that can be accepted, unless a critical one stands above it", () => {
  const openedFirst = (...all: PageFinding[]) => selectShownFindings(all, folded).first;
  const [critical, major] = [at(1, { severity: "critical" }), at(2, { severity: "major" })];
  const [minorFix, nitFix] = [at(3, { fix }), at(4, { severity: "nit", fix })];
  expect(openedFirst(minorFix, major, critical)).toBe(critical);
  expect(openedFirst(major, minorFix, nitFix)).toBe(minorFix);
  expect(openedFirst(nitFix, major)).toBe(major);
  expect(openedFirst(nitFix)).toBe(nitFix);
  expect(openedFirst()).toBeUndefined();
});

test("from a finding without a fix one goes to the next that has one, past the end to the beginning", () => {
  const [before, without, decided] = [at(1, { fix }), at(2), at(3, { fix, decision: dismissed })];
  const after = at(4, { fix });
  expect(nextFix([before, without, decided, after], without.identity)).toBe(after);
  expect(nextFix([before, without, decided], without.identity)).toBe(before);
  expect(nextFix([without], without.identity)).toBeUndefined();
  expect(nextFix([without, after], undefined)).toBe(after);
});

test("findings out of sight are counted above and below what is visible", () => {
  const topOfLine = (line: number) => line * 20;
  const lines = [1, 10, 50, 100];
  expect(findOutOfSight(lines, topOfLine, { top: 0, bottom: 600 })).toEqual({ above: 0, below: 2 });
  expect(findOutOfSight(lines, topOfLine, { top: 400, bottom: 1_500 })).toEqual({ above: 2, below: 1 });
  expect(findOutOfSight([], topOfLine, { top: 0, bottom: 600 })).toEqual({ above: 0, below: 0 });
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
  const progress = { done: 0, files: 2 };
  expect(getFileReading(page({ review: covered, followLog: "log" }), progress)).toEqual({ state: "reading" });
  const skipped = review("done", [{ path: "a.ts", state: "skipped", reason: "it is too long" }]);
  expect(getFileReading(page({ review: skipped }))).toEqual({ state: "skipped", reason: "it is too long" });
});

test("the margin says that nothing was found only for a file that was reviewed", () => {
  expect(emptyText({ state: "read" }, false)).toBe("No findings in this file.");
  expect(emptyText({ state: "read" }, true)).toBe("No open findings in this file.");
  for (const state of ["pending", "reading", "failed", "skipped"] as const) {
    expect(emptyText({ state }, false)).toMatch(/^(Not reviewed|Reading)/);
  }
});
