/** Work of each kind under way in a running product, and when it went on after a restart: nothing of it was to be waited for. */
import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "@redline/core/limits";
import { newModelReviewId } from "@redline/core/review/schema";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import type { ModelServer } from "./model-server/index";

/** Well below what a lease or a sweep takes; a slow machine has to be much slower to reach it. */
const PATIENCE_MS = 30_000;
/** For what has no bound of its own. */
const END_PATIENCE_MS = 240_000;
const LOOK_MS = 25;

export type WorkUnderWay = { builtin: string; byModel: string; reply: { sessionId: string; threadId: string } };

/** Milliseconds from the restart until each kind resumed. */
export type WentOn = Record<keyof WorkUnderWay, number>;

type Exported = { review: { status: string; startedAt: string } | null };
type Shown = { messages: { text?: string; reply?: { status: string } }[] };

/** Text of the reply once it is in progress. */
export const REPLY_SO_FAR = "It adds up ";

/** Functions that keep the engines busy for some seconds: a file of them is reviewed in about a tenth of one. */
const longFile = (file: number) =>
  Array.from(
    { length: 200 },
    (_, at) => `export function f${file}_${at}(a: any, b: any) {\n  var c = a == b;\n  return c;\n}\n`,
  ).join("");

/** Makes a session of these files and returns its id. */
export async function createSession(origin: string, files: Record<string, string>): Promise<string> {
  const form = new FormData();
  form.set("key", crypto.randomUUID());
  for (const [path, text] of Object.entries(files)) form.append("files", new Blob([text]), path);
  const request = { method: "POST", body: form, headers: { origin }, redirect: "manual" } as const;
  const made = await fetch(`${origin}/sessions/new`, request);
  const id = made.headers.get("location")?.split("/").pop();
  if (made.status !== 302 || !id) throw new Error(`A session could not be made: ${made.status} ${await made.text()}`);
  return id;
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  patienceMs = END_PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1000} s`);
    await sleep(LOOK_MS);
  }
}

const reviewOf = async (origin: string, id: string) =>
  (await read<Exported>(`${origin}/sessions/${id}/export.json`)).review;

/** The last message of a thread. */
export const fetchReply = async (origin: string, { sessionId, threadId }: WorkUnderWay["reply"]) =>
  (await read<Shown>(`${origin}/sessions/${sessionId}/threads/${threadId}`)).messages.at(-1);

/** Begins a built-in review, one by the model and a reply, and resolves when all three are being worked on. */
export async function beginWork(origin: string, model: ModelServer): Promise<WorkUnderWay> {
  const post = (path: string, body: string, type: string) =>
    fetch(origin + path, { method: "POST", body, headers: { origin, "content-type": type }, redirect: "manual" });
  const small = await createSession(origin, { "a.ts": "export const sum = (a: number, b: number) => a + b;\n" });
  await until("the small review", async () => (await reviewOf(origin, small))?.status === "done");

  model.reset();
  model.script(() => ({ text: "Well", fault: { kind: "silent", after: 1 } }));
  const id = newModelReviewId();
  const form = new URLSearchParams({ id, scope: "session" }).toString();
  await post(`/sessions/${small}/model-review`, form, "application/x-www-form-urlencoded");
  await until("the model's review", () => model.requests.length === 1);

  model.script(() => ({ chunks: [REPLY_SO_FAR, "x"], fault: { kind: "silent", after: 1 } }));
  const threadId = newThreadId();
  const messageId = newMessageId();
  const act = { intent: "open-thread", threadId, messageId, path: "a.ts", text: "What is it?", follows: true };
  await post(`/sessions/${small}/conversation`, JSON.stringify(act), "application/json");
  const reply = { sessionId: small, threadId };
  // Following has it written; leaving does not stop it.
  const follower = new AbortController();
  void fetch(`${origin}/logs/${small}.${threadId}.2.1`, { signal: follower.signal }).catch(() => undefined);
  await until("the reply", async () => model.requests.length === 2 && (await isSaid(origin, reply)));
  follower.abort();

  const files = Object.fromEntries(Array.from({ length: 20 }, (_, file) => [`f${file}.ts`, longFile(file)]));
  const builtin = await createSession(origin, files);
  await until("the built-in review", async () => (await reviewOf(origin, builtin))?.status === "running");
  return { builtin, byModel: small, reply };
}

/** Returns whether the text so far is stored. */
async function isSaid(origin: string, { sessionId, threadId }: WorkUnderWay["reply"]): Promise<boolean> {
  const stop = new AbortController();
  const log = await fetch(`${origin}/logs/${sessionId}.${threadId}.2.1`, { signal: stop.signal });
  let text = "";
  for await (const chunk of log.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk);
    if (text.includes(REPLY_SO_FAR) || text.length > 10_000) break;
  }
  stop.abort();
  // It reaches its followers at once, and the table a second later.
  await sleep(LIMITS.eventLog.batchMs + 500);
  return text.includes(REPLY_SO_FAR);
}

/** Has the model answer whatever it is asked from now on; what it was asked before is forgotten. */
export function answerFromNow(model: ModelServer): void {
  const finish = { name: "finish_review", input: { summary: "Fine.", confidence: "high" } };
  model.reset();
  model.script((call) => (call.toolNames.includes(finish.name) ? { toolCalls: [finish] } : { text: "two numbers." }));
}

/** Resolves when all of it goes on after a restart, with how long after serving each did. */
export async function untilItGoesOn(
  origin: string,
  model: ModelServer,
  work: WorkUnderWay,
  restartedAt: { epochMs: number; servingMs: number },
): Promise<WentOn> {
  const since = () => Math.round(performance.now() - restartedAt.servingMs);
  const timed = (what: string, isSo: () => Promise<boolean> | boolean) => until(what, isSo, PATIENCE_MS).then(since);
  const isNew = async () => {
    const review = await reviewOf(origin, work.builtin);
    const startedMs = Date.parse(review?.startedAt ?? "");
    return review?.status === "done" || (review?.status === "running" && startedMs > restartedAt.epochMs);
  };
  const [builtin, byModel, reply] = await Promise.all([
    timed("the built-in review", isNew),
    timed("the model's review", () => model.requests.length > 0),
    timed("the reply", async () => (await fetchReply(origin, work.reply))?.reply?.status === "interrupted"),
  ]);
  return { builtin, byModel, reply };
}

/** Continues the reply and resolves with its whole text, once the reviews have come to their end too. */
export async function untilItEnds(origin: string, { builtin, reply }: WorkUnderWay): Promise<string> {
  await until("the end of the built-in review", async () => (await reviewOf(origin, builtin))?.status === "done");
  const act = { intent: "continue", threadId: reply.threadId, number: 2, follows: true };
  const headers = { origin, "content-type": "application/json" };
  await fetch(`${origin}/sessions/${reply.sessionId}/conversation`, {
    method: "POST",
    headers,
    body: JSON.stringify(act),
  });
  const log = await fetch(`${origin}/logs/${reply.sessionId}.${reply.threadId}.2.2`);
  await log.text();
  await until("the end of the reply", async () => (await fetchReply(origin, reply))?.reply?.status === "done");
  return (await fetchReply(origin, reply))?.text ?? "";
}
