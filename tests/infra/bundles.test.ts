/**
 * Every bundle that would be deployed, run as Lambda runs it, on events as AWS sends them, with no more permissions than its
 * stage gives it.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QUEUES } from "@redline/local/launcher/resource-env";
import type { DynamoDBBatchResponse, DynamoDBRecord, SQSBatchResponse } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "./lambda/browser";
import { asRecord, type Bundle, sizesIn } from "./lambda/bundles";
import { Deployed } from "./lambda/deployed";
import { type HttpRequest, sqsRecord, urlEvent } from "./lambda/events";
import { ALARM, FakeSlack, snsEvent } from "./lambda/slack";
import { LambdaStandIn } from "./lambda/stand-in";

const RECORD = fileURLToPath(new URL("../../docs/operating/bundles.md", import.meta.url));

let stage: Deployed;
let browser: Browser;

beforeAll(async () => {
  stage = await Deployed.deploy("bundles");
  browser = new Browser(stage);
});

afterAll(() => stage?.close());

const started = (name: string) => stage.function(name);

const site = (request: HttpRequest, isFromEdge = true) => browser.site(request, isFromEdge);

describe("the site's bundle", () => {
  it("refuses direct calls of its function URL", async () => {
    for (const path of ["/", "/auth/sign-in", "/health", "/logs/x"]) {
      expect(await site({ path }, false)).toMatchObject({ statusCode: 403, text: "Forbidden" });
    }
    expect(await site({ path: "/", headers: { "x-redline-edge": "0".repeat(64) } }, false)).toMatchObject({
      statusCode: 403,
    });
  });

  it("shows only the sign-in page to visitors", async () => {
    for (const path of ["/", "/sessions", "/sessions/new", "/rules", "/trash", "/settings/model"]) {
      const response = await site({ path });
      expect(response, path).toMatchObject({
        statusCode: 302,
        headers: { location: `/auth/sign-in?to=${encodeURIComponent(path)}` },
      });
    }
    for (const path of ["/health", "/palette", "/sessions.data", "/logs/x"]) {
      expect(await site({ path, headers: { accept: "*/*" } }), path).toMatchObject({ statusCode: 401 });
    }
    const posted = await site({ method: "POST", path: "/sessions/new", body: "pasted=x" });
    expect(posted.statusCode).toBe(401);
    const forged = await site({ path: "/", headers: { "x-redline-user": "usr_operator" } });
    expect(forged.statusCode).toBe(302);
  });

  it("streams the sign-in page with its security headers", async () => {
    const response = await site({ path: "/auth/sign-in" });
    expect(response.statusCode).toBe(200);
    expect(response.text).toContain("Operator");
    expect(response.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "strict-transport-security": expect.stringContaining("max-age="),
      "x-content-type-options": "nosniff",
    });
    expect(response.headers["content-security-policy"]).toMatch(
      /script-src 'self' 'nonce-[^']+'.*frame-ancestors 'none'/,
    );
  });

  it("refuses a wrong secret with a message", async () => {
    const body = new URLSearchParams({ secret: "guess", to: "/" }).toString();
    const response = await site({
      method: "POST",
      path: "/auth/sign-in",
      body,
      headers: { "x-redline-viewer": "192.0.2.2" },
    });
    expect(response.statusCode).toBe(401);
    expect(response.text).toContain("Incorrect operator secret.");
  });

  it("rate limits guesses by the address seen at the edge, and says for how long", async () => {
    const guess = (viewer: string, more: Record<string, string> = {}) =>
      site({
        method: "POST",
        path: "/auth/sign-in",
        body: new URLSearchParams({ secret: "guess", to: "/" }).toString(),
        headers: { ...more, "x-redline-viewer": viewer },
      });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) {
      // None of these says who the viewer is.
      const forged = {
        "x-forwarded-for": `192.0.2.${at}`,
        "cloudfront-viewer-address": `192.0.2.${at}:1`,
        forwarded: `for=${at}`,
      };
      statuses.push((await guess("192.0.2.3", forged)).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const refused = await guess("192.0.2.3");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
    expect(refused.text).toContain("Try again in");
  });

  it("refuses an action sent by another site's page", async () => {
    const cookies = await browser.cookies();
    const headers = { origin: "https://evil.example" };
    expect((await site({ method: "POST", path: "/theme", body: "theme=dark", cookies, headers })).statusCode).toBe(403);
  });

  it("creates a session from pasted code when signed in, and shows it", async () => {
    const session = await browser.paste("let total = 1;\nif (total == 2) console.log(total);\n");
    const page = await site({ path: `/sessions/${session}`, cookies: await browser.cookies() });
    expect(page.statusCode).toBe(200);
    expect(page.text).toContain("total");
  });
});

