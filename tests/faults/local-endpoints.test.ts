/** Requests of any shape at the laptop's cloud: whatever they ask, each is answered as AWS's services answer. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resources } from "@redline/core/platform/resources";
import type { Service } from "@redline/local/credentials";
import type { FunctionHost } from "@redline/local/lambda/host";
import { invokeServer } from "@redline/local/lambda/invoke-api";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signed } from "../support/cloud";
import { exchange } from "../support/fuzz/exchange";
import { drawRequest } from "../support/fuzz/http-requests";
import { distort } from "../support/fuzz/lambda-events";
import { type Draw, drawing } from "../support/fuzz/random";
import { withProduct } from "../support/product";

/** The same requests at each run; `REDLINE_SEED` draws others. */
const SEED = Number(process.env.REDLINE_SEED ?? 20_261_130);
const COUNT = process.env.REDLINE_LONG === "1" ? 1_000 : 100;
const product = withProduct();
const rejected = vi.fn();
const reported: string[] = [];
let lambda: Server;

beforeAll(async () => {
  // Only what stands before a function is tested here: each of them says what it was asked.
  const host = {
    find: (name: string) => (name === "check" ? { name } : undefined),
    invoke: async () => ({ ok: true, result: null }),
  };
  lambda = invokeServer(host as unknown as FunctionHost, async () => undefined).listen(0, "127.0.0.1");
  await once(lambda, "listening");
  process.on("unhandledRejection", rejected);
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => reported.push(String(chunk)) > 0);
});
afterAll(() => {
  process.off("unhandledRejection", rejected);
  vi.restoreAllMocks();
  lambda.close();
});

const urls = (): Record<string, string> => ({
  ...product.cloud.endpoints,
  lambda: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
});
const SERVICES = ["dynamodb", "s3", "sqs", "cloudwatch", "lambda"] as const;

describe("an unsigned request of any shape", () => {
  it.each(SERVICES)("an unsigned request is rejected by %s and stops no process", async (name) => {
    const port = Number(new URL(urls()[name] ?? "").port);
    const faults: string[] = [];
    for (let at = 0; at < COUNT; at++) {
      const draw = drawing(SEED + at);
      const request = drawRequest(draw, { host: `127.0.0.1:${port}` });
      // The rest of such a body is waited for as long as Node waits for any.
      if (/Content-Length: \d{9}/.test(request.bytes.toString("latin1"))) continue;
      const { status } = await exchange(port, request, draw);
      const isRight = status === undefined ? request.isBrokenOff : status >= 200 && status < 500;
      if (!isRight)
        faults.push(`${at}: ${status} for ${JSON.stringify(request.bytes.toString("latin1").slice(0, 200))}`);
    }
    expect(faults.slice(0, 5)).toEqual([]);
    expect([rejected.mock.calls, reported]).toEqual([[], []]);
  });
});

type SignedRequest = { url: string; method: string; body: string; headers?: Record<string, string> };

