/** The site's bundle, which holds the server as it was built for the laptop, under a trace that is recorded. */
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { pointAt } from "../support/product";
import { startXrayDaemon, type XrayDaemon } from "../support/xray-daemon";
import { SIGNING_KEY, urlEvent } from "./lambda/events";
import { LambdaStandIn } from "./lambda/stand-in";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const TRACE = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`;

let cloud: TestCloud;
let daemon: XrayDaemon;
const functions: LambdaStandIn[] = [];

beforeAll(async () => {
  cloud = await startTestCloud();
  daemon = await startXrayDaemon();
  await pointAt(cloud);
});
afterAll(async () => {
  for (const each of functions) await each.stop();
  daemon?.close();
  await cloud?.close();
});

async function started(handler: string): Promise<LambdaStandIn> {
  const env = { ...resourceEnv(cloud.endpoints, SIGNING_KEY), ...daemon.env, AWS_REGION: "us-east-1" };
  const standIn = await LambdaStandIn.start({ name: handler, root: "build/lambda/site", handler, env });
  functions.push(standIn);
  return standIn;
}

describe.each([
  ["site", "/sessions/new"],
  ["streams", "/logs/ses_01J00000000000000000000000.1"],
])("a request to the function of the %s", (name, path) => {
  it("is in one trace with all its calls, found by the id in the response", async () => {
    const standIn = await started(name === "site" ? "index.handler" : "index.streams");
    const { headers } = await standIn.stream(urlEvent({ path }), undefined, TRACE);
    const sent = await daemon.sentUntil(ROOT, name);
    expect(new Set(sent.map(({ trace_id }) => trace_id))).toEqual(new Set([ROOT]));
    const whole = sent.find((segment) => segment.name === name);
    expect(whole?.annotations).toMatchObject({ requestId: headers["x-request-id"] });
    const calls = sent.filter(({ aws }) => aws);
    expect(calls.map((call) => call.name)).toContain("DynamoDB");
    for (const call of calls) expect(call.end_time ?? 0).toBeLessThanOrEqual(whole?.end_time ?? 0);
  });
});
