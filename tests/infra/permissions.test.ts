/**
 * What each function may do is what it needs: everything that the product does by now is done here by the bundles, each
 * with the permissions of its stage and no other; and what none of it needed is not granted.
 */
import { randomBytes } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { restoreActor } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { OPERATOR_ID } from "@redline/core/auth/sign-in";
import { newChangeId } from "@redline/core/changes/schema";
import { LIMITS } from "@redline/core/limits";
import { dynamo } from "@redline/core/platform/clients";
import { EventLogWriter } from "@redline/core/platform/event-log";
import { resources } from "@redline/core/platform/resources";
import { CODE } from "@redline/core/platform/schema-version";
import { continueReply } from "@redline/core/replies/index";
import { listFindings, requestModelReview } from "@redline/core/review/index";
import { newModelReviewId } from "@redline/core/review/schema";
import { getThread } from "@redline/core/threads/index";
import { newMessageId, newThreadId, type ReplyEvent, replyLogId } from "@redline/core/threads/schema";
import { reserveCall } from "@redline/core/usage/internal";
import { QUEUES } from "@redline/local/launcher/resource-env";
import type { SQSBatchResponse } from "aws-lambda";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../support/model-server/index";
import { claimReply, endReply, letLeaseRunOut } from "../support/replies";
import { Browser } from "./lambda/browser";
import { Deployed, shortName } from "./lambda/deployed";
import { sqsRecord, urlEvent } from "./lambda/events";

const HOUR = 60 * 60 * 1_000;
const LATER = { sweep: HOUR, night: (LIMITS.session.trashDays + 2) * 24 * HOUR };

/** Permissions of Lambda itself, or for AWS features that the local cloud lacks. */
const NOT_BY_OUR_CODE = [
  { who: /./, does: /^xray:/ },
  {
    who: /^ReviewJobs/,
    does: /^sqs:(ChangeMessageVisibility|DeleteMessage|GetQueueAttributes|GetQueueUrl|ReceiveMessage)$/,
  },
  // Keeps the alarms that Slack never took.
  { who: /^Notify/, does: /^sqs:SendMessage$/ },
  {
    who: /^TableChanges/,
    does: /^(dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|s3:(PutObject|ListBucket))$/,
  },
  // A version of so many files that their list is a blob.
  { who: /^Nightly/, does: /^s3:GetObject$/ },
];

let stage: Deployed;
let browser: Browser;
let model: ModelServer;

beforeAll(async () => {
  model = await startModelServer();
  const { REDLINE_MODEL = "" } = model.env("openai");
  stage = await Deployed.deploy("permissions", { REDLINE_MODEL });
  browser = new Browser(stage);
  process.env.REDLINE_MODEL = REDLINE_MODEL;
  process.env.REDLINE_AUTH = "on";
});

afterAll(async () => {
  delete process.env.REDLINE_AUTH;
  delete process.env.REDLINE_MODEL;
  await stage?.close();
  await model?.stop();
});

/** Lines that no compression makes small: what is small is kept in the table, not with the blobs. */
const noise = (bytes: number): string =>
  Array.from({ length: bytes / 60 }, () => `// ${randomBytes(45).toString("base64")}\n`).join("");

/** The name of pasted code. */
const PASTED = "pasted.ts";

/** Suggests a change, and is too long for an item. */
const longAnswer = () => ({
  text: `It stops.\n\n${PASTED}\n\`\`\`ts\n${SUGGESTION}\`\`\`\n\n${noise(40_000)}`,
  chunkChars: 2_000,
});
const SUGGESTION = "<<<<<<< SEARCH\n  return a;\n=======\n  return a + 1;\n>>>>>>> REPLACE\n";

let announced = 0;

/** Delivers what was written since, as the table's stream and the queue would. */
async function settle(): Promise<void> {
  const records = await stage.announcements();
  await (await stage.function("TableChanges")).invoke({ Records: records.slice(announced) });
  announced = records.length;
  for (let jobs = await stage.queued(); jobs.length > 0; jobs = await stage.queued()) {
    for (const job of jobs) {
      const { batchItemFailures } = await (await stage.function("ReviewJobs")).invoke<SQSBatchResponse>({
        Records: [job],
      });
      expect(batchItemFailures, `${job.body}`).toEqual([]);
    }
  }
}

const follow = async (log: string) => {
  const headers = { accept: "text/event-stream" };
  const response = await (await stage.function("Logs")).stream(
    urlEvent({ path: `/logs/${log}`, cookies: await browser.cookies(), headers }),
  );
  expect(response.statusCode).toBe(200);
  return response.parts.map(({ text }) => text).join("");
};

