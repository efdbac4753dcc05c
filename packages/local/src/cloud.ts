/**
 * The laptop's cloud: DynamoDB, S3, SQS and CloudWatch for SDK clients with default settings, in a process of their own.
 *
 * Run by itself it takes `REDLINE_DATA` (the data folder), `REDLINE_DYNAMODB_PORT`, `REDLINE_S3_PORT`,
 * `REDLINE_SQS_PORT` and `REDLINE_CLOUDWATCH_PORT` (0 or nothing: a free one), `REDLINE_CLOUD_KEY` (nothing: the key that
 * the folder holds), `REDLINE_FIRST_START` (1: all former receivers are dead), `REDLINE_DURABLE` (`on` waits
 * for the disk) and `REDLINE_FAULTS` (tests), prints one line
 * `{"ready":true,"dynamodb":url,"s3":url,"sqs":url,"cloudwatch":url}`, and ends with its parent process.
 */
import { fstatSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startCloudWatch } from "./cloudwatch/server";
import { CLOUD_KEY_VARIABLE } from "./credentials";
import { startDynamoDb } from "./dynamodb/server";
import { type FaultConfig, Faults, faultsFromEnvironment } from "./faults";
import { cloudKey } from "./folder-secrets";
import { collectAtRest } from "./rest";
import { startS3 } from "./s3/server";
import { startSqs } from "./sqs/server";
import { openStore, type StoreOptions } from "./store";
import { DataFolderInUse } from "./store/data-folder";
import { StorageUnavailable } from "./store/storage-unavailable";

/** AWS measures queues once a minute; who sits before a laptop looks sooner. */
const AGES_EVERY_MS = 5_000;

export interface CloudOptions {
  dataDir: string;
  /** 0 or nothing takes a free port. */
  ports?: { dynamodb?: number; s3?: number; sqs?: number; cloudwatch?: number };
  faults?: FaultConfig;
  /** No earlier receiver is alive: messages in flight become visible again at once. */
  isFirstStart?: boolean;
  /** Options of the store; its data folder is the cloud's. */
  storage?: StoreOptions;
  /** Interval of DynamoDB's sweep for expired items, in ms. */
  sweepMs?: number;
}

export interface Cloud {
  endpoints: { dynamodb: string; s3: string; sqs: string; cloudwatch: string };
  /** Undefined switches the fault mode off. */
  setFaults(config: FaultConfig | undefined): void;
  /** Finishes what runs (at most about a second) and gives the data folder free. */
  close(): Promise<void>;
}

/**
 * @throws {DataFolderInUse} when another Redline runs on the folder
 * @throws {StorageUnavailable} when the folder cannot be written or read
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, ports = {}, faults: config, isFirstStart = false, storage = {}, sweepMs } = options;
  const store = await openStore(dataDir, storage);
  const faults = new Faults(config);
  const started: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(started.map((service) => service.close()));
    await store.close();
  };
  try {
    const key = process.env[CLOUD_KEY_VARIABLE] || cloudKey(dataDir);
    const dynamodb = await startDynamoDb({ store, key, faults, port: ports.dynamodb ?? 0, sweepMs });
    started.push(dynamodb);
    const s3 = await startS3({ store, key, dataDir, faults, isDurable: storage.isDurable, port: ports.s3 ?? 0 });
    started.push(s3);
    const sqs = await startSqs({ store, key, faults, port: ports.sqs ?? 0, isFirstStart });
    started.push(sqs);
    const cloudwatch = await startCloudWatch({ key, faults, port: ports.cloudwatch ?? 0 });
    started.push(cloudwatch);
    const looking = setInterval(() => {
      for (const { queue, seconds } of sqs.ages())
        cloudwatch.add({
          ...{ namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimensions: { QueueName: queue } },
          ...{ value: seconds, atMs: Date.now() },
        });
    }, AGES_EVERY_MS).unref();
    started.push({ close: async () => clearInterval(looking) });
    return {
      endpoints: { dynamodb: dynamodb.url, s3: s3.url, sqs: sqs.url, cloudwatch: cloudwatch.url },
      setFaults: (next) => faults.set(next),
      close,
    };
  } catch (error) {
    await close();
    throw isOfFiles(error) ? StorageUnavailable.from(error, resolve(dataDir)) : error;
  }
}

/** Returns whether an error is about files, and not about ports. */
const isOfFiles = (error: unknown) => error instanceof Error && "path" in error && "syscall" in error;

async function main(): Promise<void> {
  const { REDLINE_DATA: dataDir = ".data", REDLINE_DURABLE, REDLINE_FAULTS } = process.env;
  const port = (name: string) => Number(process.env[name] ?? 0);
  const cloud = await startCloud({
    dataDir,
    ports: {
      dynamodb: port("REDLINE_DYNAMODB_PORT"),
      s3: port("REDLINE_S3_PORT"),
      sqs: port("REDLINE_SQS_PORT"),
      cloudwatch: port("REDLINE_CLOUDWATCH_PORT"),
    },
    faults: faultsFromEnvironment(REDLINE_FAULTS),
    isFirstStart: process.env.REDLINE_FIRST_START === "1",
    storage: { isDurable: REDLINE_DURABLE === "on" },
  });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    cloud.close().finally(() => process.exit());
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  endWithParent(end);
  collectAtRest();
  process.stdout.write(`${JSON.stringify({ ready: true, ...cloud.endpoints })}\n`);
}

/** The channel to the parent, or a piped standard input, closes when the parent dies, however it dies. */
function endWithParent(end: () => void): void {
  if (process.channel) {
    process.once("disconnect", end);
    return;
  }
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) process.stdin.once("end", end).once("error", end).resume();
}

function startProblem(error: unknown): string {
  if (error instanceof StorageUnavailable) return error.startSentence;
  if (error instanceof DataFolderInUse) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  main().catch((error) => {
    process.stderr.write(`${startProblem(error)}\n`);
    process.exit(1);
  });
