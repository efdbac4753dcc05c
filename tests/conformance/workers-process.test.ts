/** The workers as the launcher runs them: a process of their own, with the product's functions. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ensureQueues } from "@redline/local/provision-queues";
import { DEAD_SUFFIX } from "@redline/local/sqs/dead-letters";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { localClient, startTestCloud, type TestCloud } from "../support/cloud";
import { sqsClient } from "../support/sqs-target";

const WORKERS = fileURLToPath(new URL("../../packages/local/src/lambda/workers.ts", import.meta.url));
const QUEUE = "redline-review";

let cloud: TestCloud;
let child: ChildProcess | undefined;

beforeAll(async () => {
  cloud = await startTestCloud();
  const sqs = sqsClient(cloud.endpoints.sqs);
  const queues = await ensureQueues(sqs, [{ name: QUEUE, functionTimeoutSeconds: 300 }]);
  expect(queues[QUEUE]?.deadUrl.endsWith(QUEUE + DEAD_SUFFIX)).toBe(true);
  sqs.destroy();
});

afterAll(() => cloud.close());

afterEach(() => {
  child?.kill("SIGKILL");
});

async function start(): Promise<{ url: string; exited: Promise<number | null> }> {
  const { dynamodb, s3, sqs } = cloud.endpoints;
  const started = spawn(process.execPath, ["--import", "tsx", WORKERS], {
    env: {
      ...process.env,
      REDLINE_LOCAL: "1",
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
      AWS_ENDPOINT_URL_S3: s3,
      AWS_ENDPOINT_URL_SQS: sqs,
      SST_RESOURCE_App: JSON.stringify({ name: "redline", stage: "local" }),
      SST_RESOURCE_Blobs: JSON.stringify({ name: "redline-blobs" }),
      SST_RESOURCE_Table: JSON.stringify({ name: "redline" }),
      SST_RESOURCE_ReviewQueue: JSON.stringify({ url: `${sqs}/000000000000/${QUEUE}` }),
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child = started;
  const exited = new Promise<number | null>((resolve) => started.once("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    let errors = "";
    started.stderr?.on("data", (chunk) => {
      errors += chunk;
    });
    started.stdout?.once("data", (chunk) => resolve(String(chunk)));
    started.once("exit", (code) => reject(new Error(`the workers ended with ${code}: ${errors}`)));
  });
  const { ready, lambda } = JSON.parse(line);
  expect(ready).toBe(true);
  return { url: lambda, exited };
}

test("the workers serve Invoke for the product's functions only, and exit on SIGTERM", async () => {
  const { url, exited } = await start();
  const lambda = new LambdaClient(localClient(url));
  for (const FunctionName of ["review", "stream-table-changes", "cron-sweep", "check"]) {
    const { StatusCode } = await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "DryRun" }));
    expect(StatusCode).toBe(204);
  }
  const unknown = lambda.send(new InvokeCommand({ FunctionName: "no-such-function" }));
  await expect(unknown).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  // Loads the module from its source: an event without records is done at once.
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: "stream-table-changes", Payload: Buffer.from(JSON.stringify({ Records: [] })) }),
  );
  expect([FunctionError, Buffer.from(Payload ?? []).toString()]).toEqual([undefined, '{"batchItemFailures":[]}']);
  lambda.destroy();
  child?.kill("SIGTERM");
  expect(await exited).toBe(0);
});

test("the workers exit when their parent is gone", async () => {
  const { exited } = await start();
  child?.disconnect();
  expect(await exited).toBe(0);
});
