/** Requests that never end well: each connection gets its response, or is closed, and none is waited for without end. */
import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpServer } from "./server";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Reads the body before it answers, unless the path says otherwise. */
async function serve(times: { requestTimeout?: number; headersTimeout?: number } = {}): Promise<number> {
  server = createHttpServer({ connectionsCheckingInterval: 50, ...times }, async (request, response) => {
    if (request.url === "/streamed") {
      response.write("first ");
      await once(request.resume(), "data");
      await new Promise((resolve) => setTimeout(resolve, 100));
    } else if (request.url !== "/unread") for await (const _ of request);
    response.end(`response to ${request.url}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Everything that comes back to these pieces until the server closes the connection. */
async function heard(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += chunk)).on("error", () => undefined);
  const closed = once(socket, "close");
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await closed;
  return text;
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
const head = (line: string, ...headers: string[]) => `${[line, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
const CHUNKED = "Transfer-Encoding: chunked";

describe("a request that never ends", () => {
  it.each([
    ["of which nothing came but half a line", "GET /a"],
    ["whose headers do not end", "POST /a HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"],
    ["whose body is shorter than it said", `${head("POST /a HTTP/1.1", "Content-Length: 5")}ab`],
    ["whose body is shorter than it said, of HTTP/1.0", `${head("POST /a HTTP/1.0", "Content-Length: 5")}ab`],
    ["whose last chunk is missing", `${head("POST /a HTTP/1.1", CHUNKED)}2\r\nab\r\n`],
    [
      "that would go on in another protocol",
      `${head("POST /a HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c", "Content-Length: 5")}a`,
    ],
  ])("%s, is refused with 408", async (_, text) => {
    const port = await serve({ requestTimeout: 300, headersTimeout: 300 });
    expect(statuses(await heard(port, text))).toEqual([408]);
  });

  it("and expects 100-continue, gets it, then 408", async () => {
    const port = await serve({ requestTimeout: 300, headersTimeout: 300 });
    const text = head("POST /a HTTP/1.1", "Expect: 100-continue", "Content-Length: 5");
    expect(statuses(await heard(port, text))).toEqual([100, 408]);
  });

  it("is refused after the response to the one before it", async () => {
    const port = await serve({ requestTimeout: 300, headersTimeout: 300 });
    const text = await heard(port, `${head("GET /a HTTP/1.1")}${head("POST /b HTTP/1.1", "Content-Length: 5")}ab`);
    expect(statuses(text)).toEqual([200, 408]);
  });

  it("and already has a response, gets no second one", async () => {
    const port = await serve({ requestTimeout: 300, headersTimeout: 300 });
    const text = await heard(port, `${head("POST /unread HTTP/1.1", "Content-Length: 5")}ab`);
    expect(statuses(text)).toEqual([200]);
    expect(text).toMatch(/response to \/unread$/);
  });
});

describe("a body that is malformed", () => {
  it.each(["1.1", "1.0"])("is refused with 400, in HTTP/%s", async (version) => {
    const port = await serve();
    expect(statuses(await heard(port, head(`POST /a HTTP/${version}`, CHUNKED), "2\r\nabgarbage\r\n"))).toEqual([400]);
  });

  it.each(["websocket", "h2c"])("is refused with 400 where the request names %s as well", async (protocol) => {
    const port = await serve();
    const text = head("POST /a HTTP/1.1", "Connection: Upgrade", `Upgrade: ${protocol}`, CHUNKED);
    expect(statuses(await heard(port, text, "2\r\nabgarbage\r\n"))).toEqual([400]);
  });

  it("does not affect a response already begun", async () => {
    const port = await serve();
    const text = await heard(port, head("POST /streamed HTTP/1.1", CHUNKED), "2\r\nab\r\n", "garbage\r\n");
    expect(statuses(text)).toEqual([200]);
    expect(text).toContain("first ");
    expect(text).toContain("response to /streamed");
    expect(text).toMatch(/0\r\n\r\n$/);
  });

  it("gets no second response where it had one", async () => {
    const port = await serve();
    const text = await heard(port, head("POST /unread HTTP/1.1", CHUNKED), "2\r\nab\r\n", "garbage\r\n");
    expect(statuses(text)).toEqual([200]);
  });
});

describe("a pipelined request", () => {
  it("gets its response in order", async () => {
    const port = await serve();
    const text = await heard(
      port,
      `${head("POST /a HTTP/1.1", "Content-Length: 2")}ab${head("GET /b HTTP/1.1")}${head("GET /c HTTP/1.1", "Connection: close")}`,
    );
    expect([...text.matchAll(/response to (\/\w)/g)].map(([, path]) => path)).toEqual(["/a", "/b", "/c"]);
  });

  it("is dropped after an Upgrade request, which gets a response before the connection closes", async () => {
    const port = await serve();
    const first = head("GET /a HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c");
    for (const next of [head("GET /b HTTP/1.1"), "G(T\0", ""]) {
      const text = await heard(port, first + next);
      expect(statuses(text)).toEqual([200]);
      expect(text).toMatch(/connection: close/i);
    }
  });

  it("is refused when it is HTTP/2", async () => {
    const port = await serve();
    expect(statuses(await heard(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))).toEqual([400]);
  });
});
