/** Tests the segments that X-Ray's daemon receives from a function as it is bundled and as Lambda runs it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { forRequest } from "@redline/core/platform/correlation";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import type { SQSBatchResponse } from "aws-lambda";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LambdaStandIn } from "../../../tests/infra/lambda/stand-in";
import { pasteSession, withProduct } from "../../../tests/support/product";
import { type Segment, startXrayDaemon, type XrayDaemon } from "../../../tests/support/xray-daemon";

const product = withProduct();

const SECRET = "ghp_2f9d0c1e7a514c55b1a8";

const trace = (root: string, sampled: 0 | 1) => `Root=${root};Parent=53995c3f42cd8ad8;Sampled=${sampled}`;
const root = (at: number) => `1-5759e988-${String(at).padStart(24, "0")}`;

let folder: string;
let daemon: XrayDaemon;
let worker: LambdaStandIn;
/** Everything that was sent. */
const all: Segment[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "redline-xray-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  await build({
    entryPoints: [fileURLToPath(new URL("./review.ts", import.meta.url))],
    outfile: join(folder, "index.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  daemon = await startXrayDaemon();
  worker = await LambdaStandIn.start({
    name: "redline-review",
    root: folder,
    handler: "index.handler",
    env: {
      ...resourceEnv(product.cloud.endpoints, "a key for tests only"),
      AWS_ENDPOINT_URL_LAMBDA: product.cloud.endpoints.sqs,
      ...daemon.env,
      AWS_REGION: "us-east-1",
      REDLINE_LOG: "info",
      NODE_NO_WARNINGS: "1",
    },
  });
});
afterAll(async () => {
  await worker?.stop();
  daemon?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A job that can be done without the engines: there is nothing to check. */
async function invoke(requestId: string, header: string): Promise<void> {
  const session = await forRequest(requestId, () => pasteSession(product.actor, { "notes.txt": `${SECRET}\n` }));
  const job = { kind: "review", sessionId: session.id, version: 1, userId: session.creatorId, requestId };
  const record = { messageId: "1", body: JSON.stringify(job), attributes: { ApproximateReceiveCount: "1" } };
  const response = await worker.invoke<SQSBatchResponse>({ Records: [record] }, header);
  expect(response.batchItemFailures).toEqual([]);
}

async function sentUntil(root: string): Promise<Segment[]> {
  const sent = await daemon.sentUntil(root, "review");
  all.push(...sent);
  return sent;
}

describe("a job's trace", () => {
  it("has the request's id, the invocation's parts in their order, and each call of AWS below the job", async () => {
    await invoke("req_traced", trace(root(1), 1));
    const sent = await sentUntil(root(1));
    expect(new Set(sent.map(({ trace_id }) => trace_id))).toEqual(new Set([root(1)]));
    const named = (name: string) => sent.find((segment) => segment.name === name);
    const [invocation, job] = [named("review"), named("job")];
    expect(invocation).toMatchObject({ parent_id: "53995c3f42cd8ad8" });
    expect(job).toMatchObject({ parent_id: invocation?.id, annotations: { requestId: "req_traced" } });
    const calls = sent.filter(({ aws }) => aws).map(({ name, parent_id }) => `${name} of ${parent_id}`);
    expect(calls).toContain(`DynamoDB of ${job?.id}`);
  });

  it.each([
    ["the edge decided so", trace(root(2), 0), 3],
    ["Lambda only passes it on", `Root=${root(4)}`, 5],
  ])("is not recorded where %s, and the next one is, under its own id", async (_, header, next) => {
    await invoke("req_quiet", header);
    await invoke("req_next", trace(root(next), 1));
    const sent = await sentUntil(root(next));
    expect(new Set(sent.map(({ trace_id }) => trace_id))).toEqual(new Set([root(next)]));
    expect(sent.find(({ name }) => name === "job")?.annotations).toMatchObject({ requestId: "req_next" });
  });

  it("logs nothing, and quotes no content", async () => {
    expect(worker.log.split("\n").filter((line) => line && !line.startsWith("{"))).toEqual([]);
    expect(worker.log).not.toMatch(/X-Ray|xray-sdk|segment/i);
    expect(all.length).toBeGreaterThan(10);
    expect(JSON.stringify(all)).not.toContain(SECRET);
  });
});
