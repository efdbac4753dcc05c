/**
 * A data folder of the build before there was one kernel for background work, which was killed with -9 in the middle of
 * its work: `tests/fixtures/README.md` says how it was made. Today's product holds all of it and goes on where it was.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { localOwner } from "@redline/core/auth/index";
import { applyChange } from "@redline/core/changes/index";
import { CODE, dataVersions } from "@redline/core/platform/schema-version";
import { continueReply } from "@redline/core/replies/index";
import { getSession, listSessions, restoreSession } from "@redline/core/sessions/index";
import { postMessage } from "@redline/core/threads/index";
import { newMessageId, replyLogId } from "@redline/core/threads/schema";
import { CLOUD_KEY_VARIABLE } from "@redline/local/credentials";
import { cloudKey, signingKey } from "@redline/local/folder-secrets";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ChildCloud, localClient, startChildCloud } from "../support/cloud";
import { readReplyEvents } from "../support/conversation";
import { type DataDescription, describeData, describeSession, type SessionDescription } from "../support/describe-data";
import { type ModelServer, startModelServer } from "../support/model-server/index";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ARCHIVE = here("../fixtures/data-before-work-kernel.tar.gz");
const MANIFEST = here("../fixtures/data-before-work-kernel.json");
const CLOCK_SHIFT = here("../support/clock-shift.mjs");
const PROVISION = here("../../packages/local/src/launcher/provision.ts");
const WORKERS = here("../../packages/local/src/lambda/workers.ts");

/** `data` is what that build said after it had been started once more, before its workers began anything. */
type Manifest = { made: string; from: string; to: string; data: DataDescription };
const manifest = JSON.parse(readFileSync(MANIFEST, "utf8")) as Manifest;
/** Sessions with work that was under way or asked for; nothing may happen to the others. */
const BUSY = ["Busy", "Heavy", "Not reviewed yet"];

const actor = localOwner();
const folder = mkdtempSync(join(tmpdir(), "redline-old-data-"));
let cloud: ChildCloud;
let model: ModelServer;
let workers: ChildProcess;

