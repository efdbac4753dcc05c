/**
 * F12: the disk fails under the laptop's cloud, below Node's `fs` and LevelDB alike, and is well again: nothing that was
 * acknowledged is lost, and what failed is named. 10 rounds in a normal run, 500 with `REDLINE_LONG=1`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testSeed } from "../support/seed";
import { compileDiskFaults, DiskControl, diskFaultsEnv } from "./support/disk-faults";

const ROUNDS = process.env.REDLINE_LONG === "1" ? 500 : 10;
/** The same rounds each time; `REDLINE_SEED` draws others. In these a sweep once read a deletion that was rejected. */
const SEED = 497_391_053;
const WORKER = fileURLToPath(new URL("support/disk-rounds.ts", import.meta.url));

const compiled = compileDiskFaults();
if ("missing" in compiled) process.stdout.write(`${compiled.missing}\n`);

test.runIf("library" in compiled)(
  `${ROUNDS} disk faults lose nothing acknowledged, each is named, and a durable store waits for the disk (F12)`,
  {
    timeout: 60_000 + ROUNDS * 60_000,
  },
  async () => {
    // Memory serves as well as a disk that fails anyway, and is quicker.
    const base = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "redline-disk-"));
    try {
      const seed = testSeed(SEED);
      process.stdout.write(`disk faults: seed ${seed}\n`);
      const { rounds, ...counts } = await run(base, ROUNDS, seed);
      process.stdout.write(`disk faults: ${JSON.stringify(counts)}\n`);
      expect(rounds).toBe(ROUNDS);
      expect(counts.failedCalls).toBeGreaterThan(ROUNDS / 2);
      expect(counts.refused).toBeGreaterThan(ROUNDS / 2);
      expect(counts.acknowledged).toBeGreaterThan(ROUNDS * 6);
      expect(counts.unreadable).toBeLessThanOrEqual(Math.ceil(ROUNDS / 100));
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
);

async function run(base: string, rounds: number, seed: number): Promise<Record<string, number>> {
  const folder = join(base, "under");
  mkdirSync(folder);
  const control = join(base, "control");
  new DiskControl(control).close();
  const library = "library" in compiled ? compiled.library : "";
  const child = spawn(process.execPath, ["--import", "tsx", WORKER, folder, control, String(rounds), String(seed)], {
    env: {
      ...{ ...process.env, ...diskFaultsEnv(library, folder, control) },
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, errors] = ["", ""];
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`seed ${seed}: ${errors}`);
  // Nothing of a failing disk is worth a stack.
  expect(errors).toBe("");
  return JSON.parse(said.trim().split("\n").at(-1) ?? "{}");
}
