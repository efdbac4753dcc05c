/**
 * Smoke-tests a running Redline end to end: sign in, paste code, follow the review, ask about a finding, accept a fix, check
 * the new version, clean up. Usage: `node scripts/smoke.mjs [URL]`; defaults to the stage deployed last. Deployed stages need
 * REDLINE_OPERATOR_SECRET. Exits with 0 or 1; a failed step names its request.
 */
import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CODE =
  "export function isNone(count: number): boolean {\n  if (count == 0) debugger;\n  return count === 0;\n}\n";
const REVIEW_TIMEOUT_MS = 90_000;
const REPLY_TIMEOUT_MS = 120_000;
/** Written by `sst deploy`. */
const OUTPUTS = ".sst/outputs.json";

/** A failed step, with the request id to find it in the logs. */
class StepError extends Error {
  /** @param {string} step @param {string} why @param {Response} [response] */
  constructor(step, why, response) {
    const requestId = response?.headers.get("x-request-id");
    super(`${step}: ${why}${requestId ? ` (request ${requestId})` : ""}`);
  }
}

/** A minimal browser: keeps cookies and sends an Origin. */
class Client {
  cookies = new Map();

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {string} path @param {{ method?: string; form?: Record<string, string>; json?: unknown; accept?: string; timeoutMs?: number }} [request] */
  async send(path, { method = "GET", form, json, accept, timeoutMs = 60_000 } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: "manual",
      headers: {
        ...(cookie && { cookie }),
        ...(method !== "GET" && { origin: this.origin }),
        ...(json !== undefined && { "content-type": "application/json" }),
        accept: accept ?? (json === undefined ? "text/html,*/*" : "application/json"),
        "user-agent": "Redline smoke test",
      },
      body: form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json),
      signal: AbortSignal.timeout(timeoutMs),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }

  /** Returns the response; throws when its status is another. @param {string} step @param {number} status @param {string} path @param {Parameters<Client["send"]>[1]} [request] */
  async expect(step, status, path, request) {
    const response = await this.send(path, request).catch((error) => {
      throw new StepError(step, `no response: ${error.cause?.message ?? error.message}`);
    });
    if (response.status === status) return response;
    throw new StepError(step, `${response.status} instead of ${status}. ${excerpt(await response.text())}`, response);
  }
}

/**
 * @param {string} url
 * @param {{ secret?: string; report?: (step: string) => void }} [options]
 * @throws an Error with the failed step, the response and the request id
 */
export async function smoke(url, { secret, report = () => undefined } = {}) {
  const client = new Client(new URL(url).origin);
  if (secret) {
    await client.expect("access without the secret", 302, "/sessions");
    const form = { secret, to: "/" };
    await client.expect("sign in", 302, "/auth/sign-in", { method: "POST", form });
    report("sign-in requires the secret");
  }
  await client.expect("home", 200, "/");
  const { version, commit, stage } = await (await client.expect("health", 200, "/health")).json();
  report(`${[stage, version, commit].filter(Boolean).join(", ")} is healthy`);

  const form = { key: `smoke-${Date.now()}`, text: CODE, language: "typescript", name: "smoke.ts" };
  const made = await client.expect("paste", 302, "/sessions/new", { method: "POST", form });
  const session = new URL(made.headers.get("location") ?? "/", url).pathname;
  report("session created");
  try {
    await reviewAndFix(client, session, report);
  } catch (error) {
    await trash(client, session).catch(() => undefined);
    throw error;
  }
  await trash(client, session);
  report("session moved to the trash");
}

/** @param {Client} client @param {string} session its path @param {(step: string) => void} report */
async function reviewAndFix(client, session, report) {
  const logPath = `/logs/${session.split("/").at(-1)}.1`;
  const followed = await follow(client, "follow the review", logPath, REVIEW_TIMEOUT_MS);
  if (!followed.includes('"type":"started"')) throw new StepError("follow the review", "its log has no start event");
  const { findings } = await waitForReview(client, session);
  const finding = findings.find((/** @type {any} */ each) => each.fix);
  if (!finding) throw new StepError("review", `no finding with a fix among ${findings.length}`);
  report(`review done with ${findings.length} findings`);

  report(await askAboutFinding(client, session, finding));

  const json = { intent: "accept", change: finding.fix.changeId, identity: finding.identity };
  await client.expect("accept", 200, `${session}/actions`, { method: "POST", json });
  const exported = await client.expect("export", 200, `${session}/export.json`);
  const after = await exported.json();
  if (after.session.version !== 2) throw new StepError("accept", `version ${after.session.version}, not 2`, exported);
  report("fix saved as version 2");
}

