import { expect, test } from "vitest";
import { exactTime, relativeTime } from "./relative-time";

const NOW = Date.parse("2026-03-31T12:00:00Z");
const ago = (ms: number) => relativeTime(NOW - ms, NOW);

test("formats relative times", () => {
  expect(ago(20_000)).toBe("just now");
  expect(ago(5 * 60_000)).toBe("5 minutes ago");
  expect(ago(3 * 3_600_000)).toBe("3 hours ago");
  expect(ago(25 * 3_600_000)).toBe("yesterday");
  expect(ago(9 * 86_400_000)).toBe("9 days ago");
  expect(ago(60 * 86_400_000)).toBe("30 Jan 2026");
  expect(relativeTime(NOW + 7 * 86_400_000, NOW)).toBe("in 7 days");
});

test("a clock a little behind the server's still says just now", () => {
  expect(relativeTime(NOW + 3_000, NOW)).toBe("just now");
});

test("the exact time names its zone", () => {
  expect(exactTime("2026-03-31T12:00:00Z", "UTC")).toBe("31 Mar 2026, 12:00:00 UTC");
});
