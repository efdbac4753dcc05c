import { randomUUID } from "node:crypto";
import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { readLog } from "@redline/core/platform/event-log";
import { latestModelReview, latestReview, listFindings, requestModelReview } from "@redline/core/review/index";
import { reviewLogId } from "@redline/core/review/internal";
import { modelReviewLogId, newModelReviewId, type ReviewEvent } from "@redline/core/review/schema";
import { trashSession } from "@redline/core/sessions/index";
import type { Session } from "@redline/core/sessions/schema";
import { listCalls } from "@redline/core/usage/index";
import { handler } from "@redline/functions/review";
import { QUEUES } from "@redline/local/launcher/resource-env";
import { ensureQueues } from "@redline/local/provision-queues";
import { queueArn } from "@redline/local/sqs/queue";
import type { Context, SQSBatchResponse, SQSRecord } from "aws-lambda";
import { beforeAll, describe, expect, it } from "vitest";
import { localClient } from "../support/cloud";
import { withModel } from "../support/conversation";
import { pasteSession, withProduct } from "../support/product";

const product = withProduct();
const model = withModel();
const LONG = process.env.REDLINE_LONG === "1";
const JOBS = LONG ? 1_000 : 60;
const SUBSETS = 1_024;
/** Subsets that are tried: all, or some, from the one in which all fail on. An odd step goes through all of them before it repeats one. */
const TRIED = LONG ? SUBSETS : 64;
const STEP = 37;
const SEED = 20_261_121;
const CODE = "export function f(list: string[]) {\n  debugger;\n  return list[0].length;\n}\n";

let sqs: SQSClient;
const queue = QUEUES.ReviewQueue;
beforeAll(() => {
  sqs = new SQSClient(localClient(product.cloud.endpoints.sqs));
});

const context = { getRemainingTimeInMillis: () => 300_000 } as Context;

function recordOf(body: unknown, receives = 1): SQSRecord {
  return {
    messageId: randomUUID(),
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(receives) },
  } as SQSRecord;
}

/** The ids that a batch answers with as failed, in their order. When all did the call itself fails, and counts as failed. */
async function failedOf(records: SQSRecord[]): Promise<string[]> {
  try {
    const response = (await handler({ Records: records }, context, () => undefined)) as SQSBatchResponse;
    return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "FullBatchFailureError") throw error;
    return records.map(({ messageId }) => messageId);
  }
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = items.map((item) => ({ item, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

async function inParallel<T>(items: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const take = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: width }, take));
}

const builtinJob = (session: Session) => ({
  ...{ kind: "review", sessionId: session.id, version: 1, userId: session.creatorId },
});

async function modelJob(session: Session) {
  const { id } = await requestModelReview(product.actor, {
    ...{ sessionId: session.id, id: newModelReviewId(), scope: { kind: "session" } },
  });
  return { kind: "model-review", sessionId: session.id, reviewId: id, userId: session.creatorId };
}

describe("F4: jobs that are delivered more than once, in any order", () => {
  it(`${JOBS} jobs, each one to five times: one effect each, and the same end state`, async () => {
    const random = randomNumbers(SEED);
    model.server.script(() => ({
      toolCalls: [
        {
          name: "report_finding",
          input: {
            ...{ path: "a.ts", start_line: 3, end_line: 3, severity: "major", rule: "missing-check" },
            ...{ title: "An empty list has no first entry", explanation: "It throws.", confidence: "high" },
          },
        },
        { name: "finish_review", input: { summary: "One.", confidence: "high" } },
      ],
    }));
    const jobs: { session: Session; job: { kind: string; reviewId?: string } }[] = [];
    await inParallel(
      Array.from({ length: JOBS / 2 }, (_, at) => at),
      8,
      async () => {
        const session = await pasteSession(product.actor, { "a.ts": CODE });
        jobs.push({ session, job: builtinJob(session) }, { session, job: await modelJob(session) });
      },
    );
    const deliveries = shuffled(
      jobs.flatMap(({ job }) => Array.from({ length: 1 + Math.floor(random() * 5) }, () => job)),
      random,
    );
    const failed: string[] = [];
    await inParallel(deliveries, 8, async (job) => {
      failed.push(...(await failedOf([recordOf(job)])));
    });
    expect(failed).toEqual([]);
    const { actor } = product;
    const ends = new Set<string>();
    for (const { session, job } of jobs) {
      const sessionId = session.id;
      const log = await readLog<ReviewEvent>(
        job.reviewId ? modelReviewLogId(sessionId, job.reviewId) : reviewLogId(sessionId, 1),
      );
      expect(log.filter(({ event }) => event.type === "started")).toHaveLength(1);
      expect(log.filter(({ last }) => last).map(({ event }) => event.type)).toEqual(["done"]);
      const [builtin, byModel, findings] = await Promise.all([
        latestReview(actor, { sessionId }),
        latestModelReview(actor, { sessionId }),
        listFindings(actor, { sessionId }),
      ]);
      ends.add(JSON.stringify([builtin?.status, byModel?.status, findings.map(({ rule, title }) => [rule, title])]));
    }
    expect([...ends]).toHaveLength(1);
    expect(model.server.calls).toHaveLength(JOBS / 2);
    let ledger = 0;
    for (let cursor: string | undefined; ; ) {
      const page = await listCalls(actor, { teamId: actor.personalTeamId, task: "review", cursor });
      ledger += page.calls.length;
      cursor = page.nextCursor;
      if (!cursor) break;
    }
    expect(ledger).toBe(model.server.calls.length);
  });
});