beforeAll(async () => {
  execFileSync("tar", ["-xzf", ARCHIVE, "-C", folder]);
  const dataDir = join(folder, "data");
  const shiftMs = Date.parse(manifest.made) + 60_000 - Date.now();
  process.env.REDLINE_CLOCK_SHIFT_MS = String(shiftMs);
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import=${CLOCK_SHIFT}`;
  await import("../support/clock-shift.mjs");
  const key = cloudKey(dataDir);
  process.env[CLOUD_KEY_VARIABLE] = key;
  model = await startModelServer();
  // As the launcher: the cloud, what any worker needs, and then the workers.
  cloud = await startChildCloud(dataDir, { REDLINE_FIRST_START: "1" });
  Object.assign(process.env, resourceEnv(cloud.endpoints, signingKey(dataDir), key), model.env("bedrock"));
  Object.assign(process.env, { REDLINE_LOG: "error", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
  const provision = spawn(process.execPath, ["--import", "tsx", PROVISION], { stdio: "inherit" });
  expect((await once(provision, "exit"))[0]).toBe(0);
});

afterAll(async () => {
  if (workers?.kill("SIGKILL")) await once(workers, "exit");
  await cloud?.kill();
  await model?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sessionThen = (name: string): SessionDescription => {
  const session = manifest.data.sessions.find((each) => each.name === name);
  if (!session) throw new Error(`There is no session ${name}.`);
  return session;
};
const sessionNow = (name: string) => describeSession(actor, sessionThen(name).id);

function findThread(session: SessionDescription, title: string) {
  const thread = session.threads.find((each) => each.title === title);
  if (!thread) throw new Error(`There is no thread ${title}.`);
  return thread;
}

/** The reply to a thread's first message: its key, and what is stored of it now. */
const replyKey = (session: string, title: string) => {
  const then = sessionThen(session);
  return { sessionId: then.id, threadId: findThread(then, title).id, number: 2 };
};
const replyIn = (session: SessionDescription, title: string) =>
  findThread(session, title).messages.find(({ number }) => number === 2);

/** The titles and names of what was asked for and has not ended. */
function unfinishedIn({ name, review, modelReview, threads }: SessionDescription): string[] {
  const isOpen = (status: string | undefined) => ["queued", "running", "pending", "writing"].includes(status ?? "");
  return [
    ...(!review || isOpen(review.status) ? [`the review of ${name}`] : []),
    ...(isOpen(modelReview?.status) ? [`the review of ${name} by a model`] : []),
    ...threads.filter(({ messages }) => messages.some(({ reply }) => isOpen(reply?.status))).map(({ title }) => title),
  ];
}

/** Starts the process that runs the product's functions, and has the sweep done that is due within a minute. */
async function startWorkers(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", WORKERS], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const [line] = await once(child.stdout as Readable, "data");
  const { lambda: url } = JSON.parse(String(line)) as { lambda: string };
  process.env.AWS_ENDPOINT_URL_LAMBDA = url;
  const lambda = new LambdaClient(localClient(url));
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: "cron-sweep", Payload: "{}" }));
  expect(FunctionError).toBeUndefined();
  lambda.destroy();
  return child;
}

it("every session, version, finding, decision, thread, reply, setting and call is as the previous build stored it", async () => {
  const now = await describeData(actor, manifest);
  expect(now.sessions.map(({ name }) => name)).toEqual(manifest.data.sessions.map(({ name }) => name));
  for (const session of now.sessions) expect(session, session.name).toEqual(sessionThen(session.name));
  expect(now).toEqual(manifest.data);
});

it("every old session is found by its name", async () => {
  for (const { id, name, trashedAt } of manifest.data.sessions) {
    const { sessions } = await listSessions(actor, { search: name, trashed: trashedAt !== undefined });
    expect(
      sessions.map((session) => session.id),
      name,
    ).toContain(id);
  }
});

it("a reply that was never claimed is written for the first follower", async () => {
  model.script(() => ({ text: "Written today." }));
  const title = "A page was to follow this.";
  const { sessionId, threadId, number } = replyKey("Busy", title);
  const events = await readReplyEvents(actor, replyLogId(sessionId, threadId, number, 1));
  expect(events.at(-1)?.event).toEqual({ type: "end", status: "done" });
  const reply = { status: "done", attempt: 1 };
  expect(replyIn(await sessionNow("Busy"), title)).toMatchObject({ text: "Written today.", reply });
});

it("reviews and replies that were queued or in progress end, and nothing else changes", async () => {
  const finish = { name: "finish_review", input: { summary: "Nothing.", confidence: "high" } };
  model.reset();
  model.script(({ toolNames }) =>
    toolNames.includes(finish.name) ? { toolCalls: [finish] } : { text: "and written today." },
  );
  workers = await startWorkers();
  const look = async () => (await Promise.all(BUSY.map(sessionNow))).flatMap(unfinishedIn);
  await expect.poll(look, { timeout: 100_000, interval: 250 }).toEqual([]);
  for (const name of BUSY) {
    const { review, head } = await sessionNow(name);
    expect(review, name).toMatchObject({ version: head, status: "done" });
  }
  const { findings } = await sessionNow("Not reviewed yet");
  expect(findings.map(({ rule }) => rule)).toContain("biome/suspicious/noDebugger");
  const busy = await sessionNow("Busy");
  expect(replyIn(busy, "Nobody began this.")).toMatchObject({
    text: "and written today.",
    reply: { status: "done", attempt: 1 },
  });
  expect(replyIn(busy, "Be cut, then continued.")).toMatchObject({
    text: "Cut in and written today.",
    reply: { status: "done", attempt: 2 },
  });
  expect(busy.modelReview).toMatchObject({ id: sessionThen("Busy").modelReview?.id, status: "done" });
  expect(busy.modelReview?.files.map(({ path, state, fresh }) => [path, state, fresh])).toEqual([
    ["one.ts", "covered", 1],
    ["two.ts", "covered", 0],
  ]);
  for (const { name } of manifest.data.sessions)
    if (!BUSY.includes(name)) expect(await sessionNow(name), name).toEqual(sessionThen(name));
  expect((await dataVersions()).oldest).toBe(CODE.writes);
});

it("an interrupted reply continues from its stored text", async () => {
  model.script(() => ({ text: ", and what was written after." }));
  const { logId } = await continueReply(actor, { ...replyKey("Talks", "Be interrupted."), follows: true });
  const events = await readReplyEvents(actor, logId);
  expect(events.at(-1)?.event).toEqual({ type: "end", status: "done" });
  expect(replyIn(await sessionNow("Talks"), "Be interrupted.")).toMatchObject({
    text: "What was written before the process died, and what was written after.",
    reply: { status: "done", attempt: 2 },
  });
});

it("a change that a reply proposed is accepted, and the review of its version keeps every decision", async () => {
  const then = sessionThen("Cart, renamed");
  const changeId = replyIn(then, "Return null here.")?.reply?.changeIds[0] ?? "";
  const { codebaseId } = await getSession(actor, { id: then.id });
  const version = then.head + 1;
  expect(await applyChange(actor, { codebaseId, changeId })).toMatchObject({ outcome: "applied", version });
  const look = async () => (await sessionNow(then.name)).review;
  await expect.poll(look, { timeout: 100_000, interval: 250 }).toMatchObject({ version, status: "done" });
  const decided = ({ findings }: SessionDescription) =>
    findings.filter(({ decision }) => decision).map(({ id, decision }) => [id, decision]);
  expect(decided(await sessionNow(then.name))).toEqual(decided(then));
});

it("a thread takes a further message, and its reply follows", async () => {
  model.script(() => ({ text: "Still here." }));
  const title = "Is this one real?";
  const { sessionId, threadId } = replyKey("Cart, renamed", title);
  const { count, messages } = findThread(sessionThen("Cart, renamed"), title);
  const message = { id: newMessageId(), text: "Are you still there?", wantsReply: true, follows: true };
  const { number, replyNumber = 0 } = await postMessage(actor, { sessionId, threadId, ...message });
  expect([number, replyNumber]).toEqual([count + 1, count + 2]);
  await readReplyEvents(actor, replyLogId(sessionId, threadId, replyNumber, 1));
  const now = findThread(await sessionNow("Cart, renamed"), title);
  const texts = messages.map(({ text }) => text);
  expect(now.messages.map(({ text }) => text)).toEqual([...texts, "Are you still there?", "Still here."]);
});

it("a session in the trash is restored with its conversation", async () => {
  const { trashedAt, ...then } = sessionThen("Old idea");
  expect(trashedAt).toBeDefined();
  await restoreSession(actor, { id: then.id });
  expect(await sessionNow("Old idea")).toEqual(then);
});
