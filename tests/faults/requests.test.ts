/**
 * Sends arbitrary requests to the app's addresses: refused as the client's fault, never reported as ours, with nothing
 * changed.
 */
import { toFetchRequest } from "@redline/core/platform/http-request";
import type { Session } from "@redline/core/sessions/schema";
import { startWebServer } from "@redline/local/web/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { exchange, faultOf } from "../support/fuzz/exchange";
import { drawRequest } from "../support/fuzz/http-requests";
import { drawing } from "../support/fuzz/random";
import { importHandler } from "../support/open-page";
import { pasteSession, withProduct } from "../support/product";
import { testSeed } from "../support/seed";
import { routes } from "../support/server-build";

/** The same requests at each run; `REDLINE_SEED` draws others. */
const DEFAULT_SEED = 385641558;
const product = withProduct();
const ORIGIN = "http://localhost:3000";

/** Of a program on the same machine; pages do not look at it. */
const LOCAL_TOKEN = "0123456789abcdef".repeat(4);

let handle: (request: Request) => Promise<Response>;
let session: Session;
let logged = "";

beforeAll(async () => {
  vi.stubEnv("SST_RESOURCE_OperatorSecret", JSON.stringify({ value: "the operator's secret" }));
  vi.stubEnv("REDLINE_LOCAL_TOKEN", LOCAL_TOKEN);
  vi.stubEnv("REDLINE_LOG", "info");
  handle = await importHandler();
  session = await pasteSession(product.actor, { "a.ts": "export const a = 1;\n" });
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    logged += chunk;
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Lines of the log that speak of a failure of ours. */
const failures = () => logged.split("\n").filter((line) => /"level":"ERROR"/.test(line) || /^\s+at /.test(line));

const failureIn = (line: string) => line.replace(/"(timestamp|service|stage|requestId)":"[^"]*",/g, "").slice(0, 200);

type Sent = { status: number; code?: string; headers: Headers; text: string };

async function send(method: string, path: string, init: { body?: BodyInit; headers?: Record<string, string> } = {}) {
  const headers = { origin: ORIGIN, authorization: `Bearer ${LOCAL_TOKEN}`, ...init.headers };
  const response = await handle(
    toFetchRequest({
      ...{ scheme: "http", host: "localhost:3000", method, target: path, signal: new AbortController().signal },
      headers: Object.entries(headers),
      ...(init.body !== undefined && { body: () => init.body as BodyInit }),
    }),
  );
  const text = await response.text();
  const code = /"code":"([A-Z_]+)"/.exec(text.replaceAll('\\"', '"'))?.[1];
  return { status: response.status, code, headers: response.headers, text } satisfies Sent;
}

/** Pages that a laptop without accounts doesn't have. */
const OF_ACCOUNTS = /^\/(auth|teams|settings\/account)\b/;

/** Every address that an action answers, with the ids of a session that is there. */
const addresses = Object.values(routes).flatMap((route) => {
  const { action, default: page } = route?.module ?? {};
  return action && route?.path !== undefined ? [{ path: `/${route.path}`, isPage: page !== undefined }] : [];
});
const filled = (path: string) => path.replace(":id", session.id).replace(":thread", `thr_${"0".repeat(26)}`);

const MULTIPART = "multipart/form-data; boundary=xyz";
const FORM = "application/x-www-form-urlencoded";
const TYPES = [
  undefined,
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "text/xml",
  "image/png",
  FORM,
  `${FORM}; charset=nonsense`,
  "multipart/form-data",
  MULTIPART,
  "nonsense",
  ";;;",
];
const part = (head: string, text: string) => `--xyz\r\n${head}\r\n\r\n${text}\r\n`;
const BODIES: Record<string, BodyInit> = {
  nothing: "",
  null: "null",
  true: "true",
  "a number": "1e999",
  "a text": '"text"',
  "a list": "[]",
  "an object of nothing": "{}",
  "an object of nulls": '{"intent":null,"path":null,"text":null,"draftId":null,"files":null,"bytes":null}',
  "an object of objects": '{"intent":{},"path":{},"text":{},"draftId":{},"files":{},"bytes":{}}',
  "a prototype": '{"__proto__":{"intent":"save"},"constructor":1}',
  "half an object": '{"intent":"sa',
  "two objects": "{}{}",
  "half a character": '{"intent":"rename","name":"\\ud800"}',
  "no UTF-8": new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  nesting: "[".repeat(10_000),
  NUL: "\0\0\0",
  "fields of a form": "intent=nothing&id=%ff&=&&&theme=__proto__",
  "parts without an end": part('content-disposition: form-data; name="intent"', "save"),
  "a part without a name": `${part("content-disposition: form-data", "x")}--xyz--\r\n`,
  "a part without a header": `${part("", "x")}--xyz--\r\n`,
  "files as fields": `${["intent", "id", "name", "theme", "secret", "key", "text", "changeId", "manifest"]
    .map((name) =>
      part(`content-disposition: form-data; name="${name}"; filename="x"\r\ncontent-type: text/plain`, "x"),
    )
    .join("")}--xyz--\r\n`,
  "fields as files": `${part('content-disposition: form-data; name="files"', "not a file")}--xyz--\r\n`,
};

/** All of them would be 16,000 requests; this is a part, another one for each body and address. */
const STRIDE = process.env.REDLINE_LONG === "1" ? 3 : 13;

describe("an action with malformed input", () => {
  const cases = addresses.filter(({ path }) => path !== "/auth/sign-out");

  it("the malformed-input cases cover every action of the app except signing out, which reads no input", () => {
    expect(cases.length).toBeGreaterThanOrEqual(14);
  });

  it.each(cases)("$path rejects malformed input with its code, logging no failure", async ({ path, isPage }) => {
    const wrong: string[] = [];
    let at = path.length;
    for (const [name, body] of Object.entries(BODIES)) {
      for (const type of TYPES) {
        if (at++ % STRIDE > 0) continue;
        // Of an address that is a page the page's script asks for data.
        for (const suffix of isPage ? ["", ".data"] : [""]) {
          logged = "";
          const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
          const sent = await send("POST", filled(path) + suffix, {
            body: typeof body === "string" ? new TextEncoder().encode(body) : body,
            headers,
          });
          const isRefused = [400, 415, 422].includes(sent.status) || (OF_ACCOUNTS.test(path) && sent.status === 404);
          if (!isRefused || failures().length > 0)
            wrong.push(`${suffix} ${name} as ${type}: ${sent.status} ${sent.code} ${failures().map(failureIn)}`);
        }
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });
});

const HUGE = "x".repeat(4_000);
/** Values in an address in place of an id, a number, a date or a cursor. */
const VALUES = [
  "",
  "-1",
  "1e999",
  "NaN",
  "%00",
  "%ff",
  "%ed%a0%80",
  "__proto__",
  "../../x",
  "2026-99-99",
  HUGE,
  "a.b",
  "{}",
];
const NAMES = [
  "file",
  "line",
  "thread",
  "finding",
  "edit",
  "draft",
  "draftId",
  "change",
  "from",
  "to",
  "cursor",
  "page",
];
const MORE = [
  "search",
  "language",
  "session",
  "path",
  "version",
  "after",
  "scope",
  "since",
  "task",
  "status",
  "severity",
  "_routes",
  "index",
];

describe("an unknown address", () => {
  const pages = Object.values(routes).flatMap((route) =>
    route?.path !== undefined && "loader" in route.module && !route.path.startsWith("logs") ? [`/${route.path}`] : [],
  );

  it.each(pages)("an unknown address such as %s is answered or rejected, and causes no failure", async (path) => {
    const wrong: string[] = [];
    let at = path.length;
    for (const name of [...NAMES, ...MORE]) {
      for (const value of VALUES) {
        if (at++ % (STRIDE * 2) > 0) continue;
        logged = "";
        const suffix = at % 3 === 0 ? "" : ".data";
        const { status } = await send("GET", `${filled(path)}${suffix}?${name}=${value}`);
        // A session has no thread and no change of such a name; whatever else is there is shown without what is not.
        const isRight = status === 200 || status === 202 || status === 302 || (status >= 400 && status < 500);
        if (!isRight || failures().length > 0)
          wrong.push(`${suffix}?${name}=${value.slice(0, 20)}: ${status} ${failures().map(failureIn)}`);
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  it.each([
    ["/sessions/%ff", 400],
    ["/sessions/%", 400],
    ["/%c0%ae%c0%ae/etc/passwd", 400],
    ["/sessions/%00", 404],
    ["/sessions/__proto__", 404],
    [`/sessions/${HUGE}`, 404],
    [`/${"x".repeat(9_000)}`, 414],
    ["/sessions/\u00fc", 400],
    ["/a b", 400],
    ["*", 400],
    ["//evil.example/sessions", 404],
    ["/__manifest?p=/&version=1", 404],
    ["/_root.data?_routes=nothing,root", 200],
    ["/sessions.data?_routes=", 200],
    ["/?_data=root", 400],
    ["/logs/nothing", 404],
    ["/logs/__proto__.data", 404],
  ])("is %s, with the status %i", async (path, status) => {
    logged = "";
    const wanted = status === 404 ? [400, 404] : [status];
    const response = await send("GET", path).catch((error: { status: number }) => error);
    expect({
      [path.slice(0, 30)]: wanted.includes(response.status) ? status : response.status,
      failures: failures(),
    }).toEqual({
      [path.slice(0, 30)]: status,
      failures: [],
    });
  });
});

describe("a cookie that we did not set", () => {
  it.each(["flash", "theme", "session", "__Host-session"])("a foreign cookie named %s is ignored", async (name) => {
    for (const value of [
      "",
      "x",
      "%ff",
      "e30=",
      "bnVsbA==",
      "IiI=",
      "{}",
      HUGE,
      `a; ${name}=b; ${name}=c`,
      '"',
      "e30=.x",
    ]) {
      logged = "";
      const { status } = await send("GET", "/rules.data", { headers: { cookie: `${name}=${value}` } });
      expect({ value: value.slice(0, 40), status, failures: failures() }).toEqual({
        ...{ value: value.slice(0, 40), status: 200, failures: [] },
      });
    }
  });
});

describe("a method", () => {
  it.each(Object.values(routes).flatMap((route) => (route?.path ? [`/${route.path}`] : [])))(
    "that %s does not have is refused with those that it has",
    async (path) => {
      for (const method of ["PUT", "PATCH", "DELETE", "POST", "HEAD"]) {
        logged = "";
        const { status, headers } = await send(method, filled(path), { headers: { "content-type": "text/xml" } });
        if (status === 405) expect(headers.get("allow")?.split(", ")).not.toContain(method);
        else expect(status, method).toBeLessThan(500);
        if (method === "PUT") expect(status).toBe(path === "/*" ? 404 : 405);
        expect(failures()).toEqual([]);
      }
    },
  );
});

describe("F13: raw HTTP of any shape", () => {
  const COUNT = 300;
  const AT_ONCE = 8;

  it.each(["off", "on"])(
    "with REDLINE_AUTH=%s gets the right status, and causes no failure",
    async (auth) => {
      vi.stubEnv("REDLINE_AUTH", auth);
      const seed = testSeed(DEFAULT_SEED);
      const rejected = vi.fn();
      process.on("unhandledRejection", rejected);
      const server = await startWebServer({ port: 0, serveFile: () => false, handle: (request) => handle(request) });
      logged = "";
      const target = { host: `localhost:${server.port}` };
      const faults: string[] = [];
      let next = 0;
      const ask = async () => {
        for (let at = next++; at < COUNT; at = next++) {
          const draw = drawing(seed + at);
          const request = drawRequest(draw, target);
          const fault = faultOf(request, await exchange(server.port, request, draw), auth === "on");
          if (fault) faults.push(`${at}: ${fault}`);
        }
      };
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, ask));
      } finally {
        await server.close();
        process.off("unhandledRejection", rejected);
      }
      expect({ seed, faults: faults.slice(0, 10), failures: failures() }).toEqual({ seed, faults: [], failures: [] });
      expect(rejected).not.toHaveBeenCalled();
    },
    120_000,
  );
});
