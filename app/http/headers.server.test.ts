import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { secure } from "./headers.server";

const context = { nonce: "bm9uY2U=", requestId: "req_1" };
const here = new Request("http://localhost:3000/");

beforeEach(() => vi.stubEnv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:4000/"));
afterEach(() => vi.unstubAllEnvs());

describe("secure", () => {
  it("puts an enforced policy on every response that allows this response's nonce and nothing inline", () => {
    const policy = secure(here, new Response("page"), context).headers.get("content-security-policy") ?? "";
    const directives = new Map(policy.split("; ").map((part) => [part.split(" ", 1)[0], part.split(" ").slice(1)]));
    expect(directives.get("script-src")).toEqual(["'self'", "'nonce-bm9uY2U='"]);
    expect(directives.get("style-src-attr")).toEqual(["'unsafe-inline'"]);
    for (const directive of ["object-src", "base-uri", "frame-ancestors"]) {
      expect(directives.get(directive)).toEqual(["'none'"]);
    }
    for (const directive of ["connect-src", "form-action"]) {
      expect(directives.get(directive)).toEqual(expect.arrayContaining(["'self'", "http://127.0.0.1:4000"]));
    }
    expect(policy).not.toMatch(/unsafe-eval|\*|https:(\s|;|$)/);
  });

  it("forbids guessing types, framing, and telling others where a person came from", () => {
    const { headers } = secure(here, new Response("page"), context);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("x-request-id")).toBe("req_1");
  });

  it("asks browsers to stay with HTTPS only where HTTPS is spoken", () => {
    expect(secure(here, new Response(), context).headers.has("strict-transport-security")).toBe(false);
    const overHttps = secure(new Request("https://redline.example/"), new Response(), context);
    expect(overHttps.headers.get("strict-transport-security")).toContain("max-age=63072000");
  });

  it("keeps what a route decided itself, and works on responses whose headers cannot be changed", () => {
    const own = new Response("download", { headers: { "cache-control": "no-store" } });
    expect(secure(here, own, context).headers.get("cache-control")).toBe("no-store");
    const redirected = secure(here, Response.redirect("http://localhost:3000/a", 303), context);
    expect(redirected.status).toBe(303);
    expect(redirected.headers.get("location")).toBe("http://localhost:3000/a");
    expect(redirected.headers.has("content-security-policy")).toBe(true);
  });
});
