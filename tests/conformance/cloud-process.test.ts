/** The cloud as a process of its own: how it starts, says so, and ends. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ensureTable } from "@redline/local/provision";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ChildCloud, dynamoDbClient, internal, startChildCloud } from "../support/cloud";
import { onAws } from "../support/conformance";

describe.skipIf(onAws)("the cloud's process", () => {
  let dataDir: string;
  let cloud: ChildCloud | undefined;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "redline-process-"));
  });
  afterEach(async () => {
    if (cloud?.process.exitCode === null && cloud.process.signalCode === null) await cloud.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("reports its address, on the loopback interface only", async () => {
    cloud = await startChildCloud(dataDir);
    const hosts = Object.values(cloud.endpoints).map((url) => new URL(url).hostname);
    expect(hosts).toEqual(Array(4).fill("127.0.0.1"));
  });

  it("exits by itself with code 0 when its parent is gone", async () => {
    cloud = await startChildCloud(dataDir);
    cloud.process.stdin?.end();
    expect(await once(cloud.process, "exit")).toEqual([0, null]);
  });

  it("exits with code 0 on SIGTERM, also while a reader waits for the stream", async () => {
    cloud = await startChildCloud(dataDir);
    const path = "/_redline/stream?waitMs=30000";
    const waiting = internal(cloud.endpoints.dynamodb, "GET", path).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    cloud.process.kill("SIGTERM");
    expect(await once(cloud.process, "exit")).toEqual([0, null]);
    await waiting;
  });

  it("waits for a previous owner that is exiting, and finds its data", async () => {
    const first = await startChildCloud(dataDir);
    const client = dynamoDbClient(first.endpoints.dynamodb);
    await ensureTable(client, "redline-kept");
    client.destroy();
    const second = startChildCloud(dataDir);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await first.kill();
    cloud = await second;
    const again = dynamoDbClient(cloud.endpoints.dynamodb);
    expect((await again.send(new ListTablesCommand({}))).TableNames).toEqual(["redline-kept"]);
    again.destroy();
  });

  it("has the faults configured in its environment, and names a mistake in them", async () => {
    const faults = { seed: 1, rules: [{ kind: "throttle", probability: 1, operation: "ListTables" }] };
    cloud = await startChildCloud(dataDir, { REDLINE_FAULTS: JSON.stringify(faults) });
    const impatient = dynamoDbClient(cloud.endpoints.dynamodb, { maxAttempts: 1 });
    await expect(impatient.send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: "ProvisionedThroughputExceededException",
    });
    impatient.destroy();
    await cloud.kill();
    await expect(startChildCloud(dataDir, { REDLINE_FAULTS: "often" })).rejects.toThrow("REDLINE_FAULTS must be JSON");
  });
});
