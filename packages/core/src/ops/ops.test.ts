import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LATE_READS } from "../../../../tests/support/cloud";
import { withModel } from "../../../../tests/support/conversation";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { sqs } from "../platform/clients";
import { failedJob } from "../platform/jobs";
import { MAX_LETTERS, queueCounts, readDeadLetters } from "../platform/queues";
import { resources } from "../platform/resources";
import { claimReview } from "../review/store";
import { openThread } from "../threads/index";
import { newMessageId, newThreadId } from "../threads/schema";
import { reserveCall, settleCall } from "../usage/index";
import { getOverview, redrive } from "./index";

const product = withProduct();
withModel();
const overview = () => getOverview(product.actor, {});
const job = (sessionId: string) => ({ kind: "review" as const, sessionId, version: 1, userId: "usr_local" });

/** What the worker does with a job that can't be done. */
const bury = (sessionId: string, error = new AppError("SESSION_NOT_FOUND", "The session was not found.")) =>
  failedJob(error, { body: JSON.stringify(job(sessionId)), receives: 1 });

async function emptied(): Promise<void> {
  for (const QueueUrl of [resources.ReviewQueue.url, resources.ReviewDeadQueue.url]) {
    for (;;) {
      const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) break;
      for (const { ReceiptHandle } of Messages) await sqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

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

  it("shows of a message that is no job, and of a job that nobody gave a reason for, that it is so", async () => {
    const QueueUrl = resources.ReviewDeadQueue.url;
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: "const secret = 1;" }));
    await sqs().send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job("ses_three")) }));
    const shown = await overview();
    const letters = shown.queues?.[0]?.letters ?? [];
    expect(letters.map(({ job: of, reason }) => [of, reason])).toEqual(
      expect.arrayContaining([
        [null, null],
        [{ kind: "review", sessionId: "ses_three" }, null],
      ]),
    );
    expect(JSON.stringify(shown)).not.toContain("secret");
  });

  it("lists what is worked on, what waits for an answer and what lost its worker", async () => {
    const { id } = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const threadId = newThreadId();
    const message = { id: newMessageId(), text: "Why?", ask: true };
    await openThread(product.actor, { sessionId: id, threadId, path: "a.ts", message });
    await claimReview({ sessionId: id, id: "rev_now" }, 1, "usr_local");
    const before = vi.spyOn(Date, "now").mockReturnValue(Date.now() - 2 * LIMITS.lease.seconds * 1_000);
    await claimReview({ sessionId: id, id: "rev_dead" }, 1, "usr_local");
    before.mockRestore();
    const of = async () => ((await overview()).jobs ?? []).filter(({ sessionId }) => sessionId === id);
    const since = expect.stringMatching(/^2\d{3}-/);
    await expect.poll(of).toEqual([
      { kind: "review", state: "stalled", sessionId: id, id: "rev_dead", since },
      { kind: "answer", state: "waiting", sessionId: id, id: threadId, since },
      { kind: "review", state: "running", sessionId: id, id: "rev_now", since },
    ]);
  });

  it("adds up today's calls of each model, failures and what is under way with them", async () => {
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

  it("still shows the rest when the queues do not answer", async () => {
    product.cloud.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 1, service: "sqs" }] });
    try {
      const { queues, jobs, health } = await overview();
      expect({ queues, health: health.checks.queue }).toEqual({ queues: null, health: "failed" });
      expect(jobs).not.toBeNull();
    } finally {
      product.cloud.setFaults(LATE_READS);
    }
  });

  it("is for nobody but the operator", async () => {
    await expect(getOverview(stranger, {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(redrive(stranger, { queue: "review" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("redriving", () => {
  it("puts every dead letter's job back on its queue, once, and then has nothing more to do", async () => {
    const sessions = Array.from({ length: 23 }, (_, at) => `ses_${at}`);
    for (const id of sessions) await bury(id);
    expect(await redrive(product.actor, { queue: "review" })).toEqual({ moved: 23 });
    expect(await redrive(product.actor, { queue: "review" })).toEqual({ moved: 0 });
    expect(await queueCounts("review")).toEqual({
      jobs: { waiting: 23, inFlight: 0 },
      dead: { waiting: 0, inFlight: 0 },
    });
  });

  it("puts back the one that is named and leaves the others to be read at once", async () => {
    for (const id of ["ses_a", "ses_b", "ses_c"]) await bury(id);
    const [first, ...others] = await readDeadLetters("review");
    expect(await redrive(product.actor, { queue: "review", letter: first?.id })).toEqual({ moved: 1 });
    expect((await readDeadLetters("review")).map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
    expect(await redrive(product.actor, { queue: "review", letter: first?.id })).toEqual({ moved: 0 });
  });

  it("moves at most a hundred at a time, so that it always ends", async () => {
    for (let at = 0; at < MAX_LETTERS + 5; at += 1) await bury(`ses_${at}`);
    expect(await redrive(product.actor, { queue: "review" })).toEqual({ moved: MAX_LETTERS });
    expect(await redrive(product.actor, { queue: "review" })).toEqual({ moved: 5 });
  });
});
