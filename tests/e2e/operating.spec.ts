/** Runs the commands of docs/operating: every block that is marked as one for the laptop. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CLOUD_KEY_VARIABLE } from "@redline/local/credentials";
import { cloudKey } from "@redline/local/folder-secrets";
import { TABLE } from "@redline/local/launcher/resource-env";
import { ensureTable } from "@redline/local/provision";
import { localClient } from "../support/cloud";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { expect, test } from "./support/test";

const DOCS = "docs/operating";
const blocks = readdirSync(DOCS)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) =>
    [...readFileSync(`${DOCS}/${name}`, "utf8").matchAll(/^```sh local\n(.*?)^```$/gms)].map(([, script = ""]) => ({
      name,
      script: script.trim(),
    })),
  );

const LOST = { pk: { S: "USER#usr_lost" }, sk: { S: "SETTINGS" } };
const run = promisify(execFile);

test.describe("the commands in the operating docs", () => {
  test.describe.configure({ mode: "serial" });
  let product: RunningProduct;
  let table: DynamoDBClient;
  let env: NodeJS.ProcessEnv;

  test.beforeAll(async () => {
    const port = await freePort();
    const dataDir = newDataDir();
    process.env[CLOUD_KEY_VARIABLE] = cloudKey(dataDir);
    product = await startProduct({ dataDir, env: { REDLINE_DYNAMODB_PORT: String(port) } });
    const address = `http://127.0.0.1:${port}`;
    table = new DynamoDBClient(localClient(address));
    // Like a table that was restored to a moment before an item was deleted.
    await ensureTable(table, `${TABLE}-restored`);
    await table.send(new PutItemCommand({ TableName: `${TABLE}-restored`, Item: LOST }));
    const { accessKeyId, secretAccessKey } = localClient(address).credentials;
    env = {
      ...process.env,
      ...{ REDLINE_URL: product.url, TABLE, AWS_ENDPOINT_URL_DYNAMODB: address, AWS_REGION: "us-east-1" },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    };
  });

  test.afterAll(async () => {
    table?.destroy();
    await product?.stop();
    if (product) removeDataDir(product.dataDir);
  });

  test("there are such blocks", () => expect(blocks.length).toBeGreaterThan(5));

  for (const [index, { name, script }] of blocks.entries()) {
    test(`${name}, ${index + 1}: ${script.split("\n")[0]}`, async () => {
      const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script], { env });
      if (!script.includes("restore-missing-items")) return;
      const isDry = script.includes("--dry-run");
      const outcome = isDry ? "missing in" : "restored to";
      expect(stdout).toBe(`1 items scanned in ${TABLE}-restored, 1 ${outcome} ${TABLE}\n`);
      const { Item } = await table.send(new GetItemCommand({ TableName: TABLE, Key: LOST, ConsistentRead: true }));
      expect(Item).toEqual(isDry ? undefined : LOST);
    });
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
