/** `npm start` on built code until it serves, and what all of it weighs: at rest, and a minute after a review. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { commandOf, family, weightOf } from "./processes";
import { reviewedSession, sampleCode, untilServing } from "./requests";

const ROUNDS = 5;
const PORT = 3917;
const ORIGIN = `http://localhost:${PORT}`;
const SETTLE_MS = 3_000;
const AFTER_REVIEW_MS = 60_000;

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const startsMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { npm, tookMs } = await npmStart(dataDir);
    startsMs.push(tookMs);
    await end(npm);
  }
  const { npm } = await npmStart(dataDir);
  await sleep(SETTLE_MS);
  const [npmPid = 0, ...others] = family(npm.pid ?? 0);
  const npmAlone = weightOf([npmPid]);
  const before = weightOf(others);
  await reviewedSession(ORIGIN, { name: "orders.ts", text: sampleCode(120) });
  await sleep(AFTER_REVIEW_MS);
  const after = weightOf(family(npm.pid ?? 0).slice(1));
  await end(npm);
  removeDataDir(dataDir);

  const weight = (name: string, value: number) =>
    atMost({ bench: "start", name, value: rounded(value, 0), unit: "MB", goal: 300 });
  return [
    atMost({
      bench: "start",
      name: "npm start until serving",
      value: rounded(median(startsMs) / 1000),
      unit: "s",
      goal: 3,
    }),
    weight("memory in all before a review", before.usedMb),
    weight("memory in all before a review (RSS, shared pages counted each time)", before.rssMb),
    weight("memory in all 60 s after a review", after.usedMb),
    weight("npm itself, not counted above", npmAlone.usedMb),
  ];
}

async function npmStart(dataDir: string): Promise<{ npm: ChildProcess; tookMs: number }> {
  const startedAt = performance.now();
  const npm = spawn("npm", ["start"], {
    env: { ...process.env, PORT: String(PORT), REDLINE_DATA: dataDir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { npm, tookMs: await untilServing(ORIGIN, startedAt) };
}

/** Stops it like Ctrl-C: the launcher receives the signal, and npm exits after it. */
async function end(npm: ChildProcess): Promise<void> {
  const exited = once(npm, "exit");
  const launcher = family(npm.pid ?? 0).find((pid) => commandOf(pid).includes("scripts/start.mjs") && isNode(pid));
  process.kill(launcher ?? npm.pid ?? 0, "SIGINT");
  await exited;
}

/** Not the shell that npm puts between itself and the script. */
const isNode = (pid: number) => /(^|\/)node\0/.test(commandOf(pid));
