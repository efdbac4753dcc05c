import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retry, retryUntilDefined } from "./retry";

const policy = { attempts: 4, firstPauseMs: 100, longestPauseMs: 200, hasJitter: false };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("retry", () => {
  it("calls again after retryable errors, and returns what the first success returns", async () => {
    const run = vi.fn().mockRejectedValueOnce(new Error("busy")).mockResolvedValue("done");
    const result = retry(run, { ...policy, isRetryable: () => true });
    await vi.runAllTimersAsync();
    expect(await result).toBe("done");
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("throws an error that is not retryable at once", async () => {
    const run = vi.fn().mockRejectedValue(new Error("wrong"));
    await expect(retry(run, { ...policy, isRetryable: () => false })).rejects.toThrow("wrong");
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("throws the last error after the last attempt, with pauses that double up to the longest", async () => {
    const run = vi.fn().mockRejectedValue(new Error("busy"));
    const startedAt = Date.now();
    const failed = expect(retry(run, { ...policy, isRetryable: () => true })).rejects.toThrow("busy");
    await vi.runAllTimersAsync();
    await failed;
    expect(run).toHaveBeenCalledTimes(4);
    expect(Date.now() - startedAt).toBe(100 + 200 + 200);
  });

  it("spreads competing writers over the whole pause when jitter is on", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.25);
    const startedAt = Date.now();
    const result = retryUntilDefined(vi.fn().mockResolvedValueOnce(undefined).mockResolvedValue(1), {
      ...policy,
      hasJitter: true,
    });
    await vi.runAllTimersAsync();
    await result;
    expect(Date.now() - startedAt).toBe(25);
    vi.restoreAllMocks();
  });
});

describe("retryUntilDefined", () => {
  it("returns the first defined result, also a false one", async () => {
    const run = vi.fn().mockResolvedValueOnce(undefined).mockResolvedValue(false);
    const result = retryUntilDefined(run, policy);
    await vi.runAllTimersAsync();
    expect(await result).toBe(false);
  });

  it("returns undefined after the last attempt, without a pause behind it", async () => {
    const run = vi.fn().mockResolvedValue(undefined);
    const startedAt = Date.now();
    const result = retryUntilDefined(run, { ...policy, attempts: 2 });
    await vi.runAllTimersAsync();
    expect(await result).toBeUndefined();
    expect(Date.now() - startedAt).toBe(100);
  });
});
