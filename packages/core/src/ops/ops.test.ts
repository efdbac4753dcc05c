import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LATE_READS, tellMeasured } from "../../../../tests/support/cloud";
import { withModel } from "../../../../tests/support/conversation";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";
import { AppError } from "../errors";
import { labelsOf } from "../jobs/index";
import { LIMITS } from "../limits";
import { sqs } from "../platform/clients";
import { PERIODS } from "../platform/cloudwatch-metrics";
import { discardLetters, MAX_LETTERS, readDeadLetters, redriveLetters } from "../platform/dead-letters";
import { handleJobFailure } from "../platform/job-messages";
import { queueCounts } from "../platform/queues";
import { resources } from "../platform/resources";
import { reviewItems } from "../review/items";
import { openThread } from "../threads/index";
import { newMessageId, newThreadId } from "../threads/schema";
import { reserveCall, settleCall } from "../usage/internal";
import { discard, getOverview, redrive } from "./index";

const product = withProduct();
withModel();
const claim = (key: { sessionId: string; id: string }) => {
  const fields = { version: 1, userId: "usr_local", startedAt: new Date(Date.now()).toISOString(), v: 1 };
  return reviewItems.claim(key, { isNew: true, from: [] }, fields);
};
const overview = () => getOverview(product.actor, {});
const job = (sessionId: string) => ({ kind: "review" as const, sessionId, version: 1, userId: "usr_local" });

/** Fails a job for good, as its worker does. */
const bury = (sessionId: string, error = new AppError("SESSION_NOT_FOUND", "The session was not found.")) =>
  handleJobFailure(error, { body: JSON.stringify(job(sessionId)), receives: 1 });

