/**
 * Walks the main job against a running Redline: sign in, paste, wait for findings, accept a fix, see the new version, tidy
 * up. `node scripts/smoke.mjs URL`; a deployed stage's secret comes by REDLINE_OPERATOR_SECRET. Ends with 0 or 1.
 */
import { fileURLToPath } from "node:url";

const CODE =
  "export function isNone(count: number): boolean {\n  if (count == 0) debugger;\n  return count === 0;\n}\n";
const REVIEWED_WITHIN_MS = 90_000;

/** A browser of the simplest kind: it keeps cookies and says where it comes from. */
class Visitor {
  cookies = new Map();

  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {string} path @param {{ method?: string; form?: Record<string, string>; json?: unknown }} [ask] */
  async send(path, { method = "GET", form, json } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: "manual",
      headers: {
        ...(cookie && { cookie }),
        ...(method !== "GET" && { origin: this.origin }),
        ...(json !== undefined && { "content-type": "application/json" }),
        accept: json === undefined ? "text/html,*/*" : "application/json",
        "user-agent": "Redline smoke test",
      },
      body: form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}

/**
 * @param {string} url
 * @param {{ secret?: string; say?: (step: string) => void }} [options]
 * @throws an Error that says which step failed and what was answered
 */
export async function smoke(url, { secret, say = () => undefined } = {}) {
  const visitor = new Visitor(new URL(url).origin);
  /** @param {string} step @param {Response} response @param {number} status */
  const expect = async (step, response, status) => {
    if (response.status === status) return say(step);
    throw new Error(`${step}: ${response.status} instead of ${status}. ${(await response.text()).slice(0, 300)}`);
  };

  if (secret) {
    await expect("nobody gets in without the secret", await visitor.send("/sessions"), 302);
    const form = { secret, to: "/" };
    await expect("sign in", await visitor.send("/auth/sign-in", { method: "POST", form }), 302);
  }
  await expect("home", await visitor.send("/"), 200);
  await expect("health", await visitor.send("/health"), 200);

  const form = { key: `smoke-${Date.now()}`, text: CODE, language: "typescript", name: "smoke.ts" };
  const made = await visitor.send("/sessions/new", { method: "POST", form });
  await expect("paste", made, 302);
  const session = new URL(made.headers.get("location") ?? "/", url).pathname;

  const { findings } = await reviewed(visitor, session);
  const finding = findings.find((/** @type {any} */ each) => each.fix);
  if (!finding) throw new Error(`review: no finding with a fix among ${findings.length}`);
  say(`review: ${findings.length} findings`);

  const json = { intent: "accept", change: finding.fix.changeId, identity: finding.identity };
  await expect("accept", await visitor.send(`${session}/act`, { method: "POST", json }), 200);
  const after = await (await visitor.send(`${session}/export.json`)).json();
  if (after.session.version !== 2) throw new Error(`accept: version ${after.session.version} instead of 2`);
  say("the fix became version 2");

  const trash = await visitor.send(`${session}/act`, { method: "POST", json: { intent: "trash" } });
  await expect("tidy up", trash, 200);
}

/** @param {Visitor} visitor @param {string} session */
async function reviewed(visitor, session) {
  for (const startedAt = Date.now(); Date.now() - startedAt < REVIEWED_WITHIN_MS; ) {
    const response = await visitor.send(`${session}/export.json`);
    if (response.status !== 200) throw new Error(`export: ${response.status}`);
    const exported = await response.json();
    if (exported.review?.status === "done") return exported;
    if (exported.review?.status === "failed") throw new Error(`review: ${exported.review.failure}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`review: not done after ${REVIEWED_WITHIN_MS / 1000} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.argv[2];
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
