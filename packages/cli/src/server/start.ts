/** Starts the Redline of this package in the background. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CommandFailure } from "../failure";
import { lastPort, readServing, type Serving } from "./data-folder";

/** Beside the bundle, or in the build of the sources. */
const LAUNCHERS = ["./server/local/launcher.js", "../../../../build/local/launcher.js"];
/** A machine that is busy takes many times as long as a quiet one. */
const START_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 25;
/** Time for whoever started Redline at the same moment, and owns the data folder now. */
const OTHER_START_MS = 20_000;
/** A Redline that was started here ends by itself when nobody has asked it for anything for so long. */
const IDLE_MINUTES = "30";

/** Resolves when Redline serves from the data folder, whoever started it. Throws CommandFailure with what it said. */
export async function startServer(folder: string, env: NodeJS.ProcessEnv): Promise<Serving> {
  const launcher = LAUNCHERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync);
  if (!launcher) throw new CommandFailure("This copy of Redline has no server.", "npm run build makes it.");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logPath = join(folder, "server.log");
  const log = openSync(logPath, "w", 0o600);
  const child = spawn(process.execPath, [launcher], {
    cwd: folder,
    env: { REDLINE_IDLE_MINUTES: IDLE_MINUTES, ...env, REDLINE_DATA: folder, PORT: await chosenPort(folder, env) },
    stdio: ["ignore", log, log],
    // It outlives this command, as others may use it by then, and a Ctrl-C is for this command alone.
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  let isEnded = false;
  child.once("error", () => {
    isEnded = true;
  });
  child.once("exit", () => {
    isEnded = true;
  });
  child.unref();
  for (let waitedMs = 0, endedMs = 0; waitedMs < START_WITHIN_MS && endedMs < OTHER_START_MS; ) {
    const serving = readServing(folder);
    if (serving) return serving;
    if (isEnded && !readFileSync(logPath, "utf8").includes("already running")) break;
    await sleep(LOOK_EVERY_MS);
    waitedMs += LOOK_EVERY_MS;
    if (isEnded) endedMs += LOOK_EVERY_MS;
  }
  const said = readFileSync(logPath, "utf8").trim().split("\n").slice(-3).join("\n");
  throw new CommandFailure(`Redline could not be started. ${said}`.trim(), `All it said is in ${logPath}.`);
}

/** The port that it had before, so that addresses in a browser's tabs go on working; else a free one. */
async function chosenPort(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (env.PORT) return env.PORT;
  const port = lastPort(folder);
  if (port === undefined) return "0";
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return String(port);
  } catch {
    return "0";
  } finally {
    server.close();
  }
}
