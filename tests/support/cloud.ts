/** A laptop's cloud for tests: a fresh data folder under the system's temporary folder, free ports. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { type Cloud, startCloud } from "@redline/local/cloud";
import { MEASURED_PATH, type Sample } from "@redline/local/cloudwatch/series";
import {
  CLOUD_KEY_VARIABLE,
  LOCAL_REGION,
  localCredentials,
  type Service,
  signedHeaders,
} from "@redline/local/credentials";
import type { FaultConfig } from "@redline/local/faults";

// As the launcher gives one to its processes: those that a test starts have it too.
process.env[CLOUD_KEY_VARIABLE] ??= randomBytes(32).toString("hex");

/** Returns the SDK client options for the local cloud; all others keep their defaults. */
export const localClient = (endpoint: string) => ({ endpoint, region: LOCAL_REGION, credentials: localCredentials() });

/** Faults of integration tests: indexes lag and eventually consistent reads are stale. */
export const LATE_READS: FaultConfig = { lateIndexMs: 150, staleReadMs: 50 };

export interface TestCloud extends Cloud {
  dataDir: string;
  dynamodb: DynamoDBClient;
}

/** In this process. `close` also removes the data. */
export async function startTestCloud(options: { faults?: FaultConfig; sweepMs?: number } = {}): Promise<TestCloud> {
  const dataDir = mkdtempSync(join(tmpdir(), "redline-cloud-"));
  const cloud = await startCloud({ dataDir, ...options });
  const dynamodb = dynamoDbClient(cloud.endpoints.dynamodb);
  return {
    ...cloud,
    dataDir,
    dynamodb,
    async close() {
      dynamodb.destroy();
      await cloud.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function dynamoDbClient(endpoint: string, options: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...localClient(endpoint), ...options });
}

export const streamsClient = (endpoint: string) => new DynamoDBStreamsClient(localClient(endpoint));

/** Calls one of the cloud's own verbs, like `GET /_redline/stream`. */
export async function internal<T>(
  endpoint: string,
  method: string,
  path: string,
  data?: unknown,
  service: Service = "dynamodb",
): Promise<T> {
  const body = data === undefined ? "" : JSON.stringify(data);
  const response = await fetch(endpoint + path, signed(endpoint + path, method, body, { service }));
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Signs as the cloud's own clients do, for `fetch`; `more` are headers that are signed too. */
export function signed(
  url: string,
  method: string,
  body: string,
  { service = "dynamodb", more }: { service?: Service; more?: Record<string, string> } = {},
): { method: string; headers: Record<string, string>; body: string | undefined } {
  const { host: _, ...headers } = signedHeaders({ service, method, url, body, headers: more });
  return { method, headers, body: method === "GET" ? undefined : body };
}

/** Reports metrics to the local CloudWatch, as the local Lambda and SQS do. */
export const tellMeasured = (cloud: Cloud, samples: Sample[]): Promise<unknown> =>
  internal(cloud.endpoints.cloudwatch, "POST", MEASURED_PATH, samples, "monitoring");

export interface ChildCloud {
  endpoints: Cloud["endpoints"];
  process: ChildProcess;
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
}

const CLOUD_SOURCE = fileURLToPath(new URL("../../packages/local/src/cloud.ts", import.meta.url));

/** In a process of its own, which ends with this one; for what must be killed. The caller owns the data folder. */
export async function startChildCloud(dataDir: string, env: Record<string, string> = {}): Promise<ChildCloud> {
  const child = spawn(process.execPath, ["--import", "tsx", CLOUD_SOURCE], {
    env: { ...process.env, REDLINE_DATA: dataDir, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const endpoints = await new Promise<Cloud["endpoints"]>((resolve, reject) => {
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.once("exit", (code) => reject(new Error(`the cloud ended with ${code}: ${errors.trim()}`)));
    child.stdout.once("data", (line) => {
      const { dynamodb, s3, sqs, cloudwatch } = JSON.parse(String(line)) as Cloud["endpoints"];
      resolve({ dynamodb, s3, sqs, cloudwatch });
    });
  });
  return {
    endpoints,
    process: child,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
