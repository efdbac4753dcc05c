import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../errors";

const written = { stdout: [] as string[], stderr: [] as string[] };
beforeEach(() => {
  // How a process logs is decided by its first line.
  vi.resetModules();
  for (const stream of ["stdout", "stderr"] as const) {
    written[stream] = [];
    vi.spyOn(process[stream], "write").mockImplementation((line) => written[stream].push(String(line)) > 0);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const logOf = async () => (await import("./log")).log;
const parsed = (lines: string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("the log", () => {
  it("writes a line of JSON, with the request it belongs to, on standard error of the laptop's processes", async () => {
    vi.stubEnv("REDLINE_LOG", "info");
    const log = await logOf();
    const { forRequest } = await import("./correlation");
    forRequest("req_1", () => log.info("job done", { durationMs: 12, nothing: undefined }));
    log.error("failed", { error: "TypeError" });
    expect(written.stdout).toEqual([]);
    expect(parsed(written.stderr)).toEqual([
      {
        level: "INFO",
        message: "job done",
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: "redline",
        stage: "local",
        requestId: "req_1",
        durationMs: 12,
      },
      expect.objectContaining({ level: "ERROR", message: "failed", error: "TypeError" }),
    ]);
  });

  it("in Lambda names the function, invocation and trace of a line, and a cold start", async () => {
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-review");
    vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    vi.stubEnv("REDLINE_STAGE", "staging");
    const { log, logInvocation } = await import("./log");
    const context = { functionName: "redline-review", awsRequestId: "8f5d" } as Parameters<typeof logInvocation>[0];
    logInvocation(context);
    log.info("first");
    logInvocation(context);
    log.info("second");
    const line = {
      service: "redline",
      stage: "staging",
      function_name: "redline-review",
      function_request_id: "8f5d",
      xray_trace_id: "1-5759e988-bd862e3fe1be46a994272793",
    };
    expect(parsed(written.stdout)).toEqual([
      expect.objectContaining({ message: "first", cold_start: true, ...line }),
      expect.objectContaining({ message: "second", ...line }),
    ]);
    expect(parsed(written.stdout)[1]).not.toHaveProperty("cold_start");
  });

  it("follows Lambda's own log level silently", async () => {
    vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "redline-review");
    vi.stubEnv("AWS_LAMBDA_LOG_LEVEL", "INFO");
    vi.stubEnv("REDLINE_LOG", "debug");
    const log = await logOf();
    log.debug("detail");
    log.info("fact");
    expect(parsed([...written.stdout, ...written.stderr]).map(({ message }) => message)).toEqual(["fact"]);
  });

  it.each(["info", "loud", ""])("reads %o as a level as at process start", async (level) => {
    vi.stubEnv("REDLINE_LOG", level);
    const log = await logOf();
    log.debug("detail");
    log.info("fact");
    expect(parsed(written.stderr).map(({ message }) => message)).toEqual(["fact"]);
  });

  it("logs an error's code and location, and never its message", async () => {
    const { errorFields } = await import("./log");
    const inner = new SyntaxError("Unexpected token in const secret");
    expect(
      JSON.stringify([errorFields(inner), errorFields(new AppError("DATABASE_ERROR", "const secret"))]),
    ).not.toContain("secret");
    expect(errorFields(inner)).toMatchObject({ error: "SyntaxError", at: expect.stringMatching(/^at .*log\.test/) });
  });
});
