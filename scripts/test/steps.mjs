/** Runs the steps of `npm test`, several beside each other, and sums up what they report. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** @typedef {import("./reports.mjs").Counts} Counts */

const TICKS_PER_SECOND = 100;

/** Returns the processor time in seconds of all processes that this one has waited for; 0 where Linux does not tell. */
function childrenCpuSeconds() {
  try {
    const [, fields = ""] = readFileSync("/proc/self/stat", "utf8").split(/\) (.*)/s);
    const [user, system] = fields.split(" ").slice(13, 15).map(Number);
    return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

export class Steps {
  /** @type {Counts} */
  totals = { passed: 0, failed: 0, failures: [] };
  /** @type {Set<import("node:child_process").ChildProcess>} */
  #running = new Set();
  #cpuSeconds = childrenCpuSeconds();

  constructor() {
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      process.once(signal, () => {
        for (const child of this.#running) child.kill(signal);
        process.exit(1);
      });
    }
  }

  /**
   * Runs a command, prints its lines with the step's title before each, and counts it as one test, or as those in its report.
   * Returns whether it succeeded.
   * @param {string} title
   * @param {string[]} command
   * @param {{ report?: string, read?: (path: string) => Counts | undefined, env?: Record<string, string> }} [options]
   */
  async run(title, [program = "", ...args], { report, read, env = {} } = {}) {
    if (report) rmSync(report, { force: true });
    const startedAt = Date.now();
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#running.add(child);
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on("line", (line) => process.stdout.write(`${title} | ${line}\n`));
    }
    const [code] = await once(child, "close");
    this.#running.delete(child);
    const isOk = code === 0;
    this.#count(title, isOk, report && read?.(report));
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const cpuSeconds = Math.round(childrenCpuSeconds() - this.#cpuSeconds);
    this.#cpuSeconds = childrenCpuSeconds();
    process.stdout.write(
      `${title} | ${isOk ? "passed" : "failed"} after ${seconds} s, ${cpuSeconds} s of it computing\n`,
    );
    return isOk;
  }

  /** @param {string} title @param {boolean} isOk @param {Counts | "" | undefined} counts */
  #count(title, isOk, counts) {
    const { passed, failed, failures } = counts || { passed: isOk ? 1 : 0, failed: 0, failures: [] };
    this.totals.passed += passed;
    // A step can fail without a failed test: a file that does not load, or a crash.
    this.totals.failed += isOk ? failed : Math.max(failed, 1);
    this.totals.failures.push(...failures);
    if (!isOk && failures.length === 0) this.totals.failures.push(title);
  }
}
