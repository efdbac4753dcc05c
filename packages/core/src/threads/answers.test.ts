import { UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { beforeAll, describe, expect, it } from "vitest";
import { pasteSession, reviewVersion, stranger, withProduct } from "../../../../tests/support/product";
import { nowIso, nowSeconds, sleep } from "../platform/clock";
import { EventLogWriter, followLog, readLog } from "../platform/event-log";
import type { Session } from "../sessions/schema";
import { type AnswerKey, deleteMessage, getThread, openThread, postMessage } from "./index";
import {
  type AnswerEnd,
  answerAt,
  type ClaimedAnswer,
  claimAnswer,
  endAnswer,
  historyOf,
  interruptStale,
  onStopNearby,
  queryStaleAnswers,
  queryUnansweredBefore,
  renewAnswer,
  reopenAnswer,
  requestStop,
} from "./internal";
import { type AnswerEvent, answerLogId, newMessageId, newThreadId } from "./schema";
import { MessageEntity } from "./store";

const product = withProduct();
let session: Session;

beforeAll(async () => {
  session = await pasteSession(product.actor, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await reviewVersion(session, 1);
});

/** A question that the built-in reviewer would answer, in a thread of its own; its answer is pending. */
async function ask(): Promise<AnswerKey> {
  const message = { id: newMessageId(), text: "Why?", intent: "explain" as const };
  const at = { sessionId: session.id, threadId: newThreadId(), path: "a.ts", startLine: 2, message };
  await openThread(product.actor, at);
  return { sessionId: session.id, threadId: at.threadId, number: 2 };
}

async function claimed(at: AnswerKey): Promise<ClaimedAnswer> {
  const claim = await claimAnswer(product.actor, at);
  if (!claim) throw new Error("not claimed");
  return claim;
}

const end = (more: Partial<AnswerEnd> = {}): AnswerEnd => ({
  status: "done",
  text: "Because.",
  proposals: [],
  ...more,
});
const logOf = ({ sessionId, threadId, number }: AnswerKey, attempt = 1) =>
  answerLogId(sessionId, threadId, number, attempt);
const writerOf = (claim: ClaimedAnswer, at: AnswerKey) => new EventLogWriter<AnswerEvent>(logOf(at, claim.attempt));
const answerOf = async (at: AnswerKey) => (await answerAt(product.actor, at)).message;

/** What time does to a lease that nobody renews. */
async function letLeaseRunOut({ threadId, number }: AnswerKey): Promise<void> {
  const leaseUntil = nowSeconds() - 1;
  await MessageEntity.build(UpdateItemCommand)
    .item({ threadId, number, leaseUntil, gsi2sk: String(leaseUntil) })
    .send();
}

describe("an answer", () => {
  it("is pending until one claims it, and only one does", async () => {
    const at = await ask();
    expect(await answerOf(at)).toMatchObject({ number: 2, text: "", answer: { status: "pending", question: 1 } });
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimAnswer(product.actor, at)));
    expect(claims.filter((each) => each !== undefined)).toMatchObject([
      { attempt: 1, textSoFar: "", number: 2, thread: { path: "a.ts", anchor: { startLine: 2 } } },
    ]);
    expect(await answerOf(at)).toMatchObject({ text: "", answer: { status: "writing", attempt: 1 } });
    await expect(claimAnswer(stranger, at)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await expect(claimAnswer(product.actor, { ...at, number: 1 })).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
    await expect(claimAnswer(product.actor, { ...at, number: 3 })).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  });

  it("is stored once with all that is known of it, and is no more to be claimed", async () => {
    const at = await ask();
    const claim = await claimed(at);
    const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, estimated: false };
    const proposal = { kind: "text", summary: "Do", code: "x", reason: "No place" } as const;
    const all = end({ model: "openai:http://a#m", proposals: [proposal], usage, costMicroUsd: 7, totalMs: 9 });
    expect(await endAnswer(claim, all)).toBe(true);
    expect(await endAnswer(claim, end({ text: "Otherwise." }))).toBe(false);
    const { messages } = await getThread(product.actor, at);
    expect(messages[1]).toMatchObject({
      number: 2,
      text: "Because.",
      author: { kind: "reviewer", name: "openai:http://a#m" },
      answer: { status: "done", proposals: [proposal], usage, costMicroUsd: 7, totalMs: 9 },
    });
    expect(await claimAnswer(product.actor, at)).toBeUndefined();
    expect(await renewAnswer(claim)).toBe("lost");
    expect((await historyOf(at.threadId, 2, 10)).map((each) => each.text)).toEqual(["Why?", "Because."]);
  });

  it("may be longer than an item should be", async () => {
    const at = await ask();
    const text = "A long answer. ".repeat(40_000);
    expect(await endAnswer(await claimed(at), end({ text }))).toBe(true);
    expect(await answerOf(at)).toMatchObject({ text });
    const again = await reopenAnswer(product.actor, at, "text");
    expect(await claimed(at)).toMatchObject({ attempt: again.attempt, textSoFar: text });
  });

  it("hears of a stop at once in this process, and with the next look in another", async () => {
    const at = await ask();
    const claim = await claimed(at);
    expect(await renewAnswer(claim)).toBe("go-on");
    const heard: string[] = [];
    const listenNoMore = onStopNearby(claim, () => heard.push("stop"));
    await requestStop(product.actor, at);
    expect(heard).toEqual(["stop"]);
    expect(await renewAnswer(claim)).toBe("stop");
    listenNoMore();
    await endAnswer(claim, end({ status: "stopped", text: "Bec" }));
    await requestStop(product.actor, at);
    expect(await answerOf(at)).toMatchObject({ text: "Bec", answer: { status: "stopped" } });
  });

  it("that nobody has begun stops at once, and so does one whose question is deleted", async () => {
    const { actor } = product;
    for (const stop of [requestStop, (_: unknown, at: AnswerKey) => deleteMessage(actor, { ...at, number: 1 })]) {
      const at = await ask();
      await stop(actor, at);
      expect(await answerOf(at)).toMatchObject({ text: "", answer: { status: "stopped" } });
      expect(await claimAnswer(actor, at)).toBeUndefined();
    }
  });

  it("goes on from its text in an attempt of its own, which adds what it proposes and costs", async () => {
    const { actor } = product;
    const at = await ask();
    const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, estimated: false };
    const [first, second] = ["One", "Two"].map((summary) => ({ kind: "text" as const, summary, code: "", reason: "" }));
    const error = { code: "AI_TIMEOUT" as const, message: "Silent." };
    const proposals = first ? [first] : [];
    await endAnswer(
      await claimed(at),
      end({ status: "failed", text: "Half", usage, costMicroUsd: 3, error, proposals }),
    );
    const attempts = await Promise.all([reopenAnswer(actor, at, "text"), reopenAnswer(actor, at, "text")]);
    expect(attempts).toEqual([
      { attempt: 2, logId: logOf(at, 2) },
      { attempt: 2, logId: logOf(at, 2) },
    ]);
    const pending = await answerOf(at);
    expect(pending).toMatchObject({ text: "Half", answer: { status: "pending", attempt: 2 } });
    expect(pending.answer?.error).toBeUndefined();
    const claim = await claimed(at);
    expect(claim).toMatchObject({ attempt: 2, textSoFar: "Half" });
    await endAnswer(claim, end({ text: "Half done.", usage, costMicroUsd: 4, proposals: second ? [second] : [] }));
    expect(await answerOf(at)).toMatchObject({
      text: "Half done.",
      answer: { status: "done", attempt: 2, proposals: [first, second], usage: { inputTokens: 20 }, costMicroUsd: 7 },
    });
    await reopenAnswer(actor, at, "nothing");
    expect(await answerOf(at)).toMatchObject({ text: "", answer: { status: "pending", attempt: 3, proposals: [] } });
    await requestStop(actor, at);
    expect(await answerOf(at)).toMatchObject({ answer: { status: "stopped", attempt: 3 } });
  });

  it("is found by a sweeper while nobody begins it, and when its writer's lease has run out", async () => {
    const at = await ask();
    const isListed = (all: { threadId: string }[]) => all.some((each) => each.threadId === at.threadId);
    const pending = async () => queryUnansweredBefore(nowIso());
    await expect.poll(pending).toContainEqual({ ...at, userId: product.actor.userId });
    expect(isListed(await queryUnansweredBefore("2020-01-01T00:00:00.000Z"))).toBe(false);
    const claim = await claimed(at);
    await expect.poll(async () => isListed(await pending())).toBe(false);
    expect(isListed(await queryStaleAnswers())).toBe(false);
    await letLeaseRunOut(at);
    await expect.poll(queryStaleAnswers).toContainEqual({ ...at, userId: product.actor.userId });
    await endAnswer(claim, end());
    await expect.poll(async () => isListed(await queryStaleAnswers())).toBe(false);
    await reopenAnswer(product.actor, at, "nothing");
    await expect.poll(pending).toContainEqual({ ...at, userId: product.actor.userId });
    await requestStop(product.actor, at);
    await expect.poll(async () => isListed(await pending())).toBe(false);
  });

  it("whose writer died is interrupted with the words that its log holds, and its log ends", async () => {
    const at = await ask();
    const claim = await claimed(at);
    const writer = writerOf(claim, at);
    writer.append({ type: "model", name: "m" });
    writer.append({ type: "text", text: "So " });
    writer.append({ type: "text", text: "far" });
    await writer.flush();
    expect(await interruptStale(at)).toBe(false);
    expect(await renewAnswer(claim)).toBe("go-on");
    await letLeaseRunOut(at);
    expect(await answerAt(product.actor, at)).toMatchObject({ isStale: true });
    const ended = await Promise.all([interruptStale(at), interruptStale(at), interruptStale(at)]);
    expect(ended).toContain(true);
    expect(await interruptStale(at)).toBe(false);
    expect(await answerAt(product.actor, at)).toMatchObject({
      isStale: false,
      message: { text: "So far", answer: { status: "interrupted", model: "m" } },
    });
    const log = await readLog<AnswerEvent>(logOf(at));
    expect(log.map(({ event, last }) => [event.type, last])).toEqual([
      ["model", false],
      ["text", false],
      ["text", false],
      ["end", true],
    ]);
    // The writer was only asleep: nothing of what it does now is kept.
    writer.append({ type: "text", text: " too late" });
    await expect(writer.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(writer.isLost).toBe(true);
    expect(await endAnswer(claim, end())).toBe(false);
    expect(await readLog(logOf(at))).toEqual(log);
    expect(await answerOf(at)).toMatchObject({ text: "So far", answer: { status: "interrupted" } });
  });

  it("that was being ended when that process died too is ended by the next", async () => {
    const at = await ask();
    const writer = writerOf(await claimed(at), at);
    writer.append({ type: "text", text: "Kept" });
    await writer.flush();
    const { threadId, number } = at;
    await MessageEntity.build(UpdateItemCommand).item({ threadId, number, status: "closing" }).send();
    expect(await answerAt(product.actor, at)).toMatchObject({ isStale: true, answer: { status: "writing" } });
    expect(await interruptStale(at)).toBe(true);
    expect(await answerOf(at)).toMatchObject({ text: "Kept", answer: { status: "interrupted" } });
  });

  it("ends for those who follow it also when they heard more than was stored before its writer died", async () => {
    const at = await ask();
    const writer = writerOf(await claimed(at), at);
    writer.append({ type: "text", text: "Stored" });
    await writer.flush();
    const seen: AnswerEvent[] = [];
    const following = (async () => {
      for await (const { event } of followLog<AnswerEvent>(logOf(at), 0, AbortSignal.timeout(600_000)))
        seen.push(event);
    })();
    await sleep(50);
    await letLeaseRunOut(at);
    writer.append({ type: "text", text: ", heard only" });
    await interruptStale(at);
    await following;
    expect(seen.at(-1)).toEqual({ type: "end", status: "interrupted" });
    expect(await answerOf(at)).toMatchObject({ text: "Stored" });
  });

  it("keeps its lease by being renewed, beside messages that are posted meanwhile", async () => {
    const at = await ask();
    const claim = await claimed(at);
    const post = (text: string) => postMessage(product.actor, { ...at, id: newMessageId(), text, ask: false });
    const [first] = await Promise.all([renewAnswer(claim), post("One"), post("Two")]);
    expect(first).toBe("go-on");
    await endAnswer(claim, end());
    const { messages } = await getThread(product.actor, at);
    expect(messages.map((each) => [each.number, each.text])).toEqual([
      [1, "Why?"],
      [2, "Because."],
      [3, expect.stringMatching(/One|Two/)],
      [4, expect.stringMatching(/One|Two/)],
    ]);
  });
});