describe("from a pasted file to its findings, through every bundle", () => {
  it("publishes, reviews and streams, and moves a permanently failing message to the dead letters", async () => {
    const session = await browser.paste("if (a == b) debugger;\n");
    const changes = await started("TableChanges");
    const records = await stage.announcements();
    expect(records.length).toBeGreaterThan(0);
    const announced = await changes.invoke<DynamoDBBatchResponse>({ Records: records });
    expect(announced.batchItemFailures).toEqual([]);

    const good = await stage.queued();
    expect(good.length).toBeGreaterThan(0);
    const bad = sqsRecord(
      JSON.stringify({ kind: "review", sessionId: "ses_nobody", version: 1, userId: "usr_operator" }),
    );
    const worker = await started("ReviewJobs");
    const reviewed = await worker.invoke<SQSBatchResponse>({ Records: [good[0], bad, ...good.slice(1)] });
    expect(reviewed.batchItemFailures).toEqual([]);
    expect((await stage.queued(`${QUEUES.ReviewQueue.name}-dead`)).map(({ body }) => body)).toEqual([bad.body]);

    const cookies = await browser.cookies();
    const page = await site({ path: `/sessions/${session}`, cookies });
    expect(page.text).toContain("debugger");
    expect(page.text.includes("data-finding="), "a finding on the page").toBe(true);

    const logs = await started("Logs");
    const stream = urlEvent({ path: `/logs/${session}.1`, cookies, headers: { accept: "text/event-stream" } });
    const { statusCode, headers, parts } = await logs.stream(stream);
    expect({ statusCode, type: headers["content-type"] }).toEqual({
      statusCode: 200,
      type: "text/event-stream; charset=utf-8",
    });
    const text = parts.map((part) => part.text).join("");
    expect(text).toContain('data: {"type":"started"');
    expect(text).toContain("event: end");
    const stranger = await logs.stream(
      urlEvent({ path: `/logs/${session}.1`, headers: { accept: "text/event-stream" } }),
    );
    expect(stranger.statusCode).toBe(401);
  });

  it("names the one stream record that could not be published", async () => {
    const [record] = await stage.announcements();
    const broken = structuredClone(record) as DynamoDBRecord;
    const announce = broken.dynamodb?.NewImage?.outboxJob;
    if (!announce?.M || !broken.dynamodb) throw new Error("nothing announced");
    announce.M.kind = { N: "7" };
    broken.dynamodb.SequenceNumber = "999";
    const changes = await started("TableChanges");
    const response = await changes.invoke<DynamoDBBatchResponse>({ Records: [record, broken] });
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: "999" }]);
  });

  it("runs the sweep and the nightly jobs", async () => {
    expect(await (await started("Sweep")).invoke({})).toMatchObject({ work: { review: 0 } });
    expect(await (await started("Nightly")).invoke({})).toMatchObject({ sessions: 0 });
  });
});

describe("the bundle that posts alarms to Slack", () => {
  it("posts the messages from SNS, and fails when Slack refuses, so that Lambda retries", async () => {
    const slack = await FakeSlack.start();
    const plan = stage.plans.get("Notify");
    if (!plan) throw new Error("no bundle Notify");
    const notify = await LambdaStandIn.start({ name: "Notify", ...plan, env: slack.env });
    try {
      await notify.invoke(snsEvent(JSON.stringify(ALARM)));
      expect(slack.texts).toEqual([
        expect.stringMatching(/^:rotating_light: \*production\* <https:.*\|StreamLag> is on/),
      ]);
      slack.status = 503;
      await expect(notify.invoke(snsEvent(JSON.stringify(ALARM)))).rejects.toThrow();
      expect(slack.texts).toHaveLength(2);
      expect(notify.log).not.toContain(slack.key);
    } finally {
      await notify.stop();
      slack.close();
    }
  });
});

describe("each bundle", () => {
  it("is at most a tenth larger than last recorded", async () => {
    const bundles: Bundle[] = [];
    for (const [name, { id, root }] of [...stage.plans].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { initMs, peakMb } = await started(name);
      const { memorySize } = stage.stack.one("aws:lambda/function:Function", new RegExp(`^${id}Function$`)).inputs;
      bundles.push({ name, kb: Math.round(sizeOf(root) / 1024), initMs: Math.round(initMs), peakMb, memorySize });
    }
    const recorded = sizesIn(readFileSync(RECORD, "utf8"));
    if (process.env.REDLINE_WRITE === "1") writeFileSync(RECORD, asRecord(bundles));
    else {
      for (const { name, kb } of bundles) expect(kb, name).toBeLessThanOrEqual((recorded.get(name) ?? 0) * 1.1);
      expect(bundles.map(({ name }) => name)).toEqual([...recorded.keys()]);
    }
    // Lambda takes 250 MB unpacked.
    for (const { name, kb } of bundles) expect(kb, name).toBeLessThan(name === "Check" ? 80_000 : 10_000);
    for (const { name, peakMb = 0, memorySize } of bundles) expect(peakMb, name).toBeLessThan(memorySize);
  });
});

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !file.endsWith(".map"))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
