/** Sends events of any shape to each Lambda handler: refused by name, kept with their reason, without blocking others. */
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { LIMITS } from "@redline/core/limits";
import { sqs } from "@redline/core/platform/clients";
import { edgeKey } from "@redline/core/platform/edge";
import { resources, signingKeys } from "@redline/core/platform/resources";
import { latestReview } from "@redline/core/review/index";
import type { Session } from "@redline/core/sessions/schema";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sqsRecord, urlEvent } from "../infra/lambda/events";
import { distort, drawJunk } from "../support/fuzz/lambda-events";
import { type Draw, drawing } from "../support/fuzz/random";
import { pasteSession, withProduct } from "../support/product";

// Links are read when the first module asks for one.
vi.hoisted(() => {
  process.env.SST_RESOURCE_OperatorSecret = JSON.stringify({ value: "the operator's secret" });
});

/** The same events at each run; `REDLINE_SEED` draws others. */
const SEED = Number(process.env.REDLINE_SEED ?? 20_261_129);
const EVENTS = process.env.REDLINE_LONG === "1" ? 1_500 : 150;
const product = withProduct();
const context = { awsRequestId: "8f5d", getRemainingTimeInMillis: () => 60_000 } as Context;

type Handler = (event: unknown, context: Context, done: () => void) => unknown;
let handlers: Record<"review" | "tableChanges" | "check" | "notify" | "sweep" | "nightly", Handler>;
let session: Session;
let logged = "";
const rejected = vi.fn();

