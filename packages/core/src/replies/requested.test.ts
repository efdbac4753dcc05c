import { DeleteMessageCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { localClient } from "../../../../tests/support/cloud";
import { ask, getReply, readReplyEvents, withModel } from "../../../../tests/support/conversation";
import { outbox } from "../../../../tests/support/outbox";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import { parseJob } from "../jobs/index";
import { LIMITS } from "../limits";
import { resources } from "../platform/resources";
import { postMessage } from "../threads/index";
import { newMessageId } from "../threads/schema";
import { continueReply } from "./index";
import { replyWork } from "./internal";

type ReplyJob = Parameters<typeof replyWork.perform>[0] & { kind: "reply" };

const product = withProduct();
const model = withModel();
const sendOutbox = outbox(product);
let sqs: SQSClient;
const queue = () => ({ QueueUrl: resources.ReviewQueue.url });

beforeAll(() => {
  sqs = new SQSClient(localClient(product.cloud.endpoints.sqs));
});
beforeEach(async () => {
  await sendOutbox();
  await sqs.send(new PurgeQueueCommand(queue()));
});
afterAll(() => sqs.destroy());

/** The jobs of replies that a worker would get now. */
async function jobs(): Promise<ReplyJob[]> {
  await sendOutbox();
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ ...queue(), MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ ...queue(), ReceiptHandle }));
  const all = Messages.map(({ Body = "" }) => parseJob(Body) as unknown as ReplyJob);
  return all.filter(({ kind }) => kind === "reply");
}

/** Returns how long the next job was hidden from workers after it was sent, in ms. */
async function hiddenMs(): Promise<number> {
  await sendOutbox();
  const receive = { ...queue(), MessageSystemAttributeNames: ["All" as const], WaitTimeSeconds: 20 };
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(receive));
  const { SentTimestamp, ApproximateFirstReceiveTimestamp } = message?.Attributes ?? {};
  return Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp);
}

const paste = () => pasteSession(product.actor, { "a.ts": "let x = 1;\n" });

describe("a reply that was asked for", () => {
  it("is queued at once when it has no follower, and the worker writes it", async () => {
    const pending = await ask(product.actor, await paste());
    const [job, ...others] = await jobs();
    expect([job, others]).toEqual([expect.objectContaining({ kind: "reply", ...pending.at }), []]);
    model.server.answer({ text: "It sets x." });
    if (job) await replyWork.perform(job);
    expect(await getReply(product.actor, pending)).toMatchObject({ text: "It sets x.", reply: { status: "done" } });
  });

  it("is left to its announced follower for a few seconds, and then queued too", async () => {
    const pending = await ask(product.actor, await paste());
    await jobs();
    const { sessionId, threadId } = pending.at;
    await postMessage(product.actor, { sessionId, threadId, id: newMessageId(), text: "And y?", follows: true });
    expect(await hiddenMs()).toBeGreaterThanOrEqual(LIMITS.reply.followGraceSeconds * 1_000);
  });

  it("causes one model call when a follower and the worker start together", async () => {
    const pending = await ask(product.actor, await paste());
    const [job] = await jobs();
    model.server.answer({ text: "It sets x.", delayMs: 5 });
    await Promise.all([
      readReplyEvents(product.actor, pending.logId),
      replyWork.perform(job as ReplyJob),
      replyWork.perform(job as ReplyJob),
    ]);
    expect(await getReply(product.actor, pending)).toMatchObject({ text: "It sets x.", reply: { status: "done" } });
    expect(model.server.requests).toHaveLength(1);
  });

  it("is queued at once when it is continued without a follower", async () => {
    const pending = await ask(product.actor, await paste());
    const [job] = await jobs();
    model.server.answer({ chunks: ["It sets", "x"], fault: { kind: "silent", after: 1 } });
    const written = replyWork.perform(job as ReplyJob);
    await expect.poll(() => model.server.requests.length, { timeout: 20_000 }).toBe(1);
    await replyWork.handBack();
    await written;
    await continueReply(product.actor, pending.at);
    model.server.answer({ text: " x." });
    const [again] = await jobs();
    await replyWork.perform(again as ReplyJob);
    expect(await getReply(product.actor, pending)).toMatchObject({ reply: { status: "done", attempt: 2 } });
  });
});
