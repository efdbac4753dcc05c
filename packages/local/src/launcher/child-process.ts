/** One of the launcher's processes: started, watched, started again when it crashes, ended in good order. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { Backoff } from "@redline/core/backoff";

/** The addresses that a process serves, by name, from its line `{"ready":true,…}`. */
export type Ready = Record<string, string>;

export interface ProcessPlan {
  name: string;
  /** The bundle to run. */
  entry: string;
  nodeFlags?: string[];
  /** The environment, given what the process said the last time, so that it can serve the same addresses again. */
  env: (previous: Ready | undefined) => Record<string, string>;
  /** Sent over the channel as `{env}` once known, for a process that loads its code meanwhile. */
  lateEnv?: () => Promise<Record<string, string>>;
  /** Told that a process with this `REDLINE_INSTANCE` is dead while the others live, before it is started again. */
  died?: (instance: string) => void;
  /** Told when the process says that nobody uses it. */
  idle?: () => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A process that lived this long has recovered. */
const RECOVERED_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 3_000;

export class StartFailed extends Error {
  override readonly name = "StartFailed";
}

export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private ready: Ready | undefined;
  private readonly backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private instance = "";
  private lastRestart: Promise<void> = Promise.resolve();

  constructor(
    private readonly plan: ProcessPlan,
    private readonly say: (sentence: string) => void,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves with the process's own line. @throws {StartFailed} when it ends before; it said why on stderr. */
  async start(): Promise<Ready> {
    const { plan } = this;
    const startedAt = Date.now();
    this.instance = randomUUID();
    const child = spawn(process.execPath, [...(plan.nodeFlags ?? []), plan.entry], {
      env: { ...process.env, ...plan.env(this.ready), REDLINE_INSTANCE: this.instance },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      // Ctrl-C reaches the launcher alone, which then ends the others in the order that loses nothing.
      detached: true,
    });
    this.child = child;
    child.on("message", (message) => {
      if ((message as { idle?: true }).idle) plan.idle?.();
    });
    void plan.lateEnv?.().then(
      (env) => child.connected && child.send({ env }),
      // The process that was waited for failed to start, and says so itself.
      () => undefined,
    );
    return new Promise((resolve, reject) => {
      let isReady = false;
      if (child.stdout) {
        createInterface({ input: child.stdout }).on("line", (line) => {
          const ready = isReady ? undefined : parseReady(line);
          if (!ready) {
            process.stdout.write(`${line}\n`);
            return;
          }
          isReady = true;
          this.ready = ready;
          resolve(ready);
        });
      }
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        if (this.isStopping) return;
        if (!isReady) reject(new StartFailed(`The ${plan.name} process did not start.`));
        else this.recover(signal ?? `code ${code}`, Date.now() - startedAt);
      });
    });
  }

  /** Ends it, by force after three seconds, for good. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.end();
  }

  /**
   * Ends it and starts it again, as when its code changed. Restarts requested meanwhile follow one another. Never rejects: code
   * that can't start is said, and stays ended until the next restart.
   */
  restart(): Promise<void> {
    this.lastRestart = this.lastRestart.then(() => this.restartNow()).catch((error) => this.say(error.message));
    return this.lastRestart;
  }

  private async restartNow(): Promise<void> {
    this.isStopping = true;
    await this.end();
    this.plan.died?.(this.instance);
    this.isStopping = false;
    await this.start();
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  }

  private recover(reason: string, livedMs: number): void {
    this.plan.died?.(this.instance);
    if (livedMs > RECOVERED_AFTER_MS) this.backoff.reset();
    const pause = this.backoff.nextMs();
    this.say(`The ${this.plan.name} process ended (${reason}). Starting it again in ${pause / 1000} s.`);
    this.timer = setTimeout(() => {
      this.start().then(
        () => this.say(`The ${this.plan.name} process is back.`),
        () => this.recover("it did not start", 0),
      );
    }, pause);
  }
}

function parseReady(line: string): Ready | undefined {
  if (!line.startsWith('{"ready":true')) return undefined;
  const { ready: _, ...addresses } = JSON.parse(line) as Record<string, string>;
  return addresses;
}
