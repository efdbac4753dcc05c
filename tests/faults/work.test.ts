/** F7: workers are killed at every boundary between the steps of their work. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readLog } from "@redline/core/platform/event-log";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withProduct } from "../support/product";
import { Random } from "../support/random";
import { testSeed } from "../support/seed";
import { logIdOf, requestSixSteps, STEPS, sixSteps } from "../support/six-steps";

withProduct();
const SEED = testSeed(1_204_120);
const ROUNDS = process.env.REDLINE_LONG ? 1_000 : 60;
/** Jobs that one process is at when it is killed. */
const AT_ONCE = 20;
const PLACES = [...STEPS.map((step) => `d${step}`), ...STEPS.map((step) => `b${step}`), "b7"];

type Job = Awaited<ReturnType<typeof requestSixSteps>>;
let folder: string;
let worker: string;
let executions: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "redline-work-"));
  worker = join(folder, "worker.mjs");
  executions = join(folder, "executions");
  writeFileSync(executions, "");
  // As one file it starts in a tenth of the time.
  await build({
    entryPoints: [new URL("../support/six-steps-worker.ts", import.meta.url).pathname],
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the jobs in a process of this name, and kills it when every one of them has stopped where it should. */
async function workAndDie(name: string, jobs: (Job & { stopAt: string })[]): Promise<void> {
  const env = { ...process.env, REDLINE_INSTANCE: name };
  const child = spawn(process.execPath, [worker, executions, JSON.stringify(jobs)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let reached = 0;
  for await (const _line of createInterface({ input: child.stdout })) {
    reached += 1;
    if (reached === jobs.length) break;
  }
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

const executed = (id: string): string[] =>
  readFileSync(executions, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${id} `))
    .map((line) => line.slice(id.length + 1));

describe(`F7: workers that are killed (seed ${SEED})`, () => {
  it(`${ROUNDS} jobs, each killed at a boundary, end; no step that was stored runs again`, async () => {
    const random = new Random(SEED);
    const work = sixSteps({});
    for (let round = 0; round < ROUNDS; round += AT_ONCE) {
      const jobs: (Job & { stopAt: string })[] = [];
      for (let each = 0; each < AT_ONCE; each += 1) {
        // The first rounds meet every boundary.
        const stopAt = PLACES[round + each] ?? random.pick(PLACES);
        jobs.push({ ...(await requestSixSteps()), stopAt });
      }
      const name = `killed-${round}`;
      await workAndDie(name, jobs);
      const stored = new Map<string, string[]>();
      for (const job of jobs) {
        const item = await work.items.read(job);
        expect(item?.status, job.stopAt).toBe("running");
        stored.set(job.id, Object.keys(item?.memo ?? {}));
        // The process's leases are known to be free, as the laptop's launcher knows.
        expect(await work.items.handBack(item as NonNullable<typeof item>, { counts: true })).toBe(true);
      }
      const again = sixSteps({
        during: async (id, step) => {
          if (stored.get(id)?.includes(String(step))) throw new Error(`Step ${step} was stored, and ran again.`);
        },
      });
      await Promise.all(jobs.map((job) => again.perform(job)));
      for (const job of jobs) {
        const item = await work.items.read(job);
        expect([item?.status, item?.epoch], job.stopAt).toEqual(["done", 2]);
        const log = await readLog(logIdOf(job.id));
        expect(log.at(-1), job.stopAt).toMatchObject({ last: true, event: { type: "done", sum: 21 } });
        const before = Number(job.stopAt.slice(1));
        const reached = STEPS.filter((step) => (job.stopAt.startsWith("d") ? step <= before : step < before));
        expect(executed(job.id), job.stopAt).toEqual(reached.map(String));
        expect(stored.get(job.id), job.stopAt).toEqual(STEPS.filter((step) => step < before).map(String));
      }
    }
  });
});
