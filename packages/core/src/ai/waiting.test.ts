import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  FAULTS,
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from "../../../../tests/support/model-server/index";
import { LIMITS } from "../limits";
import { ask as askModel } from "./ai.test-support";
import type { ModelActivity } from "./schema";
import { toolSpecs } from "./tools";

let model: ModelServer;
const limits = LIMITS.model as { -readonly [name in keyof typeof LIMITS.model]: number };
const usual = { ...limits };

afterEach(async () => {
  Object.assign(limits, usual);
  await model.stop();
});

const SILENT_SECONDS = 0.5;

async function serverWith(options: ModelServerOptions = {}, settings: Record<string, unknown> = {}): Promise<void> {
  model = await startModelServer(options);
  Object.assign(process.env, model.env("openai", { silentSeconds: SILENT_SECONDS, ...settings }));
}

/** Asks, and remembers what the server was said to do. */
async function ask(more: Parameters<typeof askModel>[0] = {}) {
  const activities: ModelActivity[] = [];
  const answer = await askModel({ ...more, onActivity: (activity) => activities.push(activity) });
  return { ...answer, activities, usage: answer.ends[0]?.tracker.usage };
}

const failed = (code: string, words: RegExp) => ({
  type: "failed",
  error: expect.objectContaining({ code, message: expect.stringMatching(words) }),
});
const DONE = { type: "done", reason: "end" };
const NOTHING = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false };

/** A call that has the only slot until it is stopped, and shows that it is worked on. */
async function occupySlot() {
  model.answer({ text: "x".repeat(2_000), chunkChars: 1, delayMs: 50 });
  const quit = new AbortController();
  let isSpeaking = false;
  const ended = askModel({ signal: quit.signal }, (event) => {
    isSpeaking ||= event.type === "text";
  });
  await expect.poll(() => isSpeaking).toBe(true);
  return async () => {
    quit.abort();
    await ended;
  };
}

describe("a busy server", () => {
  it("does not time out while its stream sends comments", async () => {
    await serverWith();
    model.answer({ text: "At last.", pings: { count: 12, everyMs: 100 } });
    const { text, last } = await ask();
    expect([text, last]).toEqual(["At last.", DONE]);
  });

  it("times out when only comments come for too long", async () => {
    limits.quietMs = 800;
    await serverWith();
    model.answer({ text: "Never.", pings: { count: 1_000, everyMs: 50 } });
    expect((await ask()).last).toEqual(
      failed("AI_TIMEOUT", /worked for 0\.8 s without a word\. Your message is saved/),
    );
    await expect.poll(() => model.abandoned.length).toBe(1);
  });

  it("times out once its comments end", async () => {
    await serverWith();
    model.answer({ pings: { count: 3, everyMs: 100 }, chunks: ["a", "b"], delayMs: 60_000 });
    const { text, last } = await ask();
    expect([text, last]).toEqual(["a", failed("AI_TIMEOUT", /took longer than 0\.5 s/)]);
  });

  it("may send its headers late, and pause again after them", async () => {
    await serverWith();
    model.answer({ firstDelayMs: 350, pings: { count: 1, everyMs: 350 }, text: "Fine." });
    expect((await ask()).text).toBe("Fine.");
  });
});

describe("a call that waits for a slot", () => {
  it("waits as long as an earlier one is processed, and is shown as waiting", async () => {
    limits.noticeMs = 100;
    await serverWith({ llamaCpp: { slots: 1 } });
    const freeSlot = await occupySlot();
    model.answer({ text: "Second." });
    const activities: ModelActivity[] = [];
    const second = askModel({ onActivity: (activity) => activities.push(activity) });
    await expect.poll(() => activities).toEqual(["queued"]);
    await sleep(SILENT_SECONDS * 2_000);
    await freeSlot();
    expect(await second).toMatchObject({ text: "Second.", last: DONE });
    expect(activities).toEqual(["queued", "reading"]);
  });

  it("times out when the earlier one has ended and nothing comes", async () => {
    await serverWith();
    const end = await occupySlot();
    model.answer(FAULTS.silent);
    const second = ask();
    await expect.poll(() => model.requests.length).toBe(2);
    await end();
    expect((await second).last).toEqual(failed("AI_TIMEOUT", /took longer than 0\.5 s/));
  });

  it("costs nothing when it is stopped before its turn, and leaves the queue", async () => {
    await serverWith({ llamaCpp: { slots: 1 } });
    const freeSlot = await occupySlot();
    const quit = new AbortController();
    const second = ask({ signal: quit.signal });
    await expect.poll(() => model.llamaCpp?.queued).toBe(1);
    quit.abort();
    expect(await second).toMatchObject({ usage: NOTHING, ends: [{ status: "cancelled" }] });
    await expect.poll(() => model.llamaCpp?.queued).toBe(0);
    await freeSlot();
  });

  it("of another process is seen in llama.cpp's slots, and times out", async () => {
    limits.waitMs = 1_500;
    await serverWith({ llamaCpp: { slots: 1 } });
    const stop = new AbortController();
    const body = JSON.stringify({ stream: true, messages: [{ role: "user", content: "Take the slot." }] });
    model.answer(FAULTS.silentAfterHeaders);
    await fetch(`${model.urls.openai}/v1/chat/completions`, { method: "POST", body, signal: stop.signal });
    const { last, usage } = await ask();
    expect(last).toEqual(failed("AI_TIMEOUT", /was busy for 1\.5 s and did not begin\. Your message is saved\./));
    expect(usage).toEqual(NOTHING);
    stop.abort();
  });

  it("is waited for at Ollama, which sends no header before its first word", async () => {
    await serverWith({ ollama: true });
    model.answer({ firstDelayMs: 1_600, text: "Loaded, read, and answered." });
    expect((await ask()).text).toBe("Loaded, read, and answered.");
  });
});

