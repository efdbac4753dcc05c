/** Runs the code of CloudFront here, on events as CloudFront sends them. */
import { describe, expect, it } from "vitest";
import { edgeFunctionCode } from "../../stacks/edge";

type Event = { viewer: { ip: string }; request: { headers: Record<string, { value: string }> } };
const HOST = "redline.example";
const KEY = "0123456789abcdef".repeat(4);

function passed(traced: number, sent: Record<string, string> = {}) {
  const headers = Object.fromEntries(Object.entries({ host: HOST, ...sent }).map(([name, value]) => [name, { value }]));
  const event: Event = { viewer: { ip: "203.0.113.7" }, request: { headers } };
  // As SST's router puts it into its own function.
  new Function("event", edgeFunctionCode({ key: KEY, traceSampleRate: traced }))(event);
  return Object.fromEntries(Object.entries(event.request.headers).map(([name, { value }]) => [name, value]));
}

describe("at the edge", () => {
  it("each request carries the viewer's address, the router's mark, and whether it is traced", () => {
    const headers = passed(1);
    expect(headers).toEqual({
      host: HOST,
      "x-forwarded-host": HOST,
      "x-redline-viewer": "203.0.113.7",
      "x-redline-edge": KEY,
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=1$/),
    });
    const [, began = ""] = /^Root=1-([0-9a-f]{8})/.exec(headers["x-amzn-trace-id"] ?? "") ?? [];
    expect(Math.abs(Number.parseInt(began, 16) - Date.now() / 1_000)).toBeLessThan(60);
  });

  it("headers of these names are removed from client requests", () => {
    const sent = {
      "x-redline-viewer": "127.0.0.1",
      "x-redline-edge": "guess",
      "x-amzn-trace-id": "Root=1-00000000-000000000000000000000000;Sampled=1",
      "x-redline-user": "usr_operator",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      forwarded: "for=127.0.0.1",
      "x-amz-date": "20260101T000000Z",
      accept: "text/html",
    };
    const headers = passed(0, sent);
    expect(headers).toMatchObject({ accept: "text/html", "x-redline-viewer": "203.0.113.7", "x-redline-edge": KEY });
    expect(Object.keys(headers).sort()).toEqual([
      "accept",
      "host",
      "x-amzn-trace-id",
      "x-forwarded-host",
      "x-redline-edge",
      "x-redline-viewer",
    ]);
    expect(headers["x-forwarded-host"]).toBe(HOST);
    expect(headers["x-amzn-trace-id"]).toMatch(/;Sampled=0$/);
    expect(headers["x-amzn-trace-id"]).not.toContain("000000000000000000000000");
  });

  it("about the configured share is traced, and no two requests share a trace", () => {
    const all = Array.from({ length: 20_000 }, () => passed(0.05)["x-amzn-trace-id"] ?? "");
    const traced = all.filter((each) => each.endsWith(";Sampled=1")).length;
    // 1,000 are expected; six standard deviations either way is one failure in five hundred million runs.
    expect(traced).toBeGreaterThan(815);
    expect(traced).toBeLessThan(1_185);
    expect(new Set(all.map((each) => each.split(";")[0])).size).toBe(all.length);
  });
});
