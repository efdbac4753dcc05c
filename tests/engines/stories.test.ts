/** The stories that have to work in every browser; the browser tests go into the details, in Chromium alone. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "../e2e/support/product";
import { type ModelServer, startModelServer } from "../support/model-server";
import { startChromium } from "./support/chromium";
import type { Engine, Role } from "./support/engine";
import { startFirefox } from "./support/firefox";
import { type RecordingProxy, startRecordingProxy } from "./support/recording-proxy";
import { startWebKit } from "./support/webkit";

const SECRET = "the stage's own secret";
const CODE = `export function total(prices: number[]) {
  debugger;
  return prices.reduce((sum, price) => sum + price, 0);
}
`;
const FIXED = CODE.replace("  debugger;\n", "");
const WORDS = Array.from({ length: 60 }, (_, i) => `word${i + 1}`).join(" ");
const CHANGE = {
  name: "propose_change",
  input: {
    summary: "Sum precisely",
    edits: [
      {
        path: "pasted.ts",
        start_line: 2,
        end_line: 2,
        original: "  return prices.reduce((sum, price) => sum + price, 0);",
        replacement: "  return Math.sumPrecise(prices);",
      },
    ],
  },
};

let model: ModelServer;
let product: RunningProduct;
let proxy: RecordingProxy;
let engine: Engine;

beforeAll(async () => {
  model = await startModelServer({});
  const secret = { REDLINE_AUTH: "on", SST_RESOURCE_OperatorSecret: JSON.stringify({ value: SECRET }) };
  product = await startProduct({ dataDir: newDataDir(), env: { ...model.env("bedrock"), ...secret } });
  proxy = await startRecordingProxy(product.url);
});

afterAll(async () => {
  proxy?.stop();
  await product?.stop();
  await model?.stop();
  removeDataDir(product.dataDir);
});

const open = (path: string) => engine.open(`${proxy.url}${path}`);
const path = () => engine.evaluate<string>("location.pathname");
const sees = (text: string) => expect.poll(() => engine.evaluate("document.body.innerText")).toContain(text);
const click = (role: Role, name: string) =>
  expect.poll(() => engine.click(role, name), { message: `${role} "${name}"` }).toBe(true);
const type = (text: string) => engine.press(...[...text].map((char) => (char === "\n" ? "Enter" : char)));
const storedCode = () =>
  engine.evaluate<string>("fetch(location.pathname + '/text?path=pasted.ts').then((response) => response.text())");
const isInEditor = () => engine.evaluate<boolean>("document.activeElement.closest('.cm-editor') !== null");

async function signIn(): Promise<void> {
  await open("/sessions/new");
  if ((await path()) === "/sessions/new") return;
  // A password's field has no role to find it by.
  await engine.evaluate("document.querySelector('input[type=password]').focus()");
  await type(SECRET);
  await engine.press("Enter");
  await expect.poll(path).toBe("/sessions/new");
}

/** Pastes code, and waits for its review. */
async function paste(code: string): Promise<void> {
  await signIn();
  await click("textbox", "Code");
  await type(code);
  await engine.press("Control+Enter");
  await sees("Reviewed v1");
  await click("textbox", "Code of pasted.ts");
}

describe.each([
  { name: "Chromium", start: startChromium },
  { name: "Firefox", start: startFirefox },
  { name: "WebKitGTK", start: startWebKit },
])("$name", ({ start }) => {
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine?.close());
  afterEach(() => {
    model.reset();
    expect(proxy.noise.splice(0), "printed lines, errors and failed requests").toEqual([]);
  });

  it("signs in over plain http, stays signed in, and signs out", async () => {
    await signIn();
    const sessionCookies = async () => (await engine.cookies()).filter(({ name }) => name.startsWith("session-"));
    // Safari takes no Secure cookie, and so none whose name begins with __Host-, over http://localhost.
    expect(await sessionCookies()).toMatchObject([
      { httpOnly: true, secure: false, sameSite: expect.stringMatching(/lax/i) },
    ]);
    await engine.reload();
    await sees("New session");
    await click("button", "Sign out");
    await expect.poll(path).toBe("/auth/sign-in");
    expect(await sessionCookies()).toEqual([]);
  });

  it("reviews pasted code, applies a fix with one key, and saves an edit; Tab leads out of the code", async () => {
    await paste(CODE);
    await engine.press("Escape", "a");
    await sees("v2");
    expect(await storedCode()).toBe(FIXED);

    await engine.evaluate("document.querySelector('.cm-content').focus()");
    await engine.press("Tab");
    expect(await isInEditor()).toBe(false);

    await click("textbox", "Code of pasted.ts");
    await engine.press("Control+End");
    await type("// checked");
    await engine.press("Control+s");
    await sees("v3");
    expect(await storedCode()).toBe(`${FIXED}// checked`);
    await engine.press("Escape", "Tab");
    expect(await isInEditor()).toBe(false);
  });

  it("asks about lines, follows the answer past a reload, and accepts what it proposes", async () => {
    await paste(FIXED);
    model.answer({ text: WORDS, chunkChars: 7, delayMs: 80, toolCalls: [CHANGE] });
    await engine.press("Control+Home", "Shift+ArrowDown", "Shift+ArrowDown");
    await click("button", "Ask");
    await type("Can this be shorter?");
    await engine.press("Control+Enter");
    await sees("word3");
    await engine.reload();
    await sees(WORDS);
    await click("button", "Accept: Sum precisely");
    await sees("v2");
    expect(await storedCode()).toContain("Math.sumPrecise");
    expect(model.calls).toHaveLength(1);
  });
});
