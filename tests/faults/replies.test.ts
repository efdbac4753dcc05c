import { performJob } from "@redline/core/jobs/index";
import { EventLogWriter, type LogEvent } from "@redline/core/platform/event-log";
import { continueReply, followReply, stopReply } from "@redline/core/replies/index";
import { replyWork } from "@redline/core/replies/internal";
import type { ReplyEvent, ReplyStatus } from "@redline/core/threads/schema";
import { listCalls } from "@redline/core/usage/index";
import type { Call } from "@redline/core/usage/schema";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ask,
  eventsOf,
  getReply,
  PROTOCOLS,
  type Protocol,
  readReplyEvents,
  speak,
  withModel,
  wordsOf,
} from "../support/conversation";
import { FAULTS, type ScriptedAnswer } from "../support/model-server/index";
import { outbox } from "../support/outbox";
import { pasteSession, withProduct } from "../support/product";
import { claimReply, endReply, performReply } from "../support/replies";

const product = withProduct();
const model = withModel();
const LONG = process.env.REDLINE_LONG === "1";
const RESUMES = LONG ? 500 : 100;
const STOPS = LONG ? 100 : 20;
const AT_ONCE = LONG ? 100 : 30;

const paste = () => pasteSession(product.actor, { "a.ts": "export const one = 1;\nexport const two = 2;\n" });

/** Core once more, with a memory of its own: what another process would be. */
async function anotherProcess() {
  vi.resetModules();
  const { followReply: follow, stopReply: stop } = await import("@redline/core/replies/index");
  return { follow, stop };
}

async function callsOf(at: { threadId: string }): Promise<Call[]> {
  const day = new Date().toISOString().slice(0, 10);
  const { calls } = await listCalls(product.actor, { teamId: product.actor.personalTeamId, from: day, to: day });
  return calls.filter(({ about }) => about.kind === "message" && about.threadId === at.threadId);
}

describe("F9: whatever a model does wrong", () => {
  type Expected = { status: ReplyStatus; code?: string; calls: string[]; hasText: boolean };
  const cases: [string, ScriptedAnswer, Expected][] = [
    ["is silent", FAULTS.silent, { status: "failed", code: "AI_TIMEOUT", calls: ["failed"], hasText: false }],
    [
      "falls silent",
      FAULTS.silentAfterText,
      { status: "failed", code: "AI_TIMEOUT", calls: ["failed"], hasText: true },
    ],
    ["is cut", FAULTS.cut, { status: "failed", code: "NETWORK_ERROR", calls: ["truncated"], hasText: true }],
    [
      "ends silently",
      FAULTS.silentEnd,
      { status: "failed", code: "NETWORK_ERROR", calls: ["truncated"], hasText: true },
    ],
    ["sends garbage", FAULTS.garbage, { status: "failed", calls: ["failed"], hasText: true }],
    ["refuses", FAULTS.refusal, { status: "refused", calls: ["done"], hasText: true }],
    ["is over-long", FAULTS.overLong, { status: "truncated", calls: ["truncated"], hasText: true }],
    [
      "sends malformed JSON three times",
      FAULTS.malformedTool,
      { status: "failed", code: "AI_MALFORMED_RESPONSE", calls: ["done", "done", "done"], hasText: true },
    ],
  ];

  describe.each(PROTOCOLS)("%s", (protocol) => {
    it.each(cases)("%s: typed, the text kept, resumable, in the ledger", async (_name, reply, expected) => {
      useImpatient(protocol);
      const pending = await ask(product.actor, await paste());
      const repeated = expected.calls.map(() => reply);
      model.server.answer(...repeated);
      const entries = await readReplyEvents(product.actor, pending.logId);
      const stored = await getReply(product.actor, pending);
      expect(stored.reply.status).toBe(expected.status);
      expect(stored.reply.error?.code).toBe(expected.code ?? stored.reply.error?.code);
      expect(stored.text).toBe(wordsOf(entries));
      expect(stored.text !== "").toBe(expected.hasText);
      expect(eventsOf(entries).at(-1)).toMatchObject({ type: "end", status: expected.status });
      expect(statusesOf(await callsOf(pending.at))).toHaveLength(expected.calls.length);
      expect(model.server.requests).toHaveLength(expected.calls.length);
      if (expected.status === "refused") return;

      model.server.answer({ text: " And the rest." });
      await readReplyEvents(product.actor, (await continueReply(product.actor, pending.at)).logId);
      const done = await getReply(product.actor, pending);
      expect(done.reply.status).toBe("done");
      expect(done.text).toBe(`${stored.text} And the rest.`);
      expect(await callsOf(pending.at)).toHaveLength(expected.calls.length + 1);
    });

    it("throttles every third call: it is retried, and every call made is in the ledger", async () => {
      speak(model.server, protocol);
      model.server.throttle({ share: 0.3 });
      const session = await paste();
      const replies = await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const pending = await ask(product.actor, session, { text: `Question ${at}` });
          await readReplyEvents(product.actor, pending.logId);
          return getReply(product.actor, pending);
        }),
      );
      expect(replies.map(({ reply }) => reply.status)).toEqual(replies.map(() => "done"));
      expect(model.server.requests.length).toBeGreaterThan(model.server.calls.length);
      expect(model.server.calls).toHaveLength(10);
    });
  });

  const statusesOf = (calls: Call[]) => calls.map(({ status }) => status);

  /** Configures a model that has to answer soon. */
  function useImpatient(protocol: Protocol): void {
    speak(model.server, protocol);
    const name = process.env.REDLINE_MODEL;
    process.env.REDLINE_MODELS = JSON.stringify({ default: [{ model: name, silentSeconds: 0.5 }] });
  }
});

