/** Starts the local cloud, provisions it, then starts workers and web. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { modelProblems } from "@redline/core/ai/config";
import { parseEnv } from "@redline/core/platform/env";
import { CLOUD_KEY_VARIABLE } from "../credentials";
import { cloudKey, localToken, signingKey } from "../folder-secrets";
import { collectNow } from "../rest";
import { ownerOf } from "../store/owner";
import { StorageUnavailable } from "../store/storage-unavailable";
import { StartFailed, SupervisedProcess } from "./child-process";
import { isPortFree } from "./port";
import { type CloudAddresses, resourceEnv } from "./resource-env";
import { allowUploadsFrom } from "./upload-origins";

/** Small V8 semi-space, garbage collected when idle: these processes are mostly idle and share one laptop. */
const NODE_FLAGS = ["--max-semi-space-size=2", "--expose-gc"];
/**
 * Settings of glibc's allocator, where there is one: what was freed stays with the process for as long as anything is in
 * use behind it, unless it was mapped by itself and all threads share one arena. Measured at rest with pieces mapped from
 * 64 KB on and from 4 KB on: 72 and 61 MB in all after the start, and 45 and 35 for the web process after 600 sessions.
 * From 16 KB on, Node's pooled buffers and LevelDB's blocks stay clear of it: a mapping costs two calls, and Linux gives a
 * process 65,530.
 */
const MALLOC = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "16384", MALLOC_TRIM_THRESHOLD_: "65536" };
const bundle = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Ctrl-C, `kill`, a closed terminal. */
const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Launched {
  /** Starts one process again, as when its code changed. */
  restart(name: "cloud" | "workers" | "web"): Promise<void>;
  /** Ends everything in the order that loses nothing. */
  stop(): Promise<void>;
}

/** Returns the environment of each process in development; its threads get it as well. Source maps slow down each start. */
export const developmentEnv = (): Record<string, string> => ({
  REDLINE_DEV: "1",
  NODE_OPTIONS: [process.env.NODE_OPTIONS, "--enable-source-maps"].filter(Boolean).join(" "),
});

/** Returns the problems of sign-in: without a secret it is impossible. */
const signInProblems = ({ REDLINE_AUTH, ...source }: Record<string, string | undefined>): string[] =>
  REDLINE_AUTH === "on" && !source.REDLINE_OPERATOR_SECRET && !source.SST_RESOURCE_OperatorSecret
    ? ["REDLINE_AUTH=on needs REDLINE_OPERATOR_SECRET, which whoever signs in has to know."]
    : [];

/** The secret, linked as SST does on AWS. */
const operatorSecret = ({
  REDLINE_OPERATOR_SECRET: value,
  SST_RESOURCE_OperatorSecret: linked,
}: NodeJS.ProcessEnv): Record<string, string> =>
  value && !linked ? { SST_RESOURCE_OperatorSecret: JSON.stringify({ value }) } : {};

/**
 * Resolves when the product serves, and has then said so in one line. From the start on, a signal to end ends everything
 * and this process. Rejects with an error whose message is the sentence to show; the message is empty when a process has
 * said it already.
 */
