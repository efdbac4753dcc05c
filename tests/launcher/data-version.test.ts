import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "@redline/core/platform/clients";
import { resources } from "@redline/core/platform/resources";
import { CODE, SCHEMA_KEY } from "@redline/core/platform/schema-version";
import { expect, it } from "vitest";
import { withProduct } from "../support/product";

withProduct();

const PROVISION = fileURLToPath(new URL("../../packages/local/src/launcher/provision.ts", import.meta.url));

/** Runs the provisioning step before any worker starts. Returns its exit code and output. */
async function provision(): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", PROVISION], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  return { code, said };
}

it("a laptop's data is opened only by a Redline that supports its version", async () => {
  expect(await provision()).toMatchObject({ code: 0 });
  const newer = CODE.writes + 1;
  const Item = { ...SCHEMA_KEY, oldest: CODE.writes, newest: newer, epoch: 1, v: 1 };
  await dynamo().send(new PutCommand({ TableName: resources.Table.name, Item }));
  const { code, said } = await provision();
  expect(code).toBe(1);
  expect(said).toContain(`The stored data is of versions ${CODE.writes} to ${newer}, and this Redline knows`);
});
