import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { describe, expect, it } from "vitest";
import { ORIGIN, TOKEN, withLocalToken } from "../support/local-program";
import { pasteSession, withProduct } from "../support/product";

const product = withProduct();
const respond = withLocalToken();
const CODE = "let a = 1;\nlet b = 2;\n";
const EDITED = "let a = 1;\nlet b = 3;\n";

type Sent = { method?: "GET" | "POST"; token?: string; origin?: string; body?: object };
// biome-ignore lint/suspicious/noExplicitAny: JSON, of which each test reads its own part
type Answer = { status: number; body: any };

async function send(
  path: string,
  { method = "POST", token = TOKEN, origin = ORIGIN, body = {} }: Sent = {},
): Promise<Answer> {
  const headers = { origin, authorization: `Bearer ${token}`, "content-type": "application/json" };
  const init = method === "GET" ? { headers } : { method, headers, body: JSON.stringify(body) };
  const response = await respond(new Request(ORIGIN + path, init));
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

const treeKey = () => crypto.randomUUID().replaceAll("-", "").padEnd(64, "0");
const proposal = (more: object = {}) => ({
  ...{ tree: { key: treeKey(), name: "tree" }, agent: "Agent", summary: "Make it 3" },
  files: [{ path: "a.ts", before: CODE, after: EDITED }],
  ...more,
});

async function paths(): Promise<{ path: string; method: "GET" | "POST"; body?: object }[]> {
  const { body } = await send("/agents/proposals", { body: proposal() });
  const session = `/agents/sessions/${body.sessionId}`;
  return [
    { path: "/agents/proposals", method: "POST", body: proposal() },
    { path: "/agents/sessions", method: "GET" },
    { path: session, method: "GET" },
    { path: `${session}/changes/${body.changeId}`, method: "GET" },
    { path: `${session}/changes/${body.changeId}`, method: "POST", body: { agent: "Agent" } },
    { path: `${session}/threads/${body.threadId}`, method: "GET" },
    { path: `${session}/threads/${body.threadId}`, method: "POST", body: { agent: "Agent", text: "Hello" } },
  ];
}

describe("what agents on this machine may ask for", () => {
  it("is refused with another token, or none, wherever it is", async () => {
    for (const { path, method, body } of await paths()) {
      for (const token of ["", "f".repeat(64), TOKEN.toUpperCase()]) {
        expect(await send(path, { method, body, token }), `${method} ${path}`).toMatchObject({ status: 401 });
      }
    }
  });

  it("is refused from a page of another site where it changes anything, whatever token it has", async () => {
    for (const { path, method, body } of await paths()) {
      if (method === "GET") continue;
      for (const origin of ["http://localhost:4000", "https://evil.example", "null"]) {
        expect((await send(path, { method, body, origin })).status, path).toBe(403);
      }
    }
  });

  it("has no address where there is no such token, as on AWS", async () => {
    const all = await paths();
    delete process.env.REDLINE_LOCAL_TOKEN;
    for (const { path, method, body } of all) {
      expect((await send(path, { method, body })).status, `${method} ${path}`).toBe(404);
    }
  });

  it("is answered with the token", async () => {
    for (const { path, method, body } of await paths()) {
      expect([200, 201], `${method} ${path}`).toContain((await send(path, { method, body })).status);
    }
  });
});

describe("a proposal that is sent", () => {
  it("is made once for its ids, and says where a person decides", async () => {
    const body = proposal({ threadId: newThreadId(), messageId: newMessageId() });
    const [one, two] = [await send("/agents/proposals", { body }), await send("/agents/proposals", { body })];
    expect(two.body.changeId).toBe(one.body.changeId);
    expect(one.body.url).toBe(`${ORIGIN}/sessions/${one.body.sessionId}?file=a.ts&thread=${one.body.threadId}`);
  });

  it("goes into a session that is named, as long as it has the files", async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const named = { tree: undefined, session: session.id };
    const made = await send("/agents/proposals", { body: proposal(named) });
    expect(made).toMatchObject({ status: 201, body: { sessionId: session.id } });
    const files = [{ path: "b.ts", before: CODE, after: EDITED }];
    expect((await send("/agents/proposals", { body: proposal({ ...named, files }) })).status).toBe(404);
  });

  it.each([
    ["names neither a tree nor a session", { tree: undefined }],
    ["names both", { session: `ses_${"0".repeat(26)}` }],
    ["has no agent", { agent: " " }],
    [
      "has too many files",
      { files: Array.from({ length: 51 }, (_, at) => ({ path: `${at}.ts`, before: "", after: "x" })) },
    ],
    ["leads out of its folder", { files: [{ path: "../a.ts", before: CODE, after: EDITED }] }],
    ["names a file twice", { files: [1, 2].map(() => ({ path: "a.ts", before: CODE, after: EDITED })) }],
    ["holds NUL bytes", { files: [{ path: "a.ts", before: CODE, after: "\0" }] }],
    ["has a text that is too long", { text: "x".repeat(5_001) }],
    [
      "is of a team that is none of the owner's",
      { tree: { key: treeKey(), name: "t", teamId: "tea_other" }, agent: "" },
    ],
  ])("that %s is refused", async (_, more) => {
    const { status } = await send("/agents/proposals", { body: proposal(more) });
    expect([400, 409, 413, 422]).toContain(status);
  });

  it("is shown as text, whatever stands in it", async () => {
    const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
    const body = proposal({ agent: evil.slice(0, 60), summary: evil, text: evil });
    const { url } = (await send("/agents/proposals", { body })).body;
    const page = await respond(new Request(url, { headers: { accept: "text/html" } }));
    const html = await page.text();
    expect(html).toContain("&lt;img src=x onerror=");
    expect(html).not.toContain("<img src=x");
    expect(html).not.toContain("<script>alert");
  });
});
