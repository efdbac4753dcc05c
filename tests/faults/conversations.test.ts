import { LIMITS } from "@redline/core/limits";
import { sleep } from "@redline/core/platform/clock";
import { readLog } from "@redline/core/platform/event-log";
import { continueReply } from "@redline/core/replies/index";
import { loadTask } from "@redline/core/replies/task";
import type { Session } from "@redline/core/sessions/schema";
import { getThread, openThread, postMessage, type ReplyKey } from "@redline/core/threads/index";
import { newMessageId, newThreadId, type ReplyEvent } from "@redline/core/threads/schema";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { LATE_READS } from "../support/cloud";
import { withModel } from "../support/conversation";
import { pasteSession, reviewVersion, withProduct } from "../support/product";
import {
  claimReply,
  endReply,
  type HeldReply,
  letLeaseRunOut,
  logIdOf,
  performReply,
  readReply,
  writerOf,
} from "../support/replies";
import { testSeed } from "../support/seed";

const product = withProduct();
withModel();
const ROUNDS = process.env.REDLINE_LONG ? 400 : 40;
const RUNS = process.env.REDLINE_LONG ? 300 : 25;
const SEED = testSeed(1_204_117);
let session: Session;

beforeAll(startSession);

async function startSession(): Promise<void> {
  session = await until(() => pasteSession(product.actor, { "a.ts": "export function f() {\n  debugger;\n}\n" }));
  await until(() => reviewVersion(session, 1));
}

let asked = 0;

/** Asks in a new thread, and in a new session before the one before is full of open threads. */
async function ask(): Promise<ReplyKey> {
  asked += 1;
  if (asked % (LIMITS.thread.maxOpen - 5) === 0) await startSession();
  const message = { id: newMessageId(), text: "Why?", messageKind: "explain" as const };
  const thread = { sessionId: session.id, threadId: newThreadId(), path: "a.ts", startLine: 2 };
  await until(() => openThread(product.actor, { ...thread, message }));
  return { sessionId: session.id, threadId: thread.threadId, number: 2 };
}

/** Repeats a request as a client does, until a response arrives. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 50) throw error;
    }
  }
}

const textOf = (events: ReplyEvent[]) => events.map((event) => (event.type === "text" ? event.text : "")).join("");

describe(`F3: answers of the table are lost while people talk (seed ${SEED})`, () => {
  afterEach(() => product.cloud.setFaults(LATE_READS));

  const loseResponses = () =>
    product.cloud.setFaults({
      ...LATE_READS,
      seed: SEED,
      rules: [
        { kind: "drop", probability: 0.3, service: "dynamodb", operation: "TransactWriteItems" },
        { kind: "drop", probability: 0.3, service: "dynamodb", operation: "UpdateItem" },
        { kind: "conflict", probability: 0.1, service: "dynamodb" },
        { kind: "cut", probability: 0.05, service: "dynamodb" },
      ],
    });

  it(`${ROUNDS} messages, each sent again until answered, are ${ROUNDS} messages`, async () => {
    const { actor } = product;
    const at = await ask();
    loseResponses();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const message = { id: newMessageId(), text: `Round ${round}`, wantsReply: false };
      expect(await until(() => postMessage(actor, { ...at, ...message }))).toMatchObject({ number: round + 2 });
    }
    product.cloud.setFaults(LATE_READS);
    const { thread, messages } = await getThread(actor, at);
    expect(thread.count).toBe(ROUNDS + 2);
    expect(messages.at(-1)?.text).toBe(`Round ${ROUNDS}`);
  });

  it("a reply is written and ended once, its log without a gap and without an echo", async () => {
    for (let round = 0; round < ROUNDS / 4; round += 1) {
      const at = await ask();
      loseResponses();
      const claim = await until(() => claimReply(at));
      product.cloud.setFaults(LATE_READS);
      expect(claim, `round ${round}`).toBeDefined();
      loseResponses();
      const writer = writerOf(claim as HeldReply);
      const words = Array.from({ length: 12 }, (_, index) => `word${index} `);
      for (const text of words) {
        writer.append({ type: "text", text });
        if (Math.random() < 0.5) await writer.flush().catch(() => undefined);
      }
      await until(() => writer.flush());
      expect(await until(() => endReply(claim as HeldReply, words.join("")))).toBe(true);
      product.cloud.setFaults(LATE_READS);
      const log = await readLog<ReplyEvent>(logIdOf(claim as HeldReply));
      expect(log.map((entry) => entry.sequence)).toEqual(words.map((_, index) => index + 1));
      expect(textOf(log.map((entry) => entry.event))).toBe(words.join(""));
    }
  });
});

/** A writer's script, with the places where it may be paused for longer than its lease. */
const script = fc.record({
  words: fc.array(fc.constantFrom("alpha ", "beta ", "gamma "), { minLength: 1, maxLength: 8 }),
  pausedAfter: fc.nat(9),
  flushes: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  isRaced: fc.boolean(),
});

