/** WebKitGTK, Safari's engine, by classic WebDriver: its MiniBrowser in a virtual display. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { clickActions, keyActions } from "./actions";
import { CANDIDATES, type Cookie, type Engine } from "./engine";

const VISIBLE =
  "return [...document.querySelectorAll(arguments[0])].filter((element) => element.checkVisibility({ visibilityProperty: true }));";
const SCROLL_TO = "arguments[0].scrollIntoView({ block: 'nearest' });";

/** An element's reference: its only key is a name that the protocol fixes. */
type ElementReference = Record<string, string>;
type Command = <T>(method: "GET" | "POST" | "DELETE", path: string, body?: object) => Promise<T>;

export async function startWebKit(): Promise<Engine> {
  const processes: ChildProcess[] = [];
  const end = async () => {
    for (const child of processes.reverse()) {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    }
  };
  try {
    const screen = ["-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp"];
    const xvfb = spawn("Xvfb", screen, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    processes.push(xvfb);
    const [display] = await once(xvfb.stdio[3] as Readable, "data");
    const port = await freePort();
    const env = { ...process.env, DISPLAY: `:${String(display).trim()}` };
    processes.push(spawn("WebKitWebDriver", [`--port=${port}`], { stdio: "ignore", env }));
    return await openWindow(commandTo(`http://127.0.0.1:${port}`), end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function commandTo(driver: string): Command {
  return async (method, path, body) => {
    const response = await fetch(`${driver}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
}

async function openWindow(command: Command, end: () => Promise<void>): Promise<Engine> {
  const capabilities = { alwaysMatch: {} };
  const { sessionId } = await untilListening(() =>
    command<{ sessionId: string }>("POST", "/session", { capabilities }),
  );
  const session = `/session/${sessionId}`;
  const run = <T>(script: string, ...args: unknown[]) =>
    command<T>("POST", `${session}/execute/sync`, { script, args });
  const perform = (actions: object[]) => command<void>("POST", `${session}/actions`, { actions });
  await command("POST", `${session}/window/rect`, { x: 0, y: 0, width: 1440, height: 900 });

  return {
    open: (url) => command("POST", `${session}/url`, { url }),
    reload: () => command("POST", `${session}/refresh`, {}),
    evaluate: (expression) => run(`return (${expression});`),
    async click(role, name) {
      for (const element of await run<ElementReference[]>(VISIBLE, CANDIDATES[role])) {
        const path = `${session}/element/${Object.values(element)[0]}`;
        if ((await command("GET", `${path}/computedlabel`)) !== name) continue;
        if ((await command("GET", `${path}/computedrole`)) !== role) continue;
        await run(SCROLL_TO, element);
        await perform(clickActions(element));
        return true;
      }
      return false;
    },
    press: (...keys) => perform(keyActions(keys)),
    cookies: () => command<Cookie[]>("GET", `${session}/cookie`),
    async close() {
      await command("DELETE", session);
      await end();
    },
  };
}

/** Repeats a request until the driver, which was just started, takes it. */
async function untilListening<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const isRefused = error instanceof TypeError;
      if (!isRefused || attempt === 600) throw error;
      await sleep(100);
    }
  }
}
