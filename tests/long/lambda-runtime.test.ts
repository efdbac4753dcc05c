/**
 * Every bundle under Amazon's own runtime client and under our stand-in for it, on the same events: what the stand-in is
 * believed to do is what Lambda does.
 */
import { randomUUID } from "node:crypto";
import { reviewLogId } from "@redline/core/review/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "../infra/lambda/browser";
import { Deployed } from "../infra/lambda/deployed";
import { type HttpRequest, sqsRecord, urlEvent } from "../infra/lambda/events";
import { hasRic, installRic, type Ric } from "../infra/lambda/ric";
import { ALARM, FakeSlack, snsEvent } from "../infra/lambda/slack";
import { LambdaStandIn } from "../infra/lambda/stand-in";

/** Returns the error type of a failed function; an error that ended its process is shown as it is. */
function errorTypeIn({ message }: Error): string {
  try {
    return (JSON.parse(message) as { errorType: string }).errorType;
  } catch {
    return message;
  }
}

describe.runIf(hasRic)("a bundle under Amazon's runtime client", () => {
  let ric: Ric;
  let stage: Deployed;
  let cookies: string[];
  let session: string;

  beforeAll(async () => {
    ric = installRic();
    stage = await Deployed.deploy("runtime", {}, { ric });
    const browser = new Browser(stage);
    cookies = await browser.cookies();
    session = await browser
      .paste("if (a == b) debugger;\n", [{ path: "a.ts" }])
      .catch(() => browser.paste("if (a == b) debugger;\n"));
    // The first sweep of a stage migrates its data, which of the two runtimes only one could do.
    await (await stage.function("Sweep")).invoke({});
  });
  afterAll(() => stage?.close());

  /** Returns both responses, without the parts that differ from one request to the next. */
  async function both(name: string, event: unknown, ask: (fn: LambdaStandIn, event: unknown) => Promise<unknown>) {
    const functions = [await stage.function(name), await stage.functionUnderRic(name)];
    const [ours, amazons] = await Promise.all(
      functions.map((fn) =>
        ask(fn, event).then(
          (response) => ({ response }),
          (error: Error) => ({ failed: errorTypeIn(error) }),
        ),
      ),
    );
    const timeless = (value: unknown) =>
      JSON.stringify(value, null, 1)
        .replace(/nonce[-=]\\*['"]?[A-Za-z0-9+/=]{20,}|nonce\\?":\\?"[^"]+/g, "nonce")
        .replace(/req_[0-9a-f-]{36}/g, "req")
        .replace(/\b1\d{12}\b/g, "time");
    expect(timeless(amazons)).toBe(timeless(ours));
    return ours as {
      response?: { statusCode: number; headers: Record<string, string>; text: string };
      failed?: string;
    };
  }

  const asked = async (fn: LambdaStandIn, event: unknown) => {
    const { parts, ...about } = await fn.stream(event);
    return { ...about, text: parts.map(({ text }) => text).join("") };
  };
  const site = (request: HttpRequest, isFromEdge = true) =>
    both("SiteServerUseast1", urlEvent({ cookies, ...request }, isFromEdge), asked);

  it.each([
    ["a page", { path: "/rules" }, 200],
    ["a redirect", { path: "/settings" }, 302],
    ["a way in for nobody", { path: "/", cookies: [] }, 302],
    ["a form that leads on", { method: "POST", path: "/theme", body: "theme=dark" }, 302],
    ["a refusal", { method: "POST", path: "/theme", body: "theme=no" }, 400],
    ["a request for the head alone", { method: "HEAD", path: "/rules" }, 200],
    ["a method that Fetch does not have", { method: "TRACE", path: "/" }, 405],
    ["a host that is none", { path: "/", headers: { "x-forwarded-host": "localhost:99999" } }, 400],
    ["a body that should not be", { path: "/settings", body: "x" }, 302],
    ["data of a page", { path: "/rules.data" }, 200],
  ] as [string, HttpRequest, number][])("responds to %s as the stand-in does", async (_, request, status) => {
    const { response } = await site(request);
    expect(response?.statusCode).toBe(status);
    expect(response?.headers["content-security-policy"]).toContain("object-src 'none'");
    if (status === 302) expect(response).toMatchObject({ text: "", headers: { "content-length": "0" } });
  });

  it("a direct call is rejected as by the stand-in", async () => {
    expect((await site({ path: "/" }, false)).response).toMatchObject({ statusCode: 403, text: "Forbidden" });
  });

  it("an empty file is sent with status and headers", async () => {
    const browser = new Browser(stage);
    const { files } = JSON.parse((await browser.ask({ path: `/sessions/${session}/export.json` })).text);
    const [{ path } = { path: "" }] = files as { path: string }[];
    await browser.act(`/sessions/${session}/actions`, {
      ...{ intent: "save", changeId: `chg_${randomUUID().replaceAll("-", "").slice(0, 26).toUpperCase()}`, base: 1 },
      files: [{ path, text: "" }],
    });
    const { response } = await site({ path: `/sessions/${session}/text?path=${encodeURIComponent(path)}` });
    expect(response).toMatchObject({
      ...{ statusCode: 200, text: "" },
      headers: { "content-type": "text/plain; charset=utf-8", "content-length": "0" },
    });
  });

  it("batches, also malformed ones, are processed as by the stand-in", async () => {
    const records = await stage.announcements();
    const bad = sqsRecord("not a job");
    const call = (fn: LambdaStandIn, event: unknown) => fn.invoke(event);
    expect((await both("TableChanges", { Records: records }, call)).response).toEqual({ batchItemFailures: [] });
    expect((await both("ReviewJobs", { Records: [bad] }, call)).response).toEqual({ batchItemFailures: [] });
    for (const name of ["TableChanges", "ReviewJobs"]) {
      for (const event of [{}, { Records: null }, { Records: [{}] }, [], null]) await both(name, event, call);
    }
    for (const name of ["Sweep", "Nightly"]) expect((await both(name, {}, call)).failed).toBeUndefined();
    const check = { verb: "highlight", args: [{ text: "let a = 1;\n", language: "typescript" }] };
    expect((await both("Check", check, call)).failed).toBeUndefined();
    for (const event of [{}, null, { verb: "no verb", args: [] }]) await both("Check", event, call);
  });

  it("a review job is done and its log streamed to the end, as by the stand-in", async () => {
    const jobs = await stage.queued();
    expect(jobs).not.toEqual([]);
    const call = (fn: LambdaStandIn, event: unknown) => fn.invoke(event);
    expect((await both("ReviewJobs", { Records: jobs }, call)).response).toEqual({ batchItemFailures: [] });
    const headers = { accept: "text/event-stream" };
    const path = `/logs/${encodeURIComponent(reviewLogId(session, 2))}`;
    const { response } = await both("Logs", urlEvent({ path, cookies, headers }), asked);
    expect(response).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8" },
    });
    expect(response?.text).toMatch(/"type":"done"[\s\S]*event: end/);
    const refused = await both("Logs", urlEvent({ path: "/logs/nothing", cookies, headers }), asked);
    expect(refused.response?.statusCode).toBe(400);
  });

  it("an alarm is posted to Slack, and the call fails when Slack rejects it", async () => {
    const slack = await FakeSlack.start();
    const plan = stage.plans.get("Notify");
    if (!plan) throw new Error("no bundle Notify");
    const notify = await LambdaStandIn.start({ name: "Notify", ...plan, ric, env: slack.env });
    try {
      await notify.invoke(snsEvent(JSON.stringify(ALARM)));
      expect(slack.texts).toHaveLength(1);
      slack.status = 503;
      await expect(notify.invoke(snsEvent(JSON.stringify(ALARM)))).rejects.toThrow();
    } finally {
      await notify.stop();
      slack.close();
    }
  });
});
