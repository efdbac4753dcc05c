/** The world in which people's acts are played: the local cloud, the engines and a model, each metered. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { BUCKET, QUEUES, resourceEnv, TABLE } from "@redline/local/launcher/resource-env";
import { ensureTable } from "@redline/local/provision";
import { ensureBuckets, productBucket } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import { newDataDir, removeDataDir } from "../../e2e/support/product";
import { localClient, startChildCloud } from "../../support/cloud";
import { type Played, Player } from "./player";
import { ANSWER_TEXT } from "./sources";

const SECRET = "the operator's secret of the cost table";
/** 1,600 characters in eight seconds. */
const ANSWER = { text: ANSWER_TEXT, chunkChars: 20, delayMs: 100 };

/** Plays so many sessions, and tells what each act used on average. */
export async function play(sessions: number): Promise<Played> {
  const children: ChildProcess[] = [];
  const dataDir = newDataDir();
  const answers = `${dataDir}-answers.json`;
  try {
    writeFileSync(answers, JSON.stringify([ANSWER]));
    const cloud = await startChildCloud(dataDir);
    children.push(cloud.process);
    const check = await startChild(children, "tests/bench/cost/check-function.ts");
    const model = JSON.parse(await startChild(children, "tests/support/model-server/main.ts", "--answers", answers));
    const counted = JSON.stringify(cloud.endpoints);
    const { control, ...metered } = JSON.parse(
      await startChild(children, "tests/bench/cost/meter-process.ts", counted, check),
    );
    Object.assign(process.env, resourceEnv(metered, "a key for the cost table only"), {
      AWS_ENDPOINT_URL_LAMBDA: metered.lambda,
      REDLINE_AUTH: "on",
      REDLINE_LOG: "info",
      REDLINE_MODEL: `openai:${model.openai}/v1#test-model`,
      SST_RESOURCE_OperatorSecret: JSON.stringify({ value: SECRET }),
    });
    const table = new DynamoDBClient(localClient(cloud.endpoints.dynamodb));
    await ensureTable(table, TABLE);
    const s3 = new S3Client({ ...localClient(cloud.endpoints.s3), forcePathStyle: true });
    await ensureBuckets(s3, [productBucket(BUCKET)]);
    await ensureQueues(new SQSClient(localClient(cloud.endpoints.sqs)), Object.values(QUEUES));
    return await new Player(control, SECRET).play(sessions, table);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    removeDataDir(dataDir);
    rmSync(answers, { force: true });
  }
}

/** Its first line is what it says of itself. */
async function startChild(children: ChildProcess[], script: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return String(line).trim();
}
