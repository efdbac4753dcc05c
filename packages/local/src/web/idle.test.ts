import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { IdleWatch } from "./idle";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("is idle once nothing was asked for a while, and not while an answer is still being sent", () => {
  const onIdle = vi.fn();
  const watch = new IdleWatch(1_000, onIdle);
  vi.advanceTimersByTime(900);
  watch.begun();
  watch.begun();
  watch.ended();
  vi.advanceTimersByTime(60_000);
  expect(onIdle).not.toHaveBeenCalled();
  watch.ended();
  vi.advanceTimersByTime(999);
  expect(onIdle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onIdle).toHaveBeenCalledOnce();
});