const question = (session: string, threadId: string) => ({
  ...{ intent: "open-thread", threadId, messageId: newMessageId(), path: PASTED, startLine: 2 },
  ...{ text: `Why ${session}?`, messageKind: "fix" },
});

it("code is reviewed, changed, discussed and viewed", async () => {
  const session = await browser.paste("export function f(a: number) {\n  debugger;\n  return a == 1;\n}\n");
  const at = `/sessions/${session}`;
  await settle();
  for (const path of [at, "/sessions", "/trash", "/rules", "/settings/usage", "/ops", `${at}/history`]) {
    expect((await browser.ask({ path })).statusCode, path).toBe(200);
  }
  const health = await browser.ask({ path: "/health", headers: { accept: "*/*" } });
  expect(JSON.parse(health.text)).toMatchObject({ status: "ok" });

  const draftId = "draft-1";
  const draft = { draftId, base: 1, files: [{ path: PASTED, text: "let x = 1;\n" }] };
  await browser.act(`${at}/draft`, draft);
  await browser.act(`${at}/draft`, { draftId }, "DELETE");
  const actor = await restoreActor({ userId: OPERATOR_ID });
  const findings = await listFindings(actor, { sessionId: session });
  const change = findings.find(({ fix }) => fix)?.fix?.changeId;
  expect(change, JSON.stringify(findings)).toBeDefined();
  expect(await browser.act(`${at}/actions`, { intent: "accept", change })).toMatchObject({
    outcome: "done",
    version: 2,
  });
  await settle();
  const files = [
    { path: PASTED, text: `export const f = (a: number) => {\n  debugger;\n  return a;\n};\n${noise(30_000)}` },
  ];
  const saved = await browser.act(`${at}/actions`, { intent: "save", changeId: newChangeId(), base: 2, files });
  expect(saved).toMatchObject({ outcome: "done", version: 3 });
  await settle();

  const [followed, unfollowed] = [newThreadId(), newThreadId()];
  model.script(longAnswer);
  await browser.act(`${at}/conversation`, question(session, followed));
  expect(await follow(replyLogId(session, followed, 2, 1))).toContain("event: end");
  await browser.act(`${at}/conversation`, question(session, unfollowed));
  await browser.act(`${at}/conversation`, { intent: "resolve", threadId: followed });
});

it("code is reviewed by a model", async () => {
  const session = await browser.paste("export function g(a: number) {\n  return a / 0;\n}\n");
  await settle();
  model.script(() => ({ text: '{"findings":[]}' }));
  const actor = await restoreActor({ userId: OPERATOR_ID });
  const id = newModelReviewId();
  await requestModelReview(actor, { sessionId: session, id, scope: { kind: "session" } });
  await settle();
  expect(model.calls.length).toBeGreaterThan(0);
});

it("a large file is uploaded through storage, and the upload removed", async () => {
  const text = "let total = 1;\n";
  const form = await browser.act<{ url: string; fields: Record<string, string>; key: string }>("/uploads", {
    ...{ path: "large.ts", bytes: text.length },
  });
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append("file", new Blob([text]), "large.ts");
  const sent = await fetch(form.url, { method: "POST", body });
  expect(sent.status, await sent.text()).toBe(204);
  await browser.paste("", [{ path: "large.ts", uploadKey: form.key }]);
  const again = await browser.form("/sessions/new", {
    ...{ key: "the same upload again", manifest: JSON.stringify([{ path: "large.ts", uploadKey: form.key }]) },
  });
  expect(again.text).toContain("That upload expired");
  await settle();
});

it("a dead letter is redriven", async () => {
  const lost = JSON.stringify({ kind: "review", sessionId: "ses_nobody", version: 1, userId: OPERATOR_ID });
  await (await stage.function("ReviewJobs")).invoke({ Records: [sqsRecord(lost)] });
  expect((await browser.ask({ path: "/ops" })).text).toContain("ses_nobody");
  expect(await browser.form("/ops", { intent: "redrive", queue: "review" })).toMatchObject({ statusCode: 302 });
  expect((await stage.queued(QUEUES.ReviewQueue.name)).map(({ body }) => body)).toEqual([lost]);
});