/** Asks for an explanation of a finding; without a model the built-in reviewer replies. Returns a summary. @param {Client} client @param {string} session @param {any} finding */
async function askAboutFinding(client, session, finding) {
  const threadId = `thr_${newId()}`;
  const asked = { messageId: `msg_${newId()}`, text: "Why does this matter?", messageKind: "explain" };
  const at = { path: finding.path, startLine: 2, endLine: 2, finding: finding.identity };
  const json = { intent: "open-thread", threadId, ...asked, ...at };
  await client.expect("ask", 200, `${session}/conversation`, { method: "POST", json });
  for (const startedAt = Date.now(); Date.now() - startedAt < REPLY_TIMEOUT_MS; ) {
    const response = await client.expect("reply", 200, `${session}/threads/${threadId}`);
    const { messages } = await response.json();
    const { reply } = messages.at(-1) ?? {};
    // Generation starts with the first follower.
    if (reply?.logId) await follow(client, "follow the reply", `/logs/${reply.logId}`, REPLY_TIMEOUT_MS);
    else if (reply?.status === "done") return `reply by ${reply.model ?? "the built-in reviewer"}`;
    else if (reply) throw new StepError("reply", `it is ${reply.status}. ${reply.error?.message ?? ""}`, response);
    await pause();
  }
  throw new StepError("reply", `no reply after ${REPLY_TIMEOUT_MS / 1000} s`);
}

/** Reads an event log to its end event, reconnecting when the stream ends early. @param {Client} client @param {string} step @param {string} path @param {number} timeoutMs */
async function follow(client, step, path, timeoutMs) {
  let text = "";
  for (const startedAt = Date.now(); Date.now() - startedAt < timeoutMs; ) {
    const after = [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "0";
    const response = await client.expect(step, 200, `${path}?after=${after}`, {
      accept: "text/event-stream",
      timeoutMs,
    });
    text += await response.text().catch((error) => {
      throw new StepError(step, error.message, response);
    });
    if (text.includes("event: end")) return text;
    await pause();
  }
  throw new StepError(step, `no end after ${timeoutMs / 1000} s`);
}

/** @param {Client} client @param {string} session */
async function waitForReview(client, session) {
  for (const startedAt = Date.now(); Date.now() - startedAt < REVIEW_TIMEOUT_MS; ) {
    const response = await client.expect("review", 200, `${session}/export.json`);
    const exported = await response.json();
    if (exported.review?.status === "done") return exported;
    if (exported.review?.status === "failed") throw new StepError("review", exported.review.failure, response);
    await pause();
  }
  throw new StepError("review", `not done after ${REVIEW_TIMEOUT_MS / 1000} s`);
}

/** @param {Client} client @param {string} session */
const trash = (client, session) =>
  client.expect("clean up", 200, `${session}/actions`, { method: "POST", json: { intent: "trash" } });

/** Returns the start of a response, without markup. @param {string} body */
const excerpt = (body) =>
  body
    .replace(/<(script|style|head)\b.*?<\/\1>|<[^>]+>/gs, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);

const pause = () => new Promise((resolve) => setTimeout(resolve, 500));
const newId = () => Array.from({ length: 26 }, () => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[randomInt(32)]).join("");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.argv[2] ?? (existsSync(OUTPUTS) ? JSON.parse(readFileSync(OUTPUTS, "utf8")).url : undefined);
  if (!url) {
    process.stderr.write("Usage: node scripts/smoke.mjs http://localhost:3000\n");
    process.exit(1);
  }
  try {
    const secret = process.env.REDLINE_OPERATOR_SECRET;
    await smoke(url, { secret, report: (step) => process.stdout.write(`ok  ${step}\n`) });
  } catch (error) {
    process.stderr.write(`not ok  ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
