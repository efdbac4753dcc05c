import { afterEach, describe, expect, it, vi } from "vitest";
import { handleJobFailure } from "../platform/job-messages";
import { parseJob } from "./index";

const REVIEW = { kind: "review", sessionId: "ses_1", version: 1, userId: "usr_1" };
const thrown = (body: string) => {
  try {
    return parseJob(body);
  } catch (error) {
    return error;
  }
};

describe("a message on the queue of jobs", () => {
  it("is the job it asks for", () => expect(parseJob(JSON.stringify(REVIEW))).toEqual(REVIEW));

  it("fails for good when it is no job", () => {
    const { version: _, ...incomplete } = REVIEW;
    for (const body of ["", "no JSON", "{}", '{"kind":7}', JSON.stringify(incomplete)]) {
      expect(thrown(body), body).toMatchObject({ code: "INVALID_INPUT" });
    }
  });

  it("is retried when its kind is known to a newer version only", () => {
    const body = JSON.stringify({ kind: "publish", projectId: "prj_1" });
    expect(thrown(body)).toMatchObject({ code: "INTERNAL_ERROR", status: 500 });
  });
});

describe("a job that failed", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it("is retried, and logged without the error's message", async () => {
    vi.stubEnv("REDLINE_LOG", "info");
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    const error = new RangeError("const secret = 1");
    await expect(handleJobFailure(error, { body: "{}", receives: 1 })).rejects.toBe(error);
    const [line = "", ...more] = lines;
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      level: "WARN",
      message: "job to be tried again",
      error: "RangeError",
      receives: 1,
    });
    expect(line).not.toContain("secret");
  });
});