describe("two writers of one reply, one paused past its lease", () => {
  it(`stores exactly one text, and no log mixes: ${RUNS} runs`, async () => {
    await fc.assert(fc.asyncProperty(script, pauseAndTakeOver), {
      numRuns: RUNS,
      seed: SEED,
    });
  });
});

async function pauseAndTakeOver({
  words,
  pausedAfter,
  flushes,
  isRaced,
}: typeof script extends fc.Arbitrary<infer S> ? S : never) {
  const { actor } = product;
  const at = await ask();
  const first = (await claimReply(at)) as HeldReply;
  const writer = writerOf(first);
  const say = async (from: number, to: number) => {
    for (const [index, text] of words.slice(from, to).entries()) {
      writer.append({ type: "text", text });
      if (flushes[from + index]) await writer.flush().catch(() => undefined);
    }
  };
  await say(0, pausedAfter);
  await letLeaseRunOut(at);

  // The second takes over while the first sleeps, or just as it wakes.
  const takeOver = async () => {
    await performReply(at);
    const { reply } = await readReply(at);
    if (reply.status !== "interrupted") return undefined;
    await continueReply(actor, at);
    const second = (await claimReply(at)) as HeldReply;
    const { textSoFar } = await loadTask(actor, session, second);
    const next = writerOf(second);
    next.append({ type: "text", text: "and the rest" });
    await next.flush();
    expect(await endReply(second, `${textSoFar}and the rest`)).toBe(true);
    await next.end({ type: "end", status: "done" });
    return { second, textSoFar };
  };
  const wakeUp = async () => {
    await say(pausedAfter, words.length);
    await writer.flush().catch(() => undefined);
    return endReply(first, words.join(""));
  };
  const late = isRaced ? sleep(Math.random() * 20).then(wakeUp) : undefined;
  const taken = await takeOver();
  const isFirstStored = await (late ?? wakeUp());

  const message = await readReply(at);
  const { reply } = message;
  const firstLog = (await readLog<ReplyEvent>(logIdOf(first))).map((entry) => entry.event);
  expect(words.join("").startsWith(textOf(firstLog))).toBe(true);
  expect(reply.status).toBe("done");
  if (!taken) {
    expect(isFirstStored).toBe(true);
    expect(message.text).toBe(words.join(""));
    return;
  }
  expect(isFirstStored).toBe(false);
  expect(reply.attempt).toBe(2);
  expect(taken.textSoFar).toBe(textOf(firstLog));
  expect(message.text).toBe(`${textOf(firstLog)}and the rest`);
  expect(firstLog.at(-1)).toMatchObject({ type: "end", status: "interrupted" });
  const secondLog = (await readLog<ReplyEvent>(logIdOf(taken.second))).map((entry) => entry.event);
  expect(secondLog.map((event) => event.type)).toEqual(["text", "end"]);
}
