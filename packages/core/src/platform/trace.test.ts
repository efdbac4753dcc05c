import { afterEach, describe, expect, it, vi } from "vitest";
import { sqs } from "./clients";
import { forRequest } from "./correlation";
import { outboxAttributes } from "./outbox";
import { currentTrace, TRACE_HEADER, type Tracing, traced, traceWith } from "./trace";

const ROOT = "Root=1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "Parent=53995c3f42cd8ad8";
const job = { kind: "review", sessionId: "ses_1", version: 1, userId: "usr_1" } as const;

const told = (header: string | undefined) => vi.stubEnv("_X_AMZN_TRACE_ID", header);
afterEach(() => vi.unstubAllEnvs());

describe("the trace of an invocation", () => {
  it.each([
    [`${ROOT};${PARENT};Sampled=1`, `${ROOT};${PARENT};Sampled=1`],
    [`${ROOT};${PARENT};Sampled=0;Lineage=a87bd80c:1|68fd508a:5`, `${ROOT};${PARENT};Sampled=0`],
    [`${ROOT};Lineage=1:a87bd80c:0`, undefined],
    ["", undefined],
    [undefined, undefined],
  ])("given by Lambda as %o is passed to outbox jobs as %o", (given, handedOn) => {
    told(given);
    expect(currentTrace()).toBe(handedOn);
    expect(outboxAttributes(job).outboxJob.trace).toBe(handedOn);
  });

  it.each([
    "",
    `${ROOT};${PARENT};Sampled=1\nX-Evil: 1`,
    `${ROOT};${PARENT};Sampled=1;Lineage=${"a".repeat(5_000)}`,
    `${ROOT};${PARENT};Sampled=?`,
    `Root=1-../..;${PARENT};Sampled=1`,
  ])("is not %o", (hostile) => expect(TRACE_HEADER.test(hostile)).toBe(false));
});

describe("what is recorded", () => {
  const parts: unknown[] = [];
  const tracing: Tracing = {
    part: (name, annotations, run) => {
      parts.push([name, annotations]);
      return run();
    },
    watch: (client) => void parts.push(client),
  };

  it("is nothing, and nothing is loaded, where the request is not among those that are traced", async () => {
    const load = vi.fn(async () => tracing);
    traceWith(load);
    for (const header of [undefined, `${ROOT};${PARENT};Sampled=0`]) {
      told(header);
      expect(await traced("job", async () => 42)).toBe(42);
    }
    expect([load.mock.calls.length, parts]).toEqual([0, []]);
  });

  it("are parts by name with the request's id, and the calls of every client, whenever it was made", async () => {
    const load = vi.fn(async () => tracing);
    traceWith(load);
    told(`${ROOT};${PARENT};Sampled=1`);
    await forRequest("req_1", () => traced("job", async () => undefined));
    await traced("other", async () => undefined);
    expect(parts).toEqual([
      ["job", { requestId: "req_1" }],
      ["other", {}],
    ]);
    const client = sqs();
    expect(parts.at(-1)).toBe(client);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("never fails a request that could not be traced", async () => {
    vi.stubEnv("REDLINE_LOG", "silent");
    traceWith(() => Promise.reject(new Error("no tracer")));
    told(`${ROOT};${PARENT};Sampled=1`);
    expect(await traced("job", async () => 42)).toBe(42);
  });
});
