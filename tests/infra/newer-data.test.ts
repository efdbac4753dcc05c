/** The site and its streams on data that only a later commit knows, as after a roll-back that came too late. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "@redline/core/platform/clients";
import { resources } from "@redline/core/platform/resources";
import { CODE, SCHEMA_KEY } from "@redline/core/platform/schema-version";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { pointAt } from "../support/product";
import { SIGNING_KEY, urlEvent } from "./lambda/events";
import { LambdaStandIn } from "./lambda/stand-in";

let cloud: TestCloud;
const functions: LambdaStandIn[] = [];

beforeAll(async () => {
  cloud = await startTestCloud();
  await pointAt(cloud);
  const newer = { ...SCHEMA_KEY, oldest: CODE.writes, newest: CODE.writes + 1 };
  await dynamo().send(new PutCommand({ TableName: resources.Table.name, Item: newer }));
});
afterAll(async () => {
  for (const each of functions) await each.stop();
  await cloud?.close();
});

async function started(handler: string): Promise<LambdaStandIn> {
  const env = { ...resourceEnv(cloud.endpoints, SIGNING_KEY), AWS_REGION: "us-east-1", REDLINE_LOG: "info" };
  const standIn = await LambdaStandIn.start({ name: handler, root: "build/lambda/site", handler, env });
  functions.push(standIn);
  return standIn;
}

async function get(standIn: LambdaStandIn, path: string) {
  const { statusCode, headers, parts } = await standIn.stream(urlEvent({ path }));
  return { statusCode, headers, body: JSON.parse(parts.map(({ text }) => text).join("")) };
}

const versions = new RegExp(`^The stored data is of versions ${CODE.writes} to ${CODE.writes + 1}`);
const refusal = { code: "DATABASE_ERROR", message: expect.stringMatching(versions) };

describe("the site", () => {
  it("refuses every page with the reason and the request's id, which is logged too", async () => {
    const site = await started("index.handler");
    for (const path of ["/", "/sessions/new", "/ops"]) {
      const { statusCode, headers, body } = await get(site, path);
      expect([path, statusCode]).toEqual([path, 503]);
      expect(body.error).toMatchObject({ ...refusal, requestId: headers["x-request-id"] });
      const logged = site.log.split("\n").filter((line) => line.includes(body.error.requestId));
      expect(logged.map((line) => JSON.parse(line))).toMatchObject([
        { level: "ERROR", message: "request failed", error: "DATABASE_ERROR", function_name: "index.handler" },
      ]);
    }
  });

  it("still reports its health to those who may see it", async () => {
    const { statusCode, body } = await get(await started("index.handler"), "/health");
    expect([statusCode, body.checks.data]).toEqual([503, "failed"]);
  });

  it("refuses streams", async () => {
    const { statusCode, body } = await get(await started("index.streams"), "/logs/ses_1.1");
    expect([statusCode, body.error.code]).toEqual([503, "DATABASE_ERROR"]);
  });
});