describe("a server that loads its model", () => {
  it("is waited for and shown as loading, and no call is counted", async () => {
    await serverWith({ llamaCpp: { slots: 1 } });
    model.llamaCpp?.load(600_000);
    model.answer({ text: "Ready.", usage: { inputTokens: 9, outputTokens: 2 } });
    const activities = new Set<ModelActivity>();
    const onActivity = (activity: ModelActivity) => {
      activities.add(activity);
      model.llamaCpp?.load(0);
    };
    const { text, ends } = await askModel({ onActivity });
    const usage = ends[0]?.tracker.usage;
    expect([text, [...activities]]).toEqual(["Ready.", ["loading", "reading"]]);
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 2, estimated: false });
    expect(ends).toMatchObject([{ status: "done" }]);
  });

  it("times out, with a message that says so", async () => {
    limits.waitMs = 1_200;
    await serverWith({ llamaCpp: { slots: 1 } });
    model.llamaCpp?.load(60_000);
    const { last, usage } = await ask();
    const words =
      /is still loading its model: "Loading model" Redline waited 1\.2 s for it\. Your message is saved\. Try/;
    expect(last).toEqual(failed("MODEL_UNAVAILABLE", words));
    expect(usage).toEqual(NOTHING);
  });

  it("has its context size looked up again once it has loaded", async () => {
    await serverWith({ llamaCpp: { slots: 1, contextTokens: 2_000 } });
    model.llamaCpp?.load(60_000);
    const quit = new AbortController();
    await askModel({ tools: toolSpecs(["propose_change"]), signal: quit.signal, onActivity: () => quit.abort() });
    model.llamaCpp?.load(0);
    await sleep(2_100);
    model.answer({ text: "It ends in the", stop: "length", usage: { inputTokens: 1_300, outputTokens: 600 } });
    expect((await ask()).last).toEqual({ type: "done", reason: "contextFull" });
  });

  it("can be stopped while it loads", async () => {
    await serverWith({ llamaCpp: { slots: 1 } });
    model.llamaCpp?.load(60_000);
    const quit = new AbortController();
    const activities: ModelActivity[] = [];
    const onActivity = (activity: ModelActivity) => {
      activities.push(activity);
      quit.abort();
    };
    const { ends } = await askModel({ signal: quit.signal, onActivity });
    expect([activities, ends]).toMatchObject([["loading"], [{ status: "cancelled", tracker: { usage: NOTHING } }]]);
  });

  it.each([
    ["llama.cpp", { message: "Loading model", type: "unavailable_error" }],
    ["Hugging Face", { message: "Model x/y is currently loading" }],
    ["Triton", { message: "Model is not ready" }],
  ])("is recognized by the message of %s", async (_, error) => {
    await serverWith();
    model.answer(
      { fault: { kind: "http", status: 503, ...error, headers: { "retry-after": "0.2" } } },
      { text: "Yes." },
    );
    expect(await ask()).toMatchObject({ text: "Yes.", activities: ["loading", "reading"] });
  });
});

describe("a server with an internal error", () => {
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.01));

  it("is not waited for as if it loaded", async () => {
    await serverWith();
    model.script(() => ({ fault: { kind: "http", status: 503, message: "Service Unavailable" } }));
    expect((await ask()).last).toEqual(failed("MODEL_UNAVAILABLE", /fault of its own: "Service Unavailable"/));
    expect(model.requests).toHaveLength(3);
  });
});