describe("F10: readers that drop", () => {
  it(`${RESUMES} resumes at random offsets, here and in another process: the same bytes, one model call`, async () => {
    const other = await anotherProcess();
    const pending = await ask(product.actor, await paste());
    const text = Array.from({ length: 400 }, (_, at) => `word ${at} é🙂 `).join("");
    model.server.answer({ text, chunkChars: 9, delayMs: 4 });
    let resumes = 0;
    const readDropping = async (follow: typeof followReply, steps: number): Promise<string> => {
      let words = "";
      let after = 0;
      for (;;) {
        const drop = new AbortController();
        let left = 1 + Math.floor(Math.random() * steps);
        const signal = AbortSignal.any([drop.signal, AbortSignal.timeout(600_000)]);
        for await (const { sequence, event, last } of await follow(product.actor, {
          logId: pending.logId,
          after,
          signal,
        })) {
          after = sequence;
          if (event.type === "text") words += event.text;
          if (last) return words;
          if (--left === 0) break;
        }
        drop.abort();
        resumes += 1;
      }
    };
    const readers = [
      ...Array.from({ length: 20 }, () => readDropping(followReply, 25)),
      ...Array.from({ length: 5 }, () => readDropping(other.follow as typeof followReply, 60)),
    ];
    const read = await Promise.all(readers);
    while (resumes < RESUMES)
      read.push(await readDropping(resumes % 2 ? followReply : (other.follow as typeof followReply), 25));
    expect(new Set(read)).toEqual(new Set([text]));
    expect((await getReply(product.actor, pending)).text).toBe(text);
    expect(model.server.calls).toHaveLength(1);
  });

  it("two readers in two processes cause one generation", async () => {
    const other = await anotherProcess();
    const session = await paste();
    for (let round = 0; round < 10; round += 1) {
      const pending = await ask(product.actor, session, { text: `Round ${round}` });
      const input = () => ({ logId: pending.logId, after: 0, signal: AbortSignal.timeout(600_000) });
      const read = async (events: Promise<AsyncIterable<LogEvent<ReplyEvent>>>) => {
        let words = "";
        for await (const { event } of await events) if (event.type === "text") words += event.text;
        return words;
      };
      const [here, there] = await Promise.all([
        read(followReply(product.actor, input())),
        read(other.follow(product.actor, input())),
      ]);
      expect(there).toBe(here);
    }
    expect(model.server.calls).toHaveLength(10);
  });
});

describe("F11: stopping", () => {
  it(`${STOPS} of ${STOPS} replies end where their readers stop them from another process, and their calls are closed`, async () => {
    const other = await anotherProcess();
    model.server.script(() => ({ text: "on and on ".repeat(2_000), chunkChars: 10, delayMs: 20 }));
    const sessions = await Promise.all(Array.from({ length: Math.ceil(STOPS / 50) }, paste));
    const ended = await Promise.all(
      Array.from({ length: STOPS }, async (_, at) => {
        const pending = await ask(product.actor, sessions[at % sessions.length] ?? (await paste()));
        const stop = at % 2 ? stopReply : other.stop;
        let words = 0;
        for await (const { event } of await followReply(product.actor, {
          logId: pending.logId,
          after: 0,
          signal: AbortSignal.timeout(600_000),
        })) {
          if (event.type === "text" && ++words === 1 + (at % 7)) await stop(product.actor, pending.at);
          if (event.type === "end") return event.status;
        }
        return "no end";
      }),
    );
    expect(ended).toEqual(ended.map(() => "stopped"));
    await vi.waitFor(() => expect(model.server.abandoned).toHaveLength(STOPS), { timeout: 60_000 });
  });
});

