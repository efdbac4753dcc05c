/** Our bundled web server and the empty Remix server beside it, each a process of its own, for ratios in one run. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CLOUD_KEY_VARIABLE } from "@redline/local/credentials";
import { cloudKey } from "@redline/local/folder-secrets";
import { type CloudAddresses, resourceEnv } from "@redline/local/launcher/resource-env";
import { type RunningProduct, startProduct } from "../e2e/support/product";

const ROOT = join(import.meta.dirname, "../..");
const EMPTY = join(import.meta.dirname, "empty-remix");
const EMPTY_BUILD = join(ROOT, ".cache/bench/empty-remix");

type BenchCloud = CloudAddresses & { lambda: string };

export function buildEmptyRemix(): void {
  const cli = join(ROOT, "node_modules/@remix-run/dev/dist/cli.js");
  const { status, stderr } = spawnSync(process.execPath, [cli, "vite:build", "--logLevel", "error"], {
    cwd: EMPTY,
    env: { ...process.env, NODE_ENV: "production", EMPTY_REMIX_BUILD: EMPTY_BUILD },
  });
  if (status !== 0) throw new Error(`The empty Remix server could not be built: ${stderr}`);
}

/** With a cloud, its `/reads/:id` makes the reads that our session page makes. */
export function startEmptyRemix(port: number, cloud?: CloudAddresses): ChildProcess {
  return spawn(process.execPath, [join(EMPTY_BUILD, "server/index.js")], {
    env: { ...process.env, ...(cloud && resourceEnv(cloud, "bench")), NODE_ENV: "production", PORT: String(port) },
    // React says there that a client went away in the middle of a page, as the last ones of each round do.
    stdio: "ignore",
  });
}

/** Our web server alone, on the cloud of a product that runs already. */
export function startWeb(port: number, cloud: BenchCloud): ChildProcess {
  return spawn(process.execPath, [join(ROOT, "build/local/web.js")], {
    env: {
      ...process.env,
      ...resourceEnv(cloud, "bench"),
      AWS_ENDPOINT_URL_LAMBDA: cloud.lambda,
      NODE_ENV: "production",
      PORT: String(port),
      REDLINE_LOG: "warn",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** A product whose cloud listens where the second web server is told to look. */
export async function startProductWithCloud(dataDir: string, firstPort: number) {
  // Requests of this process to the local cloud are signed like those of the product.
  process.env[CLOUD_KEY_VARIABLE] = cloudKey(dataDir);
  const [dynamodb = "", s3 = "", sqs = "", lambda = ""] = [0, 1, 2, 3].map((at) => String(firstPort + at));
  const env = {
    REDLINE_DYNAMODB_PORT: dynamodb,
    REDLINE_S3_PORT: s3,
    REDLINE_SQS_PORT: sqs,
    REDLINE_LAMBDA_PORT: lambda,
  };
  const product: RunningProduct = await startProduct({ dataDir, env });
  const address = (port: string) => `http://127.0.0.1:${port}`;
  const cloud: BenchCloud = {
    dynamodb: address(dynamodb),
    s3: address(s3),
    sqs: address(sqs),
    lambda: address(lambda),
  };
  return { product, cloud };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
