import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../errors";
import { currentRequestId, forRequest } from "./correlation";
import { type InvocationContext, invocation } from "./invocation";
import { log } from "./log";
import { count } from "./metrics";

const MINUTE_MS = 60_000;

/** An invocation that has taken `tookMs` of its minute by the time that it ends. */
const taking = (tookMs: number) => {
  const remaining = [MINUTE_MS, MINUTE_MS - tookMs];
  return {
    awsRequestId: "8f5d",
    functionName: "redline-test",
    getRemainingTimeInMillis: () => remaining.shift() ?? MINUTE_MS - tookMs,
  } as InvocationContext;
};

let written: string[];
const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
beforeEach(() => {
  written = [];
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-test");
  vi.stubEnv("REDLINE_LOG", "info");
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((line) => written.push(String(line)) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("an invocation", () => {
  it("has its own request id, until it processes another request's job", async () => {
    const answer = await invocation("test", taking(5), async () => {
      log.info("begun");
      return [currentRequestId(), forRequest("req_browser", currentRequestId)];
    });
    expect(answer).toEqual(["req_8f5d", "req_browser"]);
    expect(lines()).toMatchObject([{ message: "begun", requestId: "req_8f5d", function_name: "redline-test" }]);
  });

  it("flushes its counters when it ends, also when it fails", async () => {
    await invocation("test", taking(5), async () => count("SessionsCreated"));
    const failed = invocation("test", taking(5), async () => {
      count("ModelTimeouts", 1);
      throw new TypeError("odd");
    });
    await expect(failed).rejects.toThrow();
    expect(lines()).toMatchObject([
      { message: "counted", SessionsCreated: 1 },
      { message: "invocation failed" },
      { ModelTimeouts: 1, Stage: expect.any(String) },
    ]);
  });

  it.each([
    [48_001, 1],
    [48_000, 0],
  ])("that took %i ms of a minute counts as near its timeout %i times", async (tookMs, times) => {
    await invocation("test", taking(tookMs), async () => undefined);
    expect(lines().filter((line) => line.NearTimeout === 1)).toHaveLength(times);
    const said = lines().filter(({ message }) => message === "near its timeout");
    expect(said).toHaveLength(times);
    if (times > 0) expect(said[0]).toMatchObject({ function: "test", tookMs, timeoutMs: MINUTE_MS });
  });

  it("logs an error's name and location, and redacts the message of an unexpected one", async () => {
    const secret = "const password = 1";
    const failed = invocation("test", taking(5), () => Promise.reject(new SyntaxError(`Unexpected ${secret}`)));
    const thrown = (await failed.catch((error) => error)) as Error;
    expect([thrown.name, `${thrown.message} ${thrown.stack}`.includes(secret)]).toEqual(["SyntaxError", false]);
    expect(thrown.stack).toMatch(/^SyntaxError: .*\n\s+at .*invocation\.test/);
    expect(lines()).toMatchObject([{ level: "ERROR", message: "invocation failed", error: "SyntaxError" }]);
    expect(written.join()).not.toContain(secret);

    const refused = invocation("test", taking(5), () => Promise.reject(new AppError("DATABASE_ERROR", "Too new.")));
    await expect(refused).rejects.toMatchObject({ name: "DATABASE_ERROR", message: "Too new." });
  });
});