/** One whose first attempt wrote more than fits an item, and whose writer died while it went on. */
async function leaveLongAnswer(actor: Actor, sessionId: string): Promise<{ threadId: string; text: string }> {
  const threadId = newThreadId();
  const at = { sessionId, threadId, number: 2 };
  await browser.act(`/sessions/${sessionId}/conversation`, question(sessionId, threadId));
  const first = await claimReply(at);
  const [before, after] = [noise(40_000), noise(3_000)];
  if (first) await endReply(first, before, "interrupted");
  const { attempt, logId } = await continueReply(actor, at);
  expect(await claimReply(at)).toMatchObject({ attempt });
  const log = new EventLogWriter<ReplyEvent>(logId);
  log.append({ type: "text", text: after });
  await log.flush();
  return { threadId, text: before + after };
}

/** Stores the data of a former build: a reply as a message with a status, and one that its thread waits for. */
async function leaveOldData(): Promise<void> {
  const [sessionId, threadId] = ["ses_former", "thr_former"];
  const message = { pk: `THREAD#${threadId}`, sk: "MESSAGE#00000002", type: "message", status: "done" };
  const about = { threadId, sessionId, number: 2, id: "msg_1-answer", teamId: "tea_operator", authorId: OPERATOR_ID };
  const thread = { pk: `SESSION#${sessionId}`, sk: `THREAD#${threadId}`, type: "thread", id: threadId, sessionId };
  const createdAt = new Date().toISOString();
  for (const Item of [
    { ...message, ...about, version: 1, createdAt },
    { ...thread, waiting: new Set([4]), createdAt },
  ]) {
    await dynamo().send(new PutCommand({ TableName: resources.Table.name, Item }));
  }
}

it("the sweep requeues unclaimed and abandoned work, and migrates an older build's data", async () => {
  await leaveOldData();
  const session = await browser.paste("export function f() {\n  debugger;\n}\n");
  const actor = await restoreActor({ userId: OPERATOR_ID });
  const [unfollowed, left] = [newThreadId(), newThreadId()];
  for (const thread of [unfollowed, left])
    await browser.act(`/sessions/${session}/conversation`, question(session, thread));
  expect(await claimReply({ sessionId: session, threadId: left, number: 2 })).toBeDefined();
  const goneOnWith = await leaveLongAnswer(actor, session);
  for (const threadId of [left, goneOnWith.threadId]) await letLeaseRunOut({ sessionId: session, threadId, number: 2 });
  await reserveCall(actor, {
    ...{ teamId: actor.personalTeamId, task: "reply", about: { kind: "test" }, promptVersion: "1", model: "m" },
    tokens: 10,
  });
  model.script(longAnswer);
  const swept = await (await stage.function("Sweep", LATER.sweep)).invoke({});
  expect(swept).toMatchObject({ work: { reply: 2 }, calls: 1, migrated: CODE.writes - 1 });
  await settle();
  const { messages } = await getThread(actor, { sessionId: session, threadId: goneOnWith.threadId });
  expect(messages.at(-1)).toMatchObject({ text: goneOnWith.text, reply: { status: "interrupted", attempt: 2 } });
  await settle();
});

it("the nightly job empties the trash, with its blobs", async () => {
  const large = await browser.paste(`let gone = 1;\ndebugger;\n${noise(30_000)}`);
  const small = await browser.paste("let alsoGone = 1;\n");
  await settle();
  for (const session of [large, small]) await browser.act(`/sessions/${session}/actions`, { intent: "trash" });
  expect(await (await stage.function("Nightly", LATER.night)).invoke({})).toMatchObject({
    ...{ sessions: 2, blobs: expect.any(Number) },
  });
});

it("the operator signs out", async () => {
  expect((await browser.form("/auth/sign-out", {})).headers.location).toBe("/auth/sign-in");
  expect((await browser.ask({ path: "/sessions" })).statusCode).toBe(302);
});

it("no call was made without permission", async () => {
  for (const name of stage.plans.keys()) expect([...(await stage.gate(name)).refused], name).toEqual([]);
});

it("no permission is unused", async () => {
  const idle: string[] = [];
  for (const { id } of stage.plans.values()) {
    const name = shortName(id);
    const { exercised } = await stage.gate(name);
    const expected = NOT_BY_OUR_CODE.filter(({ who }) => who.test(name));
    for (const statement of stage.statements.filter(({ role }) => role === `${id}Role`)) {
      const used = exercised.get(statement);
      const unused = statement.Action.filter((action) => !used?.has(action));
      const surplus = unused.filter((action) => !expected.some(({ does }) => does.test(action)));
      idle.push(...surplus.map((action) => `${name} may ${action} on ${statement.Resource.join(", ")}`));
    }
  }
  expect(idle).toEqual([]);
});
