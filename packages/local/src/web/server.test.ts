import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serveAssets } from "./assets";
import { startWebServer, type WebServer, type WebServerOptions } from "./server";

let server: WebServer | undefined;
let folder: string;

beforeEach(() => {
  // One test makes the app throw on purpose.
  vi.stubEnv("REDLINE_LOG", "silent");
  folder = mkdtempSync(join(tmpdir(), "redline-web-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function serve(handle: WebServerOptions["handle"], options: Partial<WebServerOptions> = {}): Promise<number> {
  server = await startWebServer({ port: 0, serveFile: () => false, handle, ...options });
  return server.port;
}

/** A promise and the function that resolves it. */
function signal() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

type Received = { status: number; headers: IncomingHttpHeaders; body: string };

/** Fetches with a Host header, which `fetch` may not set. */
async function ask(port: number, { path = "/", method = "GET", headers = {}, body = "" } = {}): Promise<Received> {
  const request = httpRequest({
    agent: false,
    host: "127.0.0.1",
    port,
    path,
    method,
    headers: { host: `localhost:${port}`, ...headers },
  });
  request.end(body);
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, body: text };
}

describe("the laptop's web server", () => {
  it("reports each of the app's responses, and no file's", async () => {
    const told: string[] = [];
    const port = await serve(async ({ url }) => new Response(null, { status: url.endsWith("/bad") ? 503 : 200 }), {
      serveFile: ({ url }, response) => url === "/file" && Boolean(response.end()),
      onResponse: ({ path, status }) => void told.push(`${path} ${status}`),
    });
    for (const path of ["/good?to=/x", "/file", "/bad"]) await ask(port, { path });
    await expect.poll(() => told).toEqual(["/good 200", "/bad 503"]);
  });

  it.each(["localhost", "localhost:3000", "127.0.0.1:1", "[::1]:3000", "LOCALHOST"])("serves %s", async (host) => {
    const port = await serve(async () => new Response("page"));
    expect(await ask(port, { headers: { host } })).toMatchObject({ status: 200, body: "page" });
  });

  it.each([
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "192.168.0.10:3000",
    "localhost:3000@evil.example",
  ])("refuses the foreign host %j with a one-sentence error (DNS rebinding)", async (host) => {
    let isReached = false;
    const port = await serve(async () => {
      isReached = true;
      return new Response("page");
    });
    const { status, body } = await ask(port, { headers: { host } });
    expect(status).toBe(403);
    expect(JSON.parse(body).error).toMatchObject({
      code: "FORBIDDEN",
      message: "Redline on a laptop responds only at localhost.",
    });
    expect(isReached).toBe(false);
  });

  it("cannot be reached from the network", async () => {
    const port = await serve(async () => new Response("page"));
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === "IPv4" && !address.internal);
    if (!outside) return;
    const socket = connect(port, outside.address);
    await expect(once(socket, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("passes method, query, headers, repeated headers and body on, and cookies back one by one", async () => {
    const port = await serve(async (request) => {
      const headers = new Headers({ "x-method": request.method, "x-url": request.url });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response(await request.text(), { status: 201, headers });
    });
    const received = await ask(port, { path: "/a//b?c=%2F", method: "PUT", body: "bytes ü" });
    expect(received).toMatchObject({ status: 201, body: "bytes ü" });
    expect(received.headers).toMatchObject({ "x-method": "PUT", "set-cookie": ["a=1", "b=2"] });
    expect(received.headers["x-url"]).toBe(`http://localhost:${port}/a//b?c=%2F`);
  });

  it("ignores forwarding headers, as there is no proxy", async () => {
    const port = await serve(async (request) => Response.json([...request.headers.keys()]));
    const { body } = await ask(port, { headers: { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" } });
    expect(body).not.toContain("x-forwarded");
  });

  it("refuses a body over the limit, announced or not, and keeps serving", async () => {
    const port = await serve(async (request) => new Response(String((await request.text()).length)), {
      maxBodyBytes: 1_000,
    });
    const announced = await ask(port, {
      method: "POST",
      body: "x".repeat(1_001),
      headers: { "content-length": "1001" },
    });
    expect(announced.status).toBe(413);
    expect(JSON.parse(announced.body).error.code).toBe("FILE_TOO_LARGE");
    const unannounced = await ask(port, {
      method: "POST",
      body: "x".repeat(5_000),
      headers: { "transfer-encoding": "chunked" },
    });
    expect(unannounced.status).toBe(413);
    expect(JSON.parse(unannounced.body).error.code).toBe("FILE_TOO_LARGE");
    expect(await ask(port, { method: "POST", body: "x".repeat(1_000) })).toMatchObject({ status: 200, body: "1000" });
  });

  it("discards what the app did not read of a body, and answers the next request on the connection", async () => {
    const port = await serve(async ({ url }) => new Response(`response to ${new URL(url).pathname}`));
    const socket: Socket = connect(port, "127.0.0.1");
    const head = (line: string, bytes: number) =>
      `${line} HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: ${bytes}\r\n\r\n`;
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk;
    });
    socket.write(head("POST /a", 1_000_000) + "x".repeat(1_000_000) + head("GET /b", 0));
    await expect.poll(() => heard).toMatch(/response to \/a[\s\S]*response to \/b/);
    socket.destroy();
  });

  it("aborts the request's signal and the response's stream when the client goes away", async () => {
    const aborted = signal();
    const cancelled = signal();
    const port = await serve(async (request) => {
      request.signal.addEventListener("abort", () => aborted.resolve());
      const endless = new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode("more\n")),
        cancel: () => cancelled.resolve(),
      });
      return new Response(endless);
    });
    const socket: Socket = connect(port, "127.0.0.1");
    socket.write(`GET / HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`);
    await once(socket, "data");
    socket.destroy();
    await Promise.all([aborted.promise, cancelled.promise]);
  });

  it("sends parts of a response as they come", async () => {
    const first = signal();
    const port = await serve(async () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode("first"));
          await first.promise;
          controller.enqueue(new TextEncoder().encode("second"));
          controller.close();
        },
      });
      return new Response(body);
    });
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
    first.resolve();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("second");
  });

  it("compresses pages for those who take it, part by part, and leaves event streams alone", async () => {
    const first = signal();
    const page = (type: string) => async () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode("first".repeat(100)));
          await first.promise;
          controller.enqueue(new TextEncoder().encode("second"));
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": type, vary: "cookie" } });
    };
    let port = await serve(page("text/html; charset=utf-8"));
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { "accept-encoding": "gzip, br" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toBe("cookie, accept-encoding");
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first".repeat(100));
    first.resolve();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("second");
    expect((await reader?.read())?.done).toBe(true);
    expect((await ask(port)).headers["content-encoding"]).toBeUndefined();
    expect((await ask(port, { method: "HEAD", headers: { "accept-encoding": "gzip" } })).body).toBe("");
    await server?.close();

    port = await serve(page("text/event-stream"));
    const events = await ask(port, { headers: { "accept-encoding": "gzip" } });
    expect(events.headers["content-encoding"]).toBeUndefined();
    expect(events.body).toBe(`${"first".repeat(100)}second`);
  });

  it("resets the connection when a response fails midway", async () => {
    const port = await serve(async () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("half")),
        pull: (controller) => controller.error(new Error("gone")),
      });
      return new Response(body);
    });
    await expect(ask(port)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("responds with the error shape when the app throws", async () => {
    const port = await serve(async () => {
      throw new Error("secret");
    });
    const { status, body } = await ask(port);
    expect(status).toBe(500);
    expect(JSON.parse(body).error.code).toBe("INTERNAL_ERROR");
    expect(body).not.toContain("secret");
  });

  it("serves files with the best encoding the client takes, and not again when unchanged", async () => {
    mkdirSync(join(folder, "assets"));
    for (const [name, content] of [
      ["app.js", "plain"],
      ["app.js.br", "brotli"],
      ["app.js.gz", "gzip"],
    ] as const) {
      writeFileSync(join(folder, "assets", name), content);
    }
    writeFileSync(join(folder, "icon.svg"), "<svg/>");
    const port = await serve(async () => new Response("app"), { serveFile: serveAssets(folder) });
    const get = (path: string, headers = {}) => ask(port, { path, headers });

    const brotli = await get("/assets/app.js", { "accept-encoding": "gzip, deflate, br, zstd" });
    expect(brotli).toMatchObject({ status: 200, body: "brotli" });
    expect(brotli.headers).toMatchObject({
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
    });
    expect((await get("/assets/app.js", { "accept-encoding": "gzip" })).body).toBe("gzip");
    expect((await get("/assets/app.js", { "accept-encoding": "br;q=0, gzip" })).body).toBe("gzip");
    expect((await get("/assets/app.js?v=1")).body).toBe("plain");
    const icon = await get("/icon.svg");
    expect(icon.headers).toMatchObject({ "cache-control": "no-cache", "content-type": "image/svg+xml" });
    expect((await get("/icon.svg", { "if-none-match": icon.headers.etag })).status).toBe(304);
    expect((await ask(port, { path: "/assets/app.js", method: "POST" })).body).toBe("app");
    for (const path of ["/assets/app.js.br", "/assets", "/assets/../icon.svg", "/..%2f..%2fetc/passwd"]) {
      expect((await get(path)).body).toBe("app");
    }
  });

  it("completes requests in progress when it closes", async () => {
    const entered = signal();
    const finish = signal();
    const port = await serve(async () => {
      entered.resolve();
      await finish.promise;
      return new Response("done");
    });
    const received = ask(port);
    await entered.promise;
    const closed = server?.close();
    finish.resolve();
    expect((await received).body).toBe("done");
    await closed;
    await expect(ask(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