beforeAll(async () => {
  vi.stubEnv("REDLINE_LOG", "info");
  const [review, tableChanges, check, notify, sweep, nightly] = await Promise.all([
    import("@redline/functions/review"),
    import("../../packages/functions/src/stream/table-changes"),
    import("../../packages/functions/src/check"),
    import("../../packages/functions/src/notify"),
    import("../../packages/functions/src/cron/sweep"),
    import("../../packages/functions/src/cron/nightly"),
  ]);
  const all = { review, tableChanges, check, notify, sweep, nightly };
  handlers = Object.fromEntries(Object.entries(all).map(([name, { handler }]) => [name, handler as Handler])) as never;
  session = await pasteSession(product.actor, { "a.ts": "export const a = 1;\n" });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    logged += chunk;
    return true;
  });
  process.on("unhandledRejection", rejected);
});
beforeEach(() => {
  logged = "";
});
afterAll(() => {
  process.off("unhandledRejection", rejected);
  expect(rejected).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Log lines for operators: a job failed for good, or a whole batch is delivered again. */
const TOLD = /"job given up"|"FullBatchFailureError"/;
/** Failures of ours in the log. */
const failures = () => logged.split("\n").filter((line) => /"level":"ERROR"|^\s+at /.test(line) && !TOLD.test(line));

type Outcome = { answer?: unknown; failed?: string };

async function call(name: keyof typeof handlers, event: unknown): Promise<Outcome> {
  try {
    return { answer: await handlers[name](event, context, () => undefined) };
  } catch (error) {
    return { failed: error instanceof Error ? error.name : String(error) };
  }
}

/** The ids that a batch names as failed; all of them where the call itself failed because of that. */
function failedIds({ answer, failed }: Outcome, ids: string[]): string[] | string {
  if (failed !== undefined) return failed === "FullBatchFailureError" ? ids : failed;
  return (answer as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(
    ({ itemIdentifier }) => itemIdentifier,
  );
}

async function takeAll(QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs().send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

describe("a batch of messages", () => {
  const missing = `ses_${"0".repeat(26)}`;
  const job = () => ({ kind: "review", sessionId: session.id, version: 1, userId: session.creatorId });

  /** A record, whether it is to be given out again, and the reason with which it is kept otherwise, if it is. */
  type Drawn = { record: unknown; isAgain?: boolean; reason?: RegExp };

  function drawRecord(draw: Draw): Drawn {
    const record = sqsRecord("", `msg_${draw.below(1e9)}`);
    const receives = 1 + draw.below(LIMITS.jobs.receives);
    record.attributes.ApproximateReceiveCount = String(receives);
    const say = (body: unknown) =>
      Object.assign(record, { body: typeof body === "string" ? body : JSON.stringify(body) });
    switch (draw.below(6)) {
      case 0:
        return { record: say(job()) };
      case 1:
        return { record: say({ ...job(), sessionId: missing }), reason: /^(SESSION_NOT_FOUND|NOT_FOUND): / };
      case 2: {
        const isAgain = receives < LIMITS.jobs.receives;
        return {
          record: say({ ...job(), kind: "of tomorrow" }),
          isAgain,
          ...(!isAgain && { reason: /^INTERNAL_ERROR: / }),
        };
      }
      case 3:
        return {
          record: say(
            draw.one([
              "not a job",
              "{",
              "[]",
              "null",
              '"review"',
              '{"kind":null}',
              '{"__proto__":{"kind":"review"}}',
              "\u0000",
            ]),
          ),
          reason: /^INVALID_INPUT: /,
        };
      case 4:
        return {
          record: say({
            ...job(),
            [draw.one(["sessionId", "version", "userId"])]: draw.one([null, {}, [], "", -1, true]),
          }),
          reason: /^INVALID_INPUT: /,
        };
      default: {
        const junk = draw() < 0.5 ? drawJunk(draw) : { ...record, body: draw.one([null, 7, {}, [], ""]) };
        return { record: junk, reason: /^INVALID_INPUT: / };
      }
    }
  }

  it("a permanently failing message is kept with its reason, and every other one is done or reported", async () => {
    const draw = drawing(SEED);
    await takeAll(resources.ReviewDeadQueue.url);
    for (let at = 0; at < EVENTS / 5; at++) {
      const drawn = Array.from({ length: 1 + draw.below(10) }, () => drawRecord(draw));
      if (draw() < 0.3) drawn.push(draw.one(drawn));
      const outcome = await call("review", { Records: drawn.map(({ record }) => record) });
      const idOf = (record: unknown) => (record as { messageId: string }).messageId;
      const again = drawn.filter(({ isAgain }) => isAgain).map(({ record }) => idOf(record));
      const dead = (await takeAll(resources.ReviewDeadQueue.url)).map(
        ({ MessageAttributes }) => MessageAttributes?.reason?.StringValue ?? "",
      );
      const kept = drawn.flatMap(({ reason }) => (reason ? [reason] : []));
      const failed = failedIds(outcome, again);
      expect({ at, failed: Array.isArray(failed) ? [...failed].sort() : failed }).toEqual({ at, failed: again.sort() });
      expect(dead.length, `${at}: ${JSON.stringify(dead)}`).toBe(kept.length);
      const matched = kept.map((reason) => dead.findIndex((each) => reason.test(each)));
      expect({ at, matched }).toEqual({ at, matched: matched.map((place) => Math.max(0, place)) });
    }
    expect(failures()).toEqual([]);
    expect(await latestReview(product.actor, { sessionId: session.id })).toMatchObject({ status: "done" });
  });

  it("a malformed batch of messages is rejected by name", async () => {
    const draw = drawing(SEED + 1);
    for (let at = 0; at < EVENTS / 5; at++) {
      const event = draw() < 0.5 ? drawJunk(draw) : { Records: draw.one([null, {}, "text", 7]) };
      expect({ event, ...(await call("review", event)) }).toEqual({ event, failed: "INVALID_INPUT" });
    }
    expect(failures()).toEqual([]);
  });
});

describe("a batch of the table's stream", () => {
  let place = 0;
  const announcing = (announce: unknown, id: unknown = { S: randomUUID() }) => ({
    dynamodb: { SequenceNumber: String(++place), NewImage: { outboxId: id, outboxJob: announce } },
  });
  const good = () => announcing({ M: { kind: { S: "review" }, sessionId: { S: session.id } } });

  function drawRecord(draw: Draw): { record: ReturnType<typeof announcing>; isSent?: boolean; isWrong?: boolean } {
    switch (draw.below(4)) {
      case 0:
        return { record: good(), isSent: true };
      case 1:
        return { record: announcing(drawJunk(draw), draw.one([null, 7, {}, { N: "1" }, []])) };
      case 2: {
        const NewImage = draw.one([null, 7, "text", [], {}, undefined]);
        return { record: { dynamodb: { SequenceNumber: String(++place), NewImage: NewImage as never } } };
      }
      default: {
        const wrong = [
          { M: {} },
          { S: "review" },
          { NULL: true },
          { M: { kind: { N: "1" } } },
          { L: [] },
          { What: "x" },
          {},
        ];
        return { record: announcing(draw.one<unknown>([...wrong, drawJunk(drawing(draw.below(21)))])), isWrong: true };
      }
    }
  }

  it("a stream record without a job is reported, and every other one is enqueued", async () => {
    const draw = drawing(SEED + 2);
    await takeAll(resources.ReviewQueue.url);
    for (let at = 0; at < EVENTS / 5; at++) {
      const drawn = Array.from({ length: 1 + draw.below(10) }, () => drawRecord(draw));
      const outcome = await call("tableChanges", { Records: drawn.map(({ record }) => record) });
      const wrong = drawn.filter(({ isWrong }) => isWrong).map(({ record }) => record.dynamodb.SequenceNumber);
      expect({ at, failed: failedIds(outcome, wrong) }).toEqual({ at, failed: wrong });
      const sent = (await takeAll(resources.ReviewQueue.url)).filter(({ Body }) => Body?.includes(session.id));
      expect({ at, sent: sent.length }).toEqual({ at, sent: drawn.filter(({ isSent }) => isSent).length });
    }
    expect(failures()).toEqual([]);
  });

  it("a malformed batch of stream records is rejected by name", async () => {
    const draw = drawing(SEED + 3);
    for (let at = 0; at < EVENTS / 5; at++) {
      const event = draw() < 0.5 ? drawJunk(draw) : { Records: [good(), draw.one([null, 7, {}, { dynamodb: {} }])] };
      expect({ event, ...(await call("tableChanges", event)) }).toEqual({ event, failed: "INVALID_INPUT" });
    }
    expect(failures()).toEqual([]);
  });
});

describe("a request to the code checker", () => {
  const file = { path: "a.ts", text: "export const a = 1;\n", language: "typescript" };
  const metrics = {
    ...{ lines: 1, codeLines: 1, functions: 0, complexityMax: 0, complexityMean: 0, duplicatedLines: 0 },
  };
  const report = { path: "a.ts", coverage: { path: "a.ts", state: "covered" }, problems: [], metrics };
  const requests = [
    { verb: "check", args: [file] },
    { verb: "prove", args: [file, report] },
    { verb: "compose", args: [file, [{ id: "1", edits: [{ start: 0, end: 6, text: "" }] }]] },
    { verb: "evidence", args: [null, file] },
    { verb: "evidence", args: [file, { ...file, text: "export const b = 1;\n" }] },
    { verb: "highlight", args: [{ text: file.text, language: "typescript" }] },
    { verb: "duplication", args: [[file]] },
    { verb: "locate", args: [file, [{ start: 0, end: 6 }]] },
    { verb: "reviewBatch", args: [{ files: [file], duplicatesIn: ["a.ts"] }] },
  ];

  it.each(requests)("a request to the code checker is answered: $verb", async (request) => {
    expect((await call("check", JSON.parse(JSON.stringify(request)))).failed).toBeUndefined();
  });

  it("a request to the code checker is answered or rejected by name, whatever is wrong with it", async () => {
    const draw = drawing(SEED + 4);
    let refused = 0;
    for (let at = 0; at < EVENTS; at++) {
      const event = distort(draw.one(requests), draw);
      const { failed } = await call("check", event);
      if (failed !== undefined) refused += 1;
      expect({ event, failed: failed ?? "INVALID_INPUT" }).toEqual({ event, failed: "INVALID_INPUT" });
    }
    expect(refused).toBeGreaterThan(EVENTS / 2);
    expect(failures()).toEqual([]);
  });
});

describe("an alarm's notification", () => {
  it("an alarm notification is accepted or rejected by name, whatever is wrong with it", async () => {
    const draw = drawing(SEED + 5);
    const event = { Records: [{ EventSource: "aws:sns", Sns: { Message: "{}", Subject: "ALARM" } }] };
    for (let at = 0; at < EVENTS; at++) {
      const distorted = distort(event, draw);
      const { failed = "INVALID_INPUT" } = await call("notify", distorted);
      expect({ distorted, failed }).toEqual({ distorted, failed: "INVALID_INPUT" });
    }
    expect(failures()).toEqual([]);
  });
});

describe("a schedule's event", () => {
  it.each(["sweep", "nightly"] as const)("the content of a schedule's event is ignored by the %s", async (name) => {
    const draw = drawing(SEED + 6);
    for (let at = 0; at < EVENTS / 15; at++) expect((await call(name, drawJunk(draw))).failed).toBeUndefined();
    expect(failures()).toEqual([]);
  });
});

describe("a request by function URL", () => {
  type Said = { statusCode: number; headers: Record<string, string> };
  let site: (event: unknown, stream: Writable, context: Context) => Promise<void>;
  let said: Said | undefined;

  beforeAll(async () => {
    vi.stubEnv("MODE", "production");
    vi.stubEnv("REDLINE_AUTH", "on");
    vi.stubGlobal("awslambda", {
      streamifyResponse: (handler: unknown) => handler,
      HttpResponseStream: {
        from: (stream: Writable, about: Said) => {
          said = about;
          return stream;
        },
      },
    });
    const [{ overFunctionUrl }, { handle }] = await Promise.all([
      import("../../packages/functions/src/function-url"),
      import("../../app/http/handler.server"),
    ]);
    site = overFunctionUrl(handle, (_, run) => run()) as typeof site;
  });
  afterAll(() => vi.unstubAllGlobals());

  async function ask(event: unknown): Promise<Said | undefined> {
    said = undefined;
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    await site(event, sink, { ...context });
    return said;
  }

  const fromEdge = () => ({ "x-redline-edge": edgeKey(signingKeys()[0]), "x-redline-viewer": "192.0.2.1" });
  type Event = ReturnType<typeof urlEvent>;
  const page = (): Event => urlEvent({ path: "/auth/sign-in", headers: fromEdge() }, false);
  const post = (body: string): Event =>
    urlEvent({ method: "POST", path: "/auth/sign-in", body, headers: fromEdge() }, false);
  const with_ = (event: Event, more: object) => ({ ...event, ...more });
  const headed = (headers: object) => with_(page(), { headers: { ...page().headers, ...headers } });

  it.each<[string, () => unknown, number]>([
    ["as it should be", page, 200],
    ["that is nothing", () => null, 403],
    ["that is a text", () => "text", 403],
    ["around the router", () => urlEvent({ path: "/" }, false), 403],
    ["without a context", () => with_(page(), { requestContext: undefined }), 405],
    ["whose method is a number", () => with_(page(), { requestContext: { http: { method: 1 } } }), 405],
    ["whose method is none of ours", () => with_(page(), { requestContext: { http: { method: "TRACE" } } }), 405],
    ["without a path", () => with_(page(), { rawPath: undefined }), 400],
    ["whose path is a list", () => with_(page(), { rawPath: ["/"] }), 400],
    ["whose path is not escaped", () => with_(page(), { rawPath: "/ü" }), 400],
    ["whose path is too long", () => with_(page(), { rawPath: `/${"x".repeat(9_000)}` }), 414],
    ["whose query is an object", () => with_(page(), { rawQueryString: {} }), 200],
    ["whose host is none", () => headed({ "x-forwarded-host": "localhost:99999" }), 400],
    ["without any host", () => headed({ "x-forwarded-host": undefined, host: undefined }), 400],
    ["whose headers' names are none", () => headed({ "na me": "x" }), 400],
    ["whose headers' values are none", () => headed({ accept: "a\r\nb: c" }), 400],
    ["whose headers are objects", () => headed({ accept: { toString: 1 } }), 400],
    ["whose cookies are objects", () => with_(page(), { cookies: [{ toString: 1 }] }), 400],
    ["whose cookies are a text", () => with_(page(), { cookies: "session=x" }), 200],
    ["whose page has a body", () => with_(page(), { body: "x", isBase64Encoded: true }), 200],
    ["with a body of null", () => with_(post("x"), { body: null }), 401],
    ["with a body that is a list", () => with_(post("x"), { body: ["x"] }), 401],
    ["with a body that is no base64", () => with_(post("x"), { body: "%%%", isBase64Encoded: true }), 401],
    ["with no secret", () => post("secret=wrong"), 401],
  ])("%s, is answered with its status", async (_, event, status) => {
    const answer = await ask(event());
    expect({ status: answer?.statusCode, failures: failures() }).toEqual({ status, failures: [] });
    expect(answer?.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  it("a request by function URL gets a response and causes no error, whatever is wrong with it", async () => {
    const draw = drawing(SEED + 7);
    for (let at = 0; at < EVENTS; at++) {
      const event = distort(draw() < 0.5 ? page() : post("secret=wrong&to=/"), draw);
      const answer = await ask(event);
      const isRight = answer !== undefined && answer.statusCode >= 200 && answer.statusCode < 500;
      expect({ event, status: answer?.statusCode, isRight, failures: failures() }).toMatchObject({
        ...{ isRight: true, failures: [] },
      });
    }
  });
});
