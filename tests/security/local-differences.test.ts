import { acceptLines, rejectLines } from "@redline/core/differences/index";
import { newDecisionId } from "@redline/core/differences/schema";
import { listSessions } from "@redline/core/sessions/index";
import { describe, expect, it } from "vitest";
import { ORIGIN, TOKEN, withLocalToken } from "../support/local-program";
import { withProduct } from "../support/product";

const product = withProduct();
const respond = withLocalToken();
const FILES = [{ path: "a.ts", before: "let a = 1;\n", after: "const a = 1;\n" }];

type Sent = { token?: string; origin?: string; type?: string; path?: string; body?: string; method?: string };

async function send({
  token = TOKEN,
  origin = ORIGIN,
  type = "application/json",
  path = "/differences",
  method = "POST",
  body,
}: Sent = {}) {
  const headers = { origin, authorization: `Bearer ${token}`, "content-type": type };
  const text = body ?? JSON.stringify({ key: crypto.randomUUID(), files: FILES });
  const request = new Request(ORIGIN + path, { method, headers, ...(method === "POST" && { body: text }) });
  const response = await respond(request);
  return { status: response.status, body: (await response.json().catch(() => undefined)) as Record<string, unknown> };
}

const sessions = async () => (await listSessions(product.actor, {})).sessions.length;

describe("a difference that a program on this machine sends", () => {
  it("becomes a session with the token of the data folder, once for a key", async () => {
    const body = JSON.stringify({ key: crypto.randomUUID(), files: FILES });
    const first = await send({ body });
    expect(first).toMatchObject({ status: 201, body: { url: `${ORIGIN}/sessions/${first.body.id}`, version: 2 } });
    expect((await send({ body })).body.id).toBe(first.body.id);
  });

  it("is refused with another token, or none, and nothing is made", async () => {
    const before = await sessions();
    for (const token of ["", "f".repeat(64), TOKEN.toUpperCase(), `${TOKEN}0`]) {
      expect(await send({ token })).toMatchObject({ status: 401 });
    }
    expect(await sessions()).toBe(before);
  });

  it("is refused from a page of another site, whatever token it has", async () => {
    const before = await sessions();
    for (const origin of ["http://localhost:4000", "https://evil.example", "null"]) {
      expect((await send({ origin })).status).toBe(403);
    }
    expect(await sessions()).toBe(before);
  });

  it("has no address where there is no such token, as on AWS", async () => {
    delete process.env.REDLINE_LOCAL_TOKEN;
    expect((await send()).status).toBe(404);
    expect((await send({ path: "/differences/ses_0/heads" })).status).toBe(404);
  });

  it("comes as lines of JSON, too; a line that is none is named", async () => {
    const type = "application/x-ndjson";
    const head = JSON.stringify({ key: crypto.randomUUID() });
    const lines = [head, ...FILES.map((file) => JSON.stringify(file))];
    expect(await send({ type, body: lines.join("\n") })).toMatchObject({ status: 201 });
    const broken = await send({ type, body: [...lines, "[1]"].join("\n") });
    expect(broken).toMatchObject({ status: 400, body: { error: { code: "INVALID_INPUT" } } });
    expect(JSON.stringify(broken.body)).toContain("Line 3");
  });

  it("gets its next head by its address, which is not made twice", async () => {
    const { body } = await send();
    const path = `/differences/${body.id}/heads`;
    const files = [{ ...FILES[0], after: "const a = 2;\n" }];
    const next = () => send({ path, body: JSON.stringify({ files }) });
    expect(await next()).toMatchObject({ status: 200, body: { id: body.id, version: 3, isNew: true } });
    expect(await next()).toMatchObject({ status: 200, body: { id: body.id, version: 3, isNew: false } });
    expect(await send({ path: `/differences/ses_${"0".repeat(26)}/heads` })).toMatchObject({ status: 404 });
  });

  it("tells what was decided of it since a cursor, with what to stage, and takes the agent's turns", async () => {
    const { body } = await send();
    const sessionId = String(body.id);
    const about = { sessionId, path: "a.ts", version: 2 };
    await acceptLines(product.actor, { ...about, id: newDecisionId(), note: "Good." });
    const read = (after: number) => send({ method: "GET", path: `/differences/${sessionId}/decisions?after=${after}` });
    expect(await read(0)).toMatchObject({
      status: 200,
      body: {
        ...{ id: sessionId, version: 2, cursor: 1, turn: null },
        decisions: [{ number: 1, decision: "accept", state: "accepted", path: "a.ts", note: "Good." }],
        stage: [{ path: "a.ts", base: FILES[0]?.before, text: FILES[0]?.after }],
      },
    });
    expect(await read(1)).toMatchObject({ status: 200, body: { cursor: 1, decisions: [] } });
    const turn = (state: string) => send({ path: `/differences/${sessionId}/turns`, body: JSON.stringify({ state }) });
    expect(await turn("start")).toMatchObject({ body: { turn: { state: "open", number: 1, label: "turn 1" } } });
    await rejectLines(product.actor, { ...about, id: newDecisionId() });
    expect(await read(1)).toMatchObject({ body: { turn: { state: "open" }, decisions: [{ state: "pending" }] } });
    expect(await turn("end")).toMatchObject({ body: { turn: { state: "closed" }, reverted: ["a.ts"] } });
    expect(await read(3)).toMatchObject({ body: { version: 3, decisions: [{ number: 3, state: "reverted" }] } });
    expect(await turn("pause")).toMatchObject({ status: 400, body: { error: { field: "state" } } });
    for (const path of ["decisions", "message"]) {
      const at = { method: "GET", path: `/differences/${sessionId}/${path}` };
      expect(await send({ ...at, token: "f".repeat(64) })).toMatchObject({ status: 401 });
    }
  });
});
