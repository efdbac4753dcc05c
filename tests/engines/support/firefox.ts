/** Firefox by WebDriver BiDi, which it speaks itself: no geckodriver. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFirefox } from "../../../scripts/browser.mjs";
import { clickActions, keyActions } from "./actions";
import { Bidi } from "./bidi";
import type { Cookie, Engine } from "./engine";

const LISTENING = /WebDriver BiDi listening on (ws:\/\/\S+)/;
const IS_VISIBLE =
  "(element) => { element.scrollIntoView({ block: 'nearest' }); return element.checkVisibility({ visibilityProperty: true }); }";

type Nodes = { nodes: { sharedId: string }[] };
type Called<T> = { type: "success"; result: { value: T } } | { type: "exception"; exceptionDetails: { text: string } };
type BidiCookie = Cookie & { value: { value: string } };

export async function startFirefox(): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), "redline-firefox-"));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"];
  const firefox = spawn(findFirefox() ?? "firefox", args, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(firefox, "exit");
  const end = async () => {
    firefox.kill("SIGKILL");
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const bidi = await Bidi.connect(`${await listeningUrl(firefox)}/session`);
    return await openTab(bidi, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** Rejects with what was printed when Firefox ends before it listens. */
function listeningUrl(firefox: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    firefox.stderr?.on("data", (chunk) => {
      printed += chunk;
      const url = LISTENING.exec(printed)?.[1];
      if (url) resolve(url);
    });
    firefox.once("close", (code) => reject(new Error(`Firefox ended with ${code}: ${printed.trim()}`)));
  });
}

async function openTab(bidi: Bidi, end: () => Promise<void>): Promise<Engine> {
  await bidi.send("session.new", { capabilities: {} });
  const tree = await bidi.send<{ contexts: { context: string }[] }>("browsingContext.getTree");
  const context = tree.contexts[0]?.context;
  await bidi.send("browsingContext.setViewport", { context, viewport: { width: 1440, height: 900 } });

  const call = async <T>(functionDeclaration: string, args: object[] = []): Promise<T> => {
    const params = { functionDeclaration, arguments: args, target: { context }, awaitPromise: true };
    const called = await bidi.send<Called<T>>("script.callFunction", params);
    if (called.type === "exception") throw new Error(called.exceptionDetails.text);
    return called.result.value;
  };
  const perform = async (actions: object[]) => {
    await bidi.send("input.performActions", { context, actions });
  };

  return {
    async open(url) {
      await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async reload() {
      await bidi.send("browsingContext.reload", { context, wait: "complete" });
    },
    async evaluate(expression) {
      return JSON.parse(await call<string>(`async () => JSON.stringify((await (${expression})) ?? null)`));
    },
    async click(role, name) {
      const locator = { type: "accessibility", value: { role, name } };
      const { nodes } = await bidi.send<Nodes>("browsingContext.locateNodes", { context, locator });
      for (const { sharedId } of nodes) {
        if (!(await call<boolean>(IS_VISIBLE, [{ sharedId }]))) continue;
        await perform(clickActions({ type: "element", element: { sharedId } }));
        return true;
      }
      return false;
    },
    press: (...keys) => perform(keyActions(keys)),
    async cookies() {
      const partition = { type: "context", context };
      return (await bidi.send<{ cookies: BidiCookie[] }>("storage.getCookies", { partition })).cookies;
    },
    close: end,
  };
}
