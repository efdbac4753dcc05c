/** The built product, as `npm start` runs it, on a free port and a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../../build/local/launcher.js", import.meta.url));
const READY = /Redline is at (http:\/\/localhost:\d+)/;

export interface RunningProduct {
  url: string;
  dataDir: string;
  /** The launcher; its processes are its children. */
  process: ChildProcess;
  /** Everything the product's processes printed so far. */
  output(): string;
  /** Ctrl-C, and waits until all of it has ended. */
  stop(): Promise<void>;
  /** kill -9 of the launcher; its processes end by themselves. */
  kill(): Promise<void>;
}

/** Returns a data folder under the system's temporary folder; the caller removes it. */
export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), "redline-e2e-"));
}

export function removeDataDir(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Rejects with what was printed when the product ends before it serves. `port` 0 takes a free one. */
export async function startProduct({
  dataDir,
  port = 0,
  env = {},
}: {
  dataDir: string;
  port?: number;
  env?: Record<string, string>;
}): Promise<RunningProduct> {
  const child = spawn(process.execPath, [LAUNCHER], {
    env: { ...process.env, PORT: String(port), REDLINE_DATA: dataDir, REDLINE_LOG: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = READY.exec(output)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("close", (code) => reject(new Error(`The product ended with ${code}: ${output.trim()}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    url,
    dataDir,
    process: child,
    output: () => output,
    stop: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
  };
}