async function emptied(): Promise<void> {
  for (const QueueUrl of [resources.ReviewQueue.url, resources.ReviewDeadQueue.url]) {
    for (;;) {
      const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) break;
      for (const { ReceiptHandle } of Messages) await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const REVIEW = { kind: "review", ...labelsOf("review") };

beforeEach(emptied);

describe("the operator's overview", () => {
  it("names each dead letter's job and why it failed, as often as it is asked", async () => {
    await bury("ses_one");
    await bury("ses_two", new AppError("VERSION_NOT_FOUND", "That version was not found."));
    for (let again = 0; again < 3; again += 1) {
      const queue = (await overview()).queues?.[0];
      expect(queue).toMatchObject({ name: "review", dead: 2, jobs: { waiting: 0, inFlight: 0 } });
      expect(queue?.letters.map(({ job: of, reason }) => [of?.sessionId, reason]).sort()).toEqual([
        ["ses_one", "SESSION_NOT_FOUND: The session was not found."],
        ["ses_two", "VERSION_NOT_FOUND: That version was not found."],
      ]);
    }
  });

  it("shows messages that are no jobs, and jobs that failed without a reason, as such", async () => {
    const QueueUrl = resources.ReviewDeadQueue.url;
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: "const secret = 1;" }));
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job("ses_three")) }));
    const shown = await overview();
    const letters = shown.queues?.[0]?.letters ?? [];
    expect(letters.map(({ job: of, reason }) => [of, reason])).toEqual(
      expect.arrayContaining([
        [null, null],
        [{ ...REVIEW, sessionId: "ses_three", isThere: false }, null],
      ]),
    );
    expect(JSON.stringify(shown)).not.toContain("secret");
  });

  it("lists work in progress, pending work and work that lost its worker", async () => {
    const { id } = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const threadId = newThreadId();
    const message = { id: newMessageId(), text: "Why?", wantsReply: true };
    await openThread(product.actor, { sessionId: id, threadId, path: "a.ts", message });
    await claim({ sessionId: id, id: "rev_now" });
    const before = vi.spyOn(Date, "now").mockReturnValue(Date.now() - 2 * LIMITS.lease.seconds * 1_000);
    await claim({ sessionId: id, id: "rev_dead" });
    before.mockRestore();
    const of = async () => ((await overview()).jobs ?? []).filter(({ sessionId }) => sessionId === id);
    const since = expect.stringMatching(/^2\d{3}-/);
    await expect.poll(of, { timeout: 20_000 }).toEqual([
      { ...REVIEW, state: "stalled", sessionId: id, isThere: true, id: "rev_dead", since },
      {
        kind: "reply",
        ...labelsOf("reply"),
        state: "waiting",
        sessionId: id,
        isThere: true,
        id: `${threadId}.2`,
        since,
      },
      { ...REVIEW, state: "running", sessionId: id, isThere: true, id: "rev_now", since },
    ]);
  });

  it("sums today's calls of each model, with failures and calls in progress", async () => {
    const about = { kind: "test" } as const;
    const facts = { teamId: product.actor.personalTeamId, task: "reply", about, promptVersion: "reply/1" } as const;
    const call = (model: string) => reserveCall(product.actor, { ...facts, model, tokens: 1_000 });
    const usage = { inputTokens: 700, outputTokens: 50, cachedTokens: 0, estimated: false };
    const end = { usage, price: { input: 3, output: 15 }, totalMs: 5 };
    await settleCall(await call("dear"), { ...end, model: "dear", status: "done" });
    await settleCall(await call("dear"), { ...end, model: "dear", status: "failed" });
    await call("dear");
    await settleCall(await call("free"), { ...end, model: "free", price: undefined, status: "done" });
    expect((await overview()).spending).toEqual({
      isPartial: false,
      models: [
        {
          model: "dear",
          calls: 3,
          failed: 1,
          underWay: 1,
          unknown: 0,
          tokens: 1_500,
          costMicroUsd: 5_700,
          unpriced: 0,
        },
        { model: "free", calls: 1, failed: 0, underWay: 0, unknown: 0, tokens: 750, costMicroUsd: 0, unpriced: 1 },
      ],
    });
  });

  it("still shows the rest when the queues are unreachable", async () => {
    product.cloud.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 1, service: "sqs" }] });
    try {
      const { queues, jobs, health } = await overview();
      expect({ queues, health: health.checks.queue }).toEqual({ queues: null, health: "failed" });
      expect(jobs).not.toBeNull();
    } finally {
      product.cloud.setFaults(LATE_READS);
    }
  });

  it("is for the operator only", async () => {
    await expect(getOverview(stranger, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(redrive(stranger, { queue: "review" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(discard(stranger, { queue: "review", before: 0 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("redriving", () => {
  it("puts every dead letter's job back on its queue, once, and then has nothing more to do", async () => {
    const count = 2 * MAX_LETTERS + 23;
    await Promise.all(Array.from({ length: count }, (_, at) => bury(`ses_${at}`)));
    expect(await redrive(product.actor, { queue: "review" })).toMatchObject({ moved: count, isDone: true });
    expect(await redrive(product.actor, { queue: "review" })).toMatchObject({ moved: 0, isDone: true });
    expect(await queueCounts("review")).toEqual({
      jobs: { waiting: count, inFlight: 0 },
      dead: { waiting: 0, inFlight: 0 },
    });
  });

  it("puts back the one that is named and leaves the others to be read at once", async () => {
    for (const id of ["ses_a", "ses_b", "ses_c"]) await bury(id);
    const [first, ...others] = await readDeadLetters("review", 3);
    const named = { queue: "review", letter: first?.id };
    expect(await redrive(product.actor, named)).toMatchObject({ moved: 1, isDone: true });
    expect((await readDeadLetters("review", 2)).map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
    expect(await redrive(product.actor, named)).toMatchObject({ moved: 0, isDone: true });
  });

  it("resumes after a timeout, and skips jobs that failed since", async () => {
    await Promise.all(Array.from({ length: 90 }, (_, at) => bury(`ses_${at}`)));
    const before = Date.now();
    await expect.poll(() => Date.now()).toBeGreaterThan(before);
    await bury("ses_failed_again");
    const begun = await redriveLetters("review", { before }, 0);
    expect(begun).toEqual({ moved: expect.any(Number), isDone: false });
    expect(begun.moved).toBeLessThan(91);
    const rest = await redrive(product.actor, { queue: "review", before });
    expect(rest).toEqual({ moved: 90 - begun.moved, isDone: true, before });
    expect((await overview()).queues?.[0]?.letters.map(({ job: of }) => of?.sessionId)).toEqual(["ses_failed_again"]);
  });

  it("keeps a dead letter whose job could not be sent", async () => {
    await bury("ses_stays");
    const rules = [
      { kind: "throttle" as const, probability: 1, service: "sqs" as const, operation: "SendMessageBatch" },
    ];
    product.cloud.setFaults({ seed: 1, rules });
    try {
      await expect(redrive(product.actor, { queue: "review" })).rejects.toThrow();
    } finally {
      product.cloud.setFaults(LATE_READS);
    }
    expect((await readDeadLetters("review", 1)).map(({ body }) => JSON.parse(body).sessionId)).toEqual(["ses_stays"]);
  });

  it("accepts the queues of its stage only", async () => {
    await expect(redrive(product.actor, { queue: "constructor" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("discarding", () => {
  it("deletes the named dead letter, or all that the operator saw, and sends nothing", async () => {
    for (const id of ["ses_a", "ses_b", "ses_c"]) await bury(id);
    const { readAt, queues } = await overview();
    await expect.poll(() => Date.now()).toBeGreaterThan(readAt);
    await bury("ses_later");
    const [first] = queues?.[0]?.letters ?? [];
    const named = { queue: "review", letter: first?.id, before: readAt };
    expect(await discard(product.actor, named)).toEqual({ moved: 1, isDone: true });
    expect(await discard(product.actor, { queue: "review", before: readAt })).toEqual({ moved: 2, isDone: true });
    const left = await readDeadLetters("review", 1);
    expect(left.map(({ body }) => JSON.parse(body).sessionId)).toEqual(["ses_later"]);
    expect((await queueCounts("review")).jobs).toEqual({ waiting: 0, inFlight: 0 });
  });

  it("resumes after a timeout", async () => {
    await Promise.all(Array.from({ length: 90 }, (_, at) => bury(`ses_${at}`)));
    const { moved, isDone } = await discardLetters("review", { before: Date.now() }, 0);
    expect(isDone).toBe(false);
    const rest = await discard(product.actor, { queue: "review", before: Date.now() });
    expect(rest).toEqual({ moved: 90 - moved, isDone: true });
  });
});

describe("CloudWatch metrics", () => {
  it("cover each function, failed requests and the age of the oldest job", async () => {
    const samples = [
      { name: "Invocations", of: "site", value: 1 },
      { name: "Errors", of: "site", value: 0 },
      { name: "Url5xxCount", of: "site", value: 1 },
      { name: "Duration", of: "site", value: 250 },
      { name: "Invocations", of: "review", value: 1 },
      { name: "Errors", of: "review", value: 1 },
    ].map(({ of, ...sample }) => ({
      ...{ ...sample, namespace: "AWS/Lambda", dimensions: { FunctionName: of }, atMs: Date.now() },
    }));
    await tellMeasured(product.cloud, samples);
    await bury("ses_waits");
    await redrive(product.actor, { queue: "review" });
    const functions = async () =>
      Object.fromEntries(((await overview()).measures?.functions ?? []).map(({ name, ...each }) => [name, each]));
    const { Site, Review, Check } = await functions();
    expect(Site).toMatchObject({ calls: 1, failures: 1, throttles: 0, p95Ms: 250, longestMs: 250 });
    expect(Site?.periods).toHaveLength(PERIODS);
    expect(Site?.periods.filter(({ calls }) => calls > 0)).toEqual([{ calls: 1, failures: 1 }]);
    expect(Review).toMatchObject({ calls: 1, failures: 1, p95Ms: null });
    expect(Check).toMatchObject({ calls: 0, failures: 0, p95Ms: null, longestMs: null });
    const oldest = async () => (await overview()).measures?.oldestJobSeconds.review ?? 0;
    await expect.poll(oldest, { interval: 500 }).toBeGreaterThan(0);
  });

  it("are left out when CloudWatch is unreachable, and nothing else is", async () => {
    product.cloud.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 1, service: "cloudwatch" }] });
    try {
      const { measures, queues, jobs, data } = await overview();
      expect(measures).toBeNull();
      expect([queues, jobs, data].every((part) => part !== null)).toBe(true);
    } finally {
      product.cloud.setFaults(LATE_READS);
    }
  });
});