describe("a question without a follower", () => {
  it("gets its reply from the job stored with it, once however often that is delivered", async () => {
    const sendOutbox = outbox(product);
    const unfollowed = await ask(product.actor, await paste());
    const jobs = (await sendOutbox()).filter(({ threadId }) => threadId === unfollowed.at.threadId);
    expect(jobs).toMatchObject([{ ...unfollowed.at, userId: product.actor.userId }]);
    await Promise.all([...jobs, ...jobs].map((job) => performJob(job)));
    expect((await getReply(product.actor, unfollowed)).reply.status).toBe("done");
    expect(model.server.calls).toHaveLength(1);
  });
});

describe("a writer that dies", () => {
  const later = (seconds: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
  afterEach(() => vi.useRealTimers());

  /** Begins to write a reply and gets no further. */
  async function die() {
    const pending = await ask(product.actor, await paste());
    const claim = await claimReply(pending.at);
    if (!claim) throw new Error("not claimed");
    const log = new EventLogWriter<ReplyEvent>(pending.logId);
    log.append({ type: "text", text: "Half an ans" });
    await log.flush();
    return { pending, claim, log };
  }

  it("leaves an interrupted reply with its text, is fenced, and another continues", async () => {
    const { pending, claim, log } = await die();
    later(61);
    const entries = await readReplyEvents(product.actor, pending.logId);
    expect(wordsOf(entries)).toBe("Half an ans");
    expect(eventsOf(entries).at(-1)).toEqual({ type: "end", status: "interrupted" });
    log.append({ type: "text", text: "wer that nobody waits for" });
    await expect(log.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(await endReply(claim, "Half an answer, late")).toBe(false);
    expect(await getReply(product.actor, pending)).toMatchObject({
      text: "Half an ans",
      reply: { status: "interrupted" },
    });

    model.server.answer({ text: "wer." });
    await readReplyEvents(product.actor, (await continueReply(product.actor, pending.at)).logId);
    expect(await getReply(product.actor, pending)).toMatchObject({
      text: "Half an answer.",
      reply: { status: "done" },
    });
  });

  it("is detected by a current follower, without a new connection", async () => {
    const { pending } = await die();
    const reading = readReplyEvents(product.actor, pending.logId);
    later(61);
    expect(eventsOf(await reading).at(-1)).toEqual({ type: "end", status: "interrupted" });
  });

  it("is detected by the sweep, whose job ends the reply with its text", async () => {
    const { pending } = await die();
    later(61);
    await vi.waitFor(async () => expect(await replyWork.sweep()).toBe(1), 60_000);
    await performReply(pending.at);
    expect(await getReply(product.actor, pending)).toMatchObject({
      text: "Half an ans",
      reply: { status: "interrupted" },
    });
  });
});

describe(`${AT_ONCE} replies at once`, () => {
  it("all end, none with text of another, and nothing is left behind", async () => {
    const sessions = await Promise.all([paste(), paste(), paste()]);
    model.server.script((call) => {
      const mark = /mark-\d+/.exec(call.lastText)?.[0] ?? "none";
      return { text: `${mark} `.repeat(60), chunkChars: 8, delayMs: 10 };
    });
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, at) => {
        const pending = await ask(product.actor, sessions[at % 3] ?? (await paste()), { text: `Say mark-${at}` });
        const entries = await readReplyEvents(product.actor, pending.logId);
        expect(wordsOf(entries)).toBe(`mark-${at} `.repeat(60));
        return getReply(product.actor, pending);
      }),
    );
    await replyWork.settle();
    expect(replies.map(({ text }) => text)).toEqual(replies.map((_, at) => `mark-${at} `.repeat(60)));
    expect(replies.every(({ reply }) => reply.status === "done")).toBe(true);
    expect(model.server.calls).toHaveLength(AT_ONCE);
  });
});
