/** One id, and one trace, from what a browser asks for to what it costs, through the functions as they are on AWS. */
import { type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo, sqs } from "@redline/core/platform/clients";
import { forRequest } from "@redline/core/platform/correlation";
import { resources } from "@redline/core/platform/resources";
import { CODE, SCHEMA_KEY } from "@redline/core/platform/schema-version";
import { listCalls } from "@redline/core/usage/index";
import type { Context, DynamoDBRecord, SQSBatchResponse, SQSRecord } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, readReplyEvents, withModel } from "../../../tests/support/conversation";
import { readStream } from "../../../tests/support/outbox";
import { pasteSession, withProduct } from "../../../tests/support/product";
import { claimReply, letLeaseRunOut } from "../../../tests/support/replies";
import { handler as sweep } from "./cron/sweep";
import { handler as work } from "./review";
import { handler as announce } from "./stream/table-changes";

const product = withProduct();
const model = withModel({ protocol: "openai" });

const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
const context = { awsRequestId: "8f5d", getRemainingTimeInMillis: () => 300_000 } as Context;

let written: string[];
const saying = (message: string) =>
  written.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.message === message);
beforeEach(() => {
  written = [];
  vi.stubEnv("REDLINE_LOG", "info");
  vi.spyOn(process.stderr, "write").mockImplementation((line) => written.push(String(line)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Returns the jobs published since the last call. */
const announced = readStream(product);

const announceAll = async (records: DynamoDBRecord[]) =>
  expect(await announce({ Records: records }, context, () => undefined)).toEqual({ batchItemFailures: [] });

async function queued(): Promise<Message[]> {
  const QueueUrl = resources.ReviewQueue.url;
  const all = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const], VisibilityTimeout: 600 };
  const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, ...all }));
  return Messages;
}

const recordOf = ({ MessageId, Body, Attributes }: Message) =>
  ({ messageId: MessageId, body: Body, attributes: Attributes }) as unknown as SQSRecord;
const done = async (messages: Message[]) => {
  const response = await work({ Records: messages.map(recordOf) }, context, () => undefined);
  return (response as SQSBatchResponse).batchItemFailures;
};

describe("work that a browser requested", () => {
  it("leads to the job that it causes, by its id and by its trace", async () => {
    vi.stubEnv("_X_AMZN_TRACE_ID", `${TRACE};Lineage=a87bd80c:1`);
    await forRequest("req_browser", () => pasteSession(product.actor, { "a.ts": "debugger;\n" }));
    vi.stubEnv("_X_AMZN_TRACE_ID", undefined);
    await announceAll(await announced());
    const [message, ...more] = await queued();
    expect([more, message?.Attributes?.AWSTraceHeader]).toEqual([[], TRACE]);
    // A fair queue uses the group to tell users with many jobs apart.
    expect(message?.Attributes?.MessageGroupId).toBe(product.actor.userId);
    const job = JSON.parse(message?.Body ?? "");
    expect([job.requestId, "trace" in job]).toEqual(["req_browser", false]);
    expect(await done([message as Message])).toEqual([]);
    expect(saying("job done")).toMatchObject([{ requestId: "req_browser", durationMs: expect.any(Number) }]);
  });

  it("ignores a stored trace that is malformed", async () => {
    await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const records = await announced();
    const hostile = `${TRACE}\nX-Evil: 1`;
    for (const record of records) {
      const job = record.dynamodb?.NewImage?.outboxJob?.M;
      if (job) job.trace = { S: hostile };
    }
    await announceAll(records);
    const [message] = await queued();
    expect(message?.Body).toContain('"kind":"review"');
    expect([message?.Attributes?.AWSTraceHeader, message?.Body?.includes("Evil")]).toEqual([undefined, false]);
    expect(await done([message as Message])).toEqual([]);
  });

  it("is charged a reply's cost, whoever follows it first", async () => {
    model.server.answer({ text: "It stops the debugger." });
    const session = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const pending = await forRequest("req_asker", () => ask(product.actor, session, { startLine: 1, endLine: 1 }));
    await forRequest("req_reader", () => readReplyEvents(product.actor, pending.logId));
    const { calls } = await listCalls(product.actor, { teamId: product.actor.personalTeamId });
    expect(calls.map(({ requestId }) => requestId)).toEqual(["req_asker"]);
  });
});

describe("work without a request", () => {
  it("has the sweep's own id, from the schedule to the job", async () => {
    vi.stubEnv("REDLINE_LOG", "warn");
    const session = await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const { at } = await forRequest("req_asker", () => ask(product.actor, session, { startLine: 1, endLine: 1 }));
    await claimReply(at);
    await letLeaseRunOut(at);
    await vi.waitFor(async () => expect(await sweep({}, context)).toMatchObject({ work: { reply: 1 } }), 60_000);
    const jobs = (await queued()).map(({ Body = "" }) => JSON.parse(Body));
    const replies = jobs.filter(({ kind }) => kind === "reply");
    expect(new Set(replies.map(({ requestId }) => requestId))).toEqual(new Set(["req_8f5d"]));
  });
});

describe("data of a newer version", () => {
  it("is left alone: its jobs wait, the outbox is published, and all is done once newer code is deployed", async () => {
    await pasteSession(product.actor, { "a.ts": "debugger;\n" });
    const newer = { ...SCHEMA_KEY, oldest: CODE.writes, newest: CODE.writes + 1 };
    await dynamo().send(new PutCommand({ TableName: resources.Table.name, Item: newer }));
    // A process that begins its work now.
    vi.resetModules();
    const [started, rounds] = [await import("./review"), await import("./cron/sweep")];
    const refusal = new RegExp(`^The stored data is of versions ${CODE.writes} to ${CODE.writes + 1}, `);
    await announceAll(await announced());
    const messages = await queued();
    const batch = started.handler({ Records: messages.map(recordOf) }, context, () => undefined);
    await expect(batch).rejects.toMatchObject({ name: "DATABASE_ERROR", message: expect.stringMatching(refusal) });
    await expect(rounds.handler({}, context)).rejects.toThrow(refusal);
    expect(saying("invocation failed")).toMatchObject([{ error: "DATABASE_ERROR" }, { error: "DATABASE_ERROR" }]);

    await dynamo().send(new PutCommand({ TableName: resources.Table.name, Item: { ...newer, newest: CODE.writes } }));
    const { assertDataVersionSupported } = await import("@redline/core/platform/schema-version");
    await expect(assertDataVersionSupported()).rejects.toThrow(refusal);
    await assertDataVersionSupported(Date.now() + 61_000);
    const response = await started.handler({ Records: messages.map(recordOf) }, context, () => undefined);
    expect((response as SQSBatchResponse).batchItemFailures).toEqual([]);
  });
});
