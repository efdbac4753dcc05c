import { expect, test } from "vitest";
import type { Redline } from "../editor/redlines";
import type { PendingActions } from "./pending-actions";
import { settleRedlines } from "./settle-redlines";

const redline = (about: Partial<Redline>) =>
  ({ changeId: "chg_1", hunk: 0, hunks: 1, safety: "safe", ...about }) as Redline;
const settled = (redlines: Redline[], pending: [string, "accept" | "reject" | "dismiss" | "apply-safe-fixes"][]) =>
  settleRedlines(redlines, new Map(pending) as PendingActions).map(({ settling }) => settling);

test("a redline shows at once that it is applied, and disappears at once when it is rejected", () => {
  const fix = redline({ identity: "one" });
  expect(settled([fix], [])).toEqual([undefined]);
  expect(settled([fix], [["one", "accept"]])).toEqual(["Applying…"]);
  expect(settled([fix], [["one", "reject"]])).toEqual([]);
  expect(settled([fix], [["one", "dismiss"]])).toEqual([]);
  expect(settled([fix], [["other", "accept"]])).toEqual([undefined]);
});

test("applying all safe fixes takes safe fixes of findings, and no proposals", () => {
  const pending: Parameters<typeof settled>[1] = [["apply-safe-fixes", "apply-safe-fixes"]];
  expect(settled([redline({ identity: "one" })], pending)).toEqual(["Applying…"]);
  expect(settled([redline({ identity: "one", safety: "unsafe" })], pending)).toEqual([undefined]);
  expect(settled([redline({})], pending)).toEqual([undefined]);
});

test("while a hunk is decided the others of its change wait, as they may be numbered anew", () => {
  const hunks = [redline({ hunks: 2 }), redline({ hunks: 2, hunk: 1 }), redline({ changeId: "chg_2", hunks: 2 })];
  expect(settled(hunks, [["chg_1#1", "reject"]])).toEqual(["Waiting…", "Rejecting…", undefined]);
  expect(settled(hunks, [["chg_1#0", "accept"]])).toEqual(["Applying…", "Waiting…", undefined]);
});