describe("a signed request of any shape", () => {
  const TableName = () => resources.Table.name;
  const key = { pk: { S: "fuzz" }, sk: { S: "1" } };
  const dynamodb: Record<string, () => object> = {
    PutItem: () => ({ TableName: TableName(), Item: { ...key, count: { N: "1" } } }),
    GetItem: () => ({ TableName: TableName(), Key: key, ConsistentRead: true }),
    DeleteItem: () => ({ TableName: TableName(), Key: key }),
    UpdateItem: () => ({
      ...{ TableName: TableName(), Key: key, UpdateExpression: "SET #a = :a" },
      ...{ ExpressionAttributeNames: { "#a": "a" }, ExpressionAttributeValues: { ":a": { L: [{ N: "1" }] } } },
    }),
    Query: () => ({
      ...{ TableName: TableName(), KeyConditionExpression: "pk = :pk", Limit: 2 },
      ExpressionAttributeValues: { ":pk": { S: "fuzz" } },
    }),
    BatchGetItem: () => ({ RequestItems: { [TableName()]: { Keys: [key] } } }),
    TransactWriteItems: () => ({ TransactItems: [{ Delete: { TableName: TableName(), Key: key } }] }),
    Unknown: () => ({}),
  };
  const QueueUrl = () => resources.ReviewQueue.url;
  const sqs: Record<string, () => object> = {
    SendMessage: () => ({ QueueUrl: QueueUrl(), MessageBody: "text", DelaySeconds: 0 }),
    SendMessageBatch: () => ({ QueueUrl: QueueUrl(), Entries: [{ Id: "1", MessageBody: "text" }] }),
    DeleteMessage: () => ({ QueueUrl: QueueUrl(), ReceiptHandle: "none" }),
    ChangeMessageVisibility: () => ({ QueueUrl: QueueUrl(), ReceiptHandle: "none", VisibilityTimeout: 0 }),
    GetQueueAttributes: () => ({ QueueUrl: QueueUrl(), AttributeNames: ["All"] }),
    Unknown: () => ({ QueueUrl: QueueUrl() }),
  };
  const json =
    (prefix: string, version: string, operations: Record<string, () => object>) =>
    (url: string, draw: Draw): SignedRequest => {
      const operation = draw.one(Object.keys(operations));
      const body = JSON.stringify(distort(operations[operation]?.(), draw)) ?? "";
      const headers = { "x-amz-target": `${prefix}.${operation}`, "content-type": `application/x-amz-json-${version}` };
      return { url, method: "POST", body: draw() < 0.1 ? body.slice(1) : body, headers };
    };
  const drawn: Record<
    (typeof SERVICES)[number],
    { signer: Service; draw: (url: string, draw: Draw) => SignedRequest }
  > = {
    dynamodb: { signer: "dynamodb", draw: json("DynamoDB_20120810", "1.0", dynamodb) },
    sqs: { signer: "sqs", draw: json("AmazonSQS", "1.0", sqs) },
    cloudwatch: {
      signer: "monitoring",
      draw: json("GraniteServiceVersion20100801", "1.0", {
        GetMetricData: () => ({
          ...{ StartTime: 1_700_000_000, EndTime: 1_700_003_600 },
          MetricDataQueries: [
            {
              Id: "a",
              MetricStat: {
                Metric: { Namespace: "AWS/SQS", MetricName: "x", Dimensions: [] },
                Period: 60,
                Stat: "Sum",
              },
            },
          ],
        }),
        Unknown: () => ({}),
      }),
    },
    lambda: {
      signer: "lambda",
      draw: (url, draw) => ({
        url: `${url}${draw.one(["/2015-03-31/functions/check/invocations", "/2015-03-31/functions/none/invocations", "/2015-03-31/functions/%ff/invocations", "/x"])}`,
        method: draw.one(["POST", "POST", "PUT"]),
        body: draw.one(["", "{", "null", "{}", '{"verb":1}', "\u0000"]),
      }),
    },
    s3: {
      signer: "s3",
      draw: (url, draw) => ({
        url: `${url}/${draw.one([resources.Blobs.name, "none", "A_B", "%ff"])}${draw.one(["", "/", "/fuzz", "/a%00b", "/..%2f..%2fx", `/${"k".repeat(1_100)}`])}${draw.one(["", "?uploads", "?versioning", "?list-type=2&max-keys=x", "?list-type=2&continuation-token=x", "?versionId=x", "?delete", "?uploadId=x&partNumber=0", "?cors", "?acl"])}`,
        method: draw.one(["GET", "PUT", "POST", "DELETE"]),
        body: draw.one([
          "",
          "text",
          "<Delete><Object><Key>x</Key></Object></Delete>",
          "<Delete>",
          "<a><b></a>",
          "<!DOCTYPE x><Delete/>",
        ]),
        headers: draw.one<Record<string, string>>([
          {},
          { "x-amz-copy-source": "none" },
          { "content-md5": "x" },
          { "if-match": "*" },
          { range: "bytes=9-1" },
          { "x-amz-checksum-crc32": "x" },
        ]),
      }),
    },
  };

  it.each(SERVICES)("a signed request gets a protocol response from %s", async (name) => {
    const { signer, draw: drawRequest } = drawn[name];
    const faults: string[] = [];
    reported.length = 0;
    for (let at = 0; at < COUNT; at++) {
      const { url, method, body, headers: more } = drawRequest(urls()[name] ?? "", drawing(SEED + at));
      const response = await fetch(url, signed(url, method, body, { service: signer, more }));
      const text = await response.text();
      const isNamed = /"__type"|<Code>/.test(text) || response.headers.has("x-amzn-errortype");
      // An operation that the laptop lacks has a code of AWS's as well.
      const isUnknown = response.status === 501 && text.includes("<Code>NotImplemented</Code>");
      const isRight = isUnknown || response.status < 300 || (response.status < 500 && (isNamed || text === ""));
      if (!isRight)
        faults.push(
          `${at}: ${response.status} ${text.slice(0, 200)} for ${method} ${url} ${JSON.stringify(more)} ${body}`,
        );
    }
    expect(faults.slice(0, 8)).toEqual([]);
    expect([rejected.mock.calls, reported]).toEqual([[], []]);
  });
});
