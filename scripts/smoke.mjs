/**
 * Walks the main job against a running Redline: sign in, paste, follow the review to its findings, ask about one, accept a
 * fix, see the new version, tidy up. `node scripts/smoke.mjs [URL]`; without a URL, what was just deployed. A deployed
 * stage's secret comes by REDLINE_OPERATOR_SECRET. Ends with 0 or 1; each step that failed names its request.
 */
import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CODE =
  "export function isNone(count: number): boolean {\n  if (count == 0) debugger;\n  return count === 0;\n}\n";
const REVIEWED_WITHIN_MS = 90_000;
const ANSWERED_WITHIN_MS = 120_000;
/** What `sst deploy` leaves behind. */
const OUTPUTS = ".sst/outputs.json";

/** A step that went wrong, with what leads to it in the logs. */
class Failed extends Error {
  /** @param {string} step @param {string} why @param {Response} [response] */
  constructor(step, why, response) {
    const requestId = response?.headers.get("x-request-id");
    super(`${step}: ${why}${requestId ? ` (request ${requestId})` : ""}`);
  }
}

/** A browser of the simplest kind: it keeps cookies and says where it comes from. */
class Visitor {
  cookies = new Map();

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {string} path @param {{ method?: string; form?: Record<string, string>; json?: unknown; accept?: string; withinMs?: number }} [ask] */
  async send(path, { method = "GET", form, json, accept, withinMs = 60_000 } = {}) {
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
      signal: AbortSignal.timeout(withinMs),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }

  /** Sends it, and throws unless it is answered with this status. @param {string} step @param {number} status @param {string} path @param {Parameters<Visitor["send"]>[1]} [ask] */
  async expect(step, status, path, ask) {
    const response = await this.send(path, ask).catch((error) => {
      throw new Failed(step, `no answer: ${error.cause?.message ?? error.message}`);
    });
    if (response.status === status) return response;
    throw new Failed(step, `${response.status} instead of ${status}. ${said(await response.text())}`, response);
  }
}

/**
 * @param {string} url
 * @param {{ secret?: string; say?: (step: string) => void }} [options]
 * @throws an Error that says which step failed, what was answered, and to which request
 */
export async function smoke(url, { secret, say = () => undefined } = {}) {
  const visitor = new Visitor(new URL(url).origin);
  if (secret) {
    await visitor.expect("nobody gets in without the secret", 302, "/sessions");
    const form = { secret, to: "/" };
    await visitor.expect("sign in", 302, "/auth/sign-in", { method: "POST", form });
    say("only who knows the secret gets in");
  }
  await visitor.expect("home", 200, "/");
  const { version, commit, stage } = await (await visitor.expect("health", 200, "/health")).json();
  say(`${[stage, version, commit].filter(Boolean).join(", ")} is well`);

  const form = { key: `smoke-${Date.now()}`, text: CODE, language: "typescript", name: "smoke.ts" };
  const made = await visitor.expect("paste", 302, "/sessions/new", { method: "POST", form });
  const session = new URL(made.headers.get("location") ?? "/", url).pathname;
  say("pasted");
  try {
    await walk(visitor, session, say);
  } catch (error) {
    await trash(visitor, session).catch(() => undefined);
    throw error;
  }
  await trash(visitor, session);
  say("tidied up");
}

/** @param {Visitor} visitor @param {string} session its path @param {(step: string) => void} say */
async function walk(visitor, session, say) {
  const logPath = `/logs/${session.split("/").at(-1)}.1`;
  const followed = await follow(visitor, "follow the review", logPath, REVIEWED_WITHIN_MS);
  if (!followed.includes('"type":"started"')) throw new Failed("follow the review", "its log has no beginning");
  const { findings } = await reviewed(visitor, session);
  const finding = findings.find((/** @type {any} */ each) => each.fix);
  if (!finding) throw new Failed("review", `no finding with a fix among ${findings.length}`);
  say(`followed the review to ${findings.length} findings`);

  say(await conversation(visitor, session, finding));

  const json = { intent: "accept", change: finding.fix.changeId, identity: finding.identity };
  await visitor.expect("accept", 200, `${session}/act`, { method: "POST", json });
  const exported = await visitor.expect("export", 200, `${session}/export.json`);
  const after = await exported.json();
  if (after.session.version !== 2) throw new Failed("accept", `version ${after.session.version}, not 2`, exported);
  say("the fix became version 2");
}

/** Asks to explain a finding, which the built-in reviewer does where there is no model. @param {Visitor} visitor @param {string} session @param {any} finding */
async function conversation(visitor, session, finding) {
  const threadId = `thr_${newId()}`;
  const asked = { messageId: `msg_${newId()}`, text: "Why does this matter?", about: "explain" };
  const at = { path: finding.path, startLine: 2, endLine: 2, finding: finding.identity };
  const json = { intent: "open-thread", threadId, ...asked, ...at };
  await visitor.expect("ask", 200, `${session}/talk`, { method: "POST", json });
  for (const startedAt = Date.now(); Date.now() - startedAt < ANSWERED_WITHIN_MS; ) {
    const response = await visitor.expect("answer", 200, `${session}/threads/${threadId}`);
    const { messages } = await response.json();
    const { answer } = messages.at(-1) ?? {};
    // Writing begins when somebody follows.
    if (answer?.logId) await follow(visitor, "follow the answer", `/logs/${answer.logId}`, ANSWERED_WITHIN_MS);
    else if (answer?.status === "done") return `an answer by ${answer.model ?? "the built-in reviewer"}`;
    else if (answer) throw new Failed("answer", `it is ${answer.status}. ${answer.error?.message ?? ""}`, response);
    await pause();
  }
  throw new Failed("answer", `not there after ${ANSWERED_WITHIN_MS / 1000} s`);
}

/** What an event log says to its end, however often its stream ends before. @param {Visitor} visitor @param {string} step @param {string} path @param {number} withinMs */
async function follow(visitor, step, path, withinMs) {
  let said = "";
  for (const startedAt = Date.now(); Date.now() - startedAt < withinMs; ) {
    const after = [...said.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "0";
    const response = await visitor.expect(step, 200, `${path}?after=${after}`, {
      accept: "text/event-stream",
      withinMs,
    });
    said += await response.text().catch((error) => {
      throw new Failed(step, error.message, response);
    });
    if (said.includes("event: end")) return said;
    await pause();
  }
  throw new Failed(step, `no end after ${withinMs / 1000} s`);
}

/** @param {Visitor} visitor @param {string} session */
async function reviewed(visitor, session) {
  for (const startedAt = Date.now(); Date.now() - startedAt < REVIEWED_WITHIN_MS; ) {
    const response = await visitor.expect("review", 200, `${session}/export.json`);
    const exported = await response.json();
    if (exported.review?.status === "done") return exported;
    if (exported.review?.status === "failed") throw new Failed("review", exported.review.failure, response);
    await pause();
  }
  throw new Failed("review", `not done after ${REVIEWED_WITHIN_MS / 1000} s`);
}

/** @param {Visitor} visitor @param {string} session */
const trash = (visitor, session) =>
  visitor.expect("tidy up", 200, `${session}/act`, { method: "POST", json: { intent: "trash" } });

/** What an answer says, of a page only its words. @param {string} body */
const said = (body) =>
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
    process.stderr.write("Say which Redline: node scripts/smoke.mjs http://localhost:3000\n");
    process.exit(1);
  }
  try {
    const secret = process.env.REDLINE_OPERATOR_SECRET;
    await smoke(url, { secret, say: (step) => process.stdout.write(`ok  ${step}\n`) });
  } catch (error) {
    process.stderr.write(`not ok  ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
