import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collectAtRest } from "./rest";

/** Processor time of the process at its next look, in ms. */
let workedMs = 0;
const collect = vi.fn();

const lookAfter = (ms: number) => {
  workedMs += ms;
  vi.advanceTimersByTime(10_000);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process, "cpuUsage").mockImplementation(() => ({ user: workedMs * 1_000, system: 0 }));
  collect.mockReset();
  collectAtRest(collect);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an idle process", () => {
  it("collects garbage a few times after work, and then not until it has worked again", () => {
    for (const ms of [5_000, 0, 0, 0, 0, 0]) lookAfter(ms);
    expect(collect).toHaveBeenCalledTimes(3);
    lookAfter(5_000);
    lookAfter(0);
    expect(collect).toHaveBeenCalledTimes(4);
  });

  it("collects nothing while it works", () => {
    for (let look = 0; look < 20; look++) lookAfter(5_000);
    expect(collect).not.toHaveBeenCalled();
  });

  it("collects after small pieces of work too, once they add up", () => {
    for (let look = 0; look < 20; look++) lookAfter(20);
    expect(collect).toHaveBeenCalled();
  });
});
