import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseJob } from "../jobs/index";
import { currentRequestId, forRequest } from "./correlation";
import { parseRequestId } from "./job-messages";
import { log } from "./log";
import { outboxAttributes } from "./outbox";

const ID = "req_2f9d0c1e-7a51-4c55-b1a8-2f0f5a7d1c11";
const job = { kind: "review", sessionId: "ses_1", version: 1, userId: "usr_1" } as const;

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  process.env.REDLINE_LOG = "info";
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(JSON.parse(String(line))) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.REDLINE_LOG;
});

describe("the id of a request", () => {
  it("passes from the request through its outbox jobs to what the job logs", async () => {
    const { outboxJob } = forRequest(ID, () => outboxAttributes(job));
    const body = JSON.stringify(outboxJob);
    expect(parseJob(body)).toEqual({ ...job, requestId: ID });
    await forRequest(parseRequestId(body), async () => {
      await Promise.resolve();
      log.info("done");
    });
    expect(lines).toMatchObject([{ level: "INFO", message: "done", requestId: ID }]);
  });

  it("is kept apart for concurrent requests, and for the jobs of their jobs", async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `req_${at}`);
    const seen = ids.map((id) =>
      forRequest(id, async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return outboxAttributes(job).outboxJob.requestId;
      }),
    );
    expect(await Promise.all(seen)).toEqual(ids);
    expect(currentRequestId()).toBeUndefined();
  });

  it("is absent where there was no request, and only a valid id is accepted", () => {
    expect(outboxAttributes(job).outboxJob).toEqual(job);
    expect(parseRequestId("no job at all")).toBeUndefined();
    expect(parseRequestId(JSON.stringify({ requestId: "const secret = 1;" }))).toBeUndefined();
    expect(() => parseJob(JSON.stringify({ ...job, requestId: "two\nlines" }))).toThrow("not a job");
  });
});
