/** A disk that is really full, under the cloud's process, as far as this user may mount one. */
import { join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ensureTable } from "@redline/local/provision";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ChildCloud, dynamoDbClient, startChildCloud } from "../support/cloud";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk";

const TableName = "kept";
const Key = { pk: { S: "head" }, sk: { S: "version" } };

const trial = mountSmallDisk(1);
trial?.remove();
if (!trial) process.stdout.write("Nobody but root may mount a small disk, so none is filled.\n");

describe.runIf(trial)("a disk that is full", () => {
  let disk: SmallDisk;
  let cloud: ChildCloud | undefined;
  beforeEach(() => {
    disk = mountSmallDisk(8) as SmallDisk;
  });
  afterEach(async () => {
    await cloud?.kill();
    cloud = undefined;
    disk.remove();
  });

  const start = async () => {
    cloud = await startChildCloud(join(disk.path, "data"));
    return dynamoDbClient(cloud.endpoints.dynamodb, { maxAttempts: 1 });
  };
  const put = (client: ReturnType<typeof dynamoDbClient>, version: number, padding = 10) =>
    client.send(
      new PutItemCommand({ TableName, Item: { ...Key, n: { N: `${version}` }, x: { S: "x".repeat(padding) } } }),
    );
  const head = async (client: ReturnType<typeof dynamoDbClient>) =>
    Number((await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item?.n?.N);

  it("a full disk loses nothing that was saved before or after, at the next start", async () => {
    let client = await start();
    await ensureTable(client, TableName);
    await put(client, 1);
    disk.fill();
    const refused = await put(client, 2, 9_000).catch((error) => error);
    expect(refused).toMatchObject({ name: "StorageUnavailable", $metadata: { httpStatusCode: 503 } });
    expect(refused.message).toBe(
      `The disk that holds Redline's data (${join(disk.path, "data")}) is full. ` +
        "Nothing was changed, and what was saved before is kept. Free some space there, then try again.",
    );
    // A small one would fit; it is refused as well, and what there is can be read.
    await expect(put(client, 3)).rejects.toThrow("is full");
    expect(await head(client)).toBe(1);
    disk.free();
    await vi.waitFor(() => put(client, 4), { timeout: 60_000 });
    for (let version = 5; version <= 14; version++) await put(client, version);
    client.destroy();
    await cloud?.kill();
    client = await start();
    expect(await head(client)).toBe(14);
    client.destroy();
  });

  it("a disk that is full at the start is reported in one sentence, and nothing changes", async () => {
    let client = await start();
    await ensureTable(client, TableName);
    await put(client, 1);
    client.destroy();
    await cloud?.kill();
    disk.fill();
    const data = join(disk.path, "data");
    await expect(start()).rejects.toThrow(
      `the cloud ended with 1: The disk that holds Redline's data (${data}) is full. ` +
        "Nothing was changed. Free some space there and start again.",
    );
    disk.free();
    client = await start();
    expect(await head(client)).toBe(1);
    client.destroy();
  });
});