describe("F5: a batch of which some fail", () => {
  it(`a batch reports exactly the failed jobs, for ${LONG ? "each" : TRIED} of the 1,024 subsets of ten`, async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    await trashSession(product.actor, { id: session.id });
    const good = [builtinJob(session), { ...builtinJob(session), kind: "model-review", reviewId: newModelReviewId() }];
    // A job that can't be done and can't be put with the dead letters either has to stay on the queue.
    const bad = { ...builtinJob(session), userId: "usr_nobody" };
    await sqs.send(new DeleteQueueCommand({ QueueUrl: deadUrl() }));
    let exact = 0;
    await inParallel(
      Array.from({ length: TRIED }, (_, at) => SUBSETS - 1 - ((at * STEP) % SUBSETS)),
      4,
      async (subset) => {
        const records = Array.from({ length: 10 }, (_, at) =>
          recordOf(subset & (1 << at) ? bad : good[at % good.length]),
        );
        const wanted = records.filter((_, at) => subset & (1 << at)).map(({ messageId }) => messageId);
        if (JSON.stringify(await failedOf(records)) === JSON.stringify(wanted)) exact += 1;
      },
    );
    await ensureQueues(sqs, [queue]);
    expect(exact).toBe(TRIED);
  });
});

describe("F6: poison among good jobs", () => {
  it("a poison job becomes a dead letter with its reason, all others are done, and redriving twice has one effect", async () => {
    model.server.script(() => ({
      toolCalls: [{ name: "finish_review", input: { summary: "Fine.", confidence: "high" } }],
    }));
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const good = [builtinJob(session), await modelJob(session)];
    const missing = `ses_${"0".repeat(26)}`;
    const poison = [
      ["not JSON", /^INVALID_INPUT/],
      [{ kind: "model-review", sessionId: session.id }, /^INVALID_INPUT/],
      [{ ...builtinJob(session), userId: "usr_nobody" }, /^UNAUTHORIZED/],
      [{ ...builtinJob(session), sessionId: missing }, /^SESSION_NOT_FOUND/],
      [
        { kind: "model-review", sessionId: missing, reviewId: newModelReviewId(), userId: session.creatorId },
        /^SESSION_/,
      ],
    ] as const;
    const records = [...poison.map(([body]) => recordOf(body)), ...good.map((body) => recordOf(body))];
    expect(await failedOf(shuffled(records, randomNumbers(SEED)))).toEqual([]);
    const dead = await take(deadUrl());
    const reasons = new Map(
      dead.map((message) => [message.Body, message.MessageAttributes?.reason?.StringValue ?? ""]),
    );
    expect([...reasons.keys()].sort()).toEqual(poison.map(([body]) => recordOf(body).body).sort());
    for (const [body, reason] of poison) expect(reasons.get(recordOf(body).body)).toMatch(reason);
    const done = await latestModelReview(product.actor, { sessionId: session.id });
    expect(done?.status).toBe("done");
    expect((await latestReview(product.actor, { sessionId: session.id }))?.status).toBe("done");

    // A good job that landed there by mistake is redriven, twice: it is done already.
    const before = model.server.calls.length;
    for (let round = 1; round <= 2; round += 1) {
      for (const job of good) await failedOf([recordOf(job, 4)]);
      await failedOf([recordOf("not JSON", 3)]);
      await sqs.send(
        new StartMessageMoveTaskCommand({
          ...{ SourceArn: queueArn(`${queue.name}-dead`), DestinationArn: queueArn(queue.name) },
        }),
      );
      await expect.poll(async () => (await take(mainUrl())).map(({ Body }) => Body)).toContain("not JSON");
    }
    expect(model.server.calls).toHaveLength(before);
    expect(await latestModelReview(product.actor, { sessionId: session.id })).toEqual(done);
  });
});

const urlOf = (name: "ReviewQueue" | "ReviewDeadQueue"): string =>
  (JSON.parse(process.env[`SST_RESOURCE_${name}`] ?? "{}") as { url: string }).url;
const mainUrl = () => urlOf("ReviewQueue");
const deadUrl = () => urlOf("ReviewDeadQueue");

/** Takes all messages off a queue. */
async function take(QueueUrl: string) {
  const taken = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
        WaitTimeSeconds: 0,
      }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}