export async function launch({ isDevelopment = false } = {}): Promise<Launched> {
  const env = parseEnv(process.env, modelProblems, signInProblems);
  const dataDir = resolve(env.REDLINE_DATA);
  const port = Number(env.PORT);
  if (port !== 0 && !(await isPortFree(port))) throw new Error(portSentence(port, dataDir));

  const [key, secret, token] = secretsOf(dataDir);
  process.env[CLOUD_KEY_VARIABLE] = secret;
  const common = {
    ...MALLOC,
    REDLINE_DATA: dataDir,
    [CLOUD_KEY_VARIABLE]: secret,
    REDLINE_LOG: process.env.REDLINE_LOG || "warn",
    // Node 20 is supported here for as long as the SDK runs on it; its reminder is for us, not for who starts Redline.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    NODE_ENV: isDevelopment ? "development" : "production",
    ...(isDevelopment && developmentEnv()),
    ...operatorSecret(process.env),
  };
  const started: SupervisedProcess[] = [];
  const supervise = (plan: ConstructorParameters<typeof SupervisedProcess>[0]) => {
    const supervised = new SupervisedProcess(
      { nodeFlags: [`--title=redline-${plan.name}`, ...NODE_FLAGS], ...plan },
      say,
    );
    started.push(supervised);
    return supervised;
  };
  const stop = async () => {
    for (const process of started.toReversed()) await process.stop();
  };

  const end = () => void stop().then(() => process.exit());
  for (const signal of ENDINGS) process.once(signal, end);
  try {
    // Left by an earlier one. Programs take an address for true while the folder has an owner.
    if (livingOwner(dataDir) === undefined) rmSync(join(dataDir, "address"), { force: true });
    const cloud = supervise({
      name: "cloud",
      entry: bundle("cloud"),
      env: (previous) => ({
        ...common,
        // On the first start, every earlier receiver of a message is dead; on a restart, the workers are alive.
        ...(!previous && { REDLINE_FIRST_START: "1" }),
        ...(previous && {
          REDLINE_DYNAMODB_PORT: portOf(previous.dynamodb),
          REDLINE_S3_PORT: portOf(previous.s3),
          REDLINE_SQS_PORT: portOf(previous.sqs),
          REDLINE_CLOUDWATCH_PORT: portOf(previous.cloudwatch),
        }),
      }),
    });
    const addresses = (await cloud.start()) as unknown as CloudAddresses;
    const cloudEnv = { ...common, ...resourceEnv(addresses, key, secret) };
    const died = (instance: string) => void runBundle("release", { ...cloudEnv, REDLINE_DEAD_INSTANCE: instance });

    const workers = supervise({
      name: "workers",
      entry: bundle("workers"),
      env: (previous) => ({ ...cloudEnv, ...(previous && { REDLINE_LAMBDA_PORT: portOf(previous.lambda) }) }),
      died,
    });
    const workersReady = provision(cloudEnv).then(() => workers.start());
    const web = supervise({
      name: "web",
      entry: bundle("web"),
      env: (previous) => ({
        ...cloudEnv,
        PORT: previous ? portOf(previous.web) : env.PORT,
        REDLINE_LATE_ENV: "1",
        REDLINE_LOCAL_TOKEN: token,
      }),
      died,
      idle: end,
      lateEnv: async () => ({ AWS_ENDPOINT_URL_LAMBDA: (await workersReady).lambda ?? "" }),
    });
    const [{ web: url = "" }] = await Promise.all([web.start(), workersReady]);
    await allowUploadsFrom(url, addresses.s3);
    writeAddress(dataDir, url);
    say(`Redline is at ${url} (data in ${relative(process.cwd(), dataDir) || "."}). Press Ctrl-C to stop.`);
    collectNow();
    const processes = { cloud, workers, web };
    return { restart: (name) => processes[name].restart(), stop };
  } catch (error) {
    await stop();
    throw error instanceof StartFailed ? new Error("", { cause: error }) : error;
  }
}

/** Tells programs where the product serves that runs on this data folder. */
function writeAddress(dataDir: string, url: string): void {
  writeFileSync(join(dataDir, "address"), `${url}\n`, { mode: 0o600 });
}

async function main(): Promise<void> {
  try {
    await launch();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(sentence && `${sentence}\n`);
    process.exit(1);
  }
}

async function provision(env: Record<string, string>): Promise<void> {
  if ((await runBundle("provision", env)) !== 0) throw new StartFailed("Could not provision the local cloud.");
}

/** Runs one of our bundles to its end; resolves with its exit code. */
async function runBundle(name: string, env: Record<string, string>): Promise<number | null> {
  const child = spawn(process.execPath, [bundle(name)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  return code;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

const portOf = (url: string | undefined) => (url ? new URL(url).port : "0");

function portSentence(port: number, dataDir: string): string {
  const owner = livingOwner(dataDir);
  if (owner) return `Redline is already running on ${dataDir} (pid ${owner}).`;
  return `Port ${port} is in use. Choose another one with PORT, such as PORT=${port + 1} npm start.`;
}

function livingOwner(dataDir: string): number | undefined {
  const pid = ownerOf(dataDir);
  try {
    return pid !== undefined && process.kill(pid, 0) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The first that is written into a data folder: the keys of the product and of the cloud. */
function secretsOf(dataDir: string): [signingKey: string, cloudKey: string, localToken: string] {
  try {
    return [signingKey(dataDir), cloudKey(dataDir), localToken(dataDir)];
  } catch (error) {
    throw new Error(StorageUnavailable.from(error, dataDir).startSentence, { cause: error });
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
