/** `npm run dev`: from a change of a file of core until the product answers with the new code. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { reviewedSession, untilServing } from "./requests";

const ROUNDS = 3;
const PORT = 3918;
const ORIGIN = `http://localhost:${PORT}`;
const PATIENCE_MS = 60_000;
const POLL_MS = 50;
const CASES = {
  "a file that only workers use": "packages/core/src/reviewers/worker.ts",
  "a file that pages use": "packages/core/src/platform/log.ts",
};

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const dev = spawn(process.execPath, ["scripts/start.mjs", "--dev"], {
    env: { ...process.env, PORT: String(PORT), REDLINE_DATA: dataDir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  dev.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const exited = once(dev, "exit");
  try {
    await untilServing(`${ORIGIN}/health`, performance.now());
    const page = await reviewedSession(ORIGIN, { name: "a.ts", text: "debugger;\n" });
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(CASES)) {
      const tookMs: number[] = [];
      for (let round = 0; round < ROUNDS; round++) tookMs.push(await untilAnswered(path, page, () => output));
      const value = rounded(median(tookMs) / 1_000);
      figures.push(atMost({ bench: "dev-restart", name, value, unit: "s", goal: 2 }));
    }
    return figures;
  } finally {
    dev.kill("SIGINT");
    await exited;
    removeDataDir(dataDir);
  }
}

/** Has a file announce on standard error that it was loaded; resolves with the time until it does, in ms. */
async function untilAnswered(path: string, page: string, output: () => string): Promise<number> {
  const before = readFileSync(path, "utf8");
  const mark = `loaded ${crypto.randomUUID()}`;
  try {
    const startedAt = performance.now();
    writeFileSync(path, `${before}\nprocess.stderr.write(${JSON.stringify(`${mark}\n`)});\n`);
    while (!output().includes(mark)) {
      if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`The change of ${path} was not loaded.`);
      await check(page);
      await sleep(POLL_MS);
    }
    return performance.now() - startedAt;
  } finally {
    writeFileSync(path, before);
    await sleep(3_000);
    while (!(await check(page))) await sleep(POLL_MS);
  }
}

/** Asks for the problems of a text, which a page and a worker answer. Returns whether they did. */
async function check(page: string): Promise<boolean> {
  const body = JSON.stringify({ path: "a.ts", language: "typescript", text: `debugger; // ${crypto.randomUUID()}\n` });
  const headers = { "content-type": "application/json", origin: ORIGIN };
  try {
    const response = await fetch(`${ORIGIN}${page}/check`, { method: "POST", body, headers });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
