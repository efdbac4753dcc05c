/** The functions by name, each loaded when it is first called. */
import { performance } from "node:perf_hooks";
import type { FunctionConfig } from "./functions";
import { type Handler, type Outcome, type ReportFailure, run } from "./handler";
import { InFlightTracker } from "./in-flight";

interface FunctionModule {
  handler: Handler;
  /** Gives up what runs, so that the next process goes on with it at once. */
  leave?(): Promise<void>;
}

/** Gives a function's module; called once a function, again only when it failed. */
export type LoadFunction = (name: string) => Promise<FunctionModule>;

/** Told of every invocation when it has ended. */
export type Invoked = (functionName: string, about: { isFailure: boolean; durationMs: number }) => void;

export class FunctionHost {
  readonly activity = new InFlightTracker();
  private readonly loaded = new Map<string, Promise<FunctionModule>>();

  constructor(
    readonly functions: FunctionConfig[],
    private readonly load: LoadFunction,
    private readonly report: ReportFailure = printFailure,
    private readonly invoked: Invoked = () => undefined,
  ) {}

  find(name: string): FunctionConfig | undefined {
    return this.functions.find((config) => config.name === name);
  }

  /** Never throws: a function that cannot be loaded has failed like one that throws. */
  invoke(config: FunctionConfig, event: unknown): Promise<Outcome> {
    const startedAt = performance.now();
    const running = run(config, async () => (await this.moduleOf(config.name)).handler, event, this.report).then(
      (outcome) => {
        this.invoked(config.name, { isFailure: !outcome.ok, durationMs: performance.now() - startedAt });
        return outcome;
      },
    );
    return this.activity.track(running);
  }

  /** Has every function give up what it is at. Rejects with the first error, when all were told. */
  async leave(): Promise<void> {
    const modules = await Promise.allSettled(this.loaded.values());
    const left = await Promise.allSettled(modules.map((each) => each.status === "fulfilled" && each.value.leave?.()));
    for (const each of left) if (each.status === "rejected") throw each.reason;
  }

  private moduleOf(name: string): Promise<FunctionModule> {
    const known = this.loaded.get(name);
    if (known) return known;
    const loading = this.load(name).then((module) => {
      if (typeof module.handler !== "function") throw new TypeError(`The function ${name} exports no handler.`);
      return module;
    });
    this.loaded.set(name, loading);
    loading.catch(() => this.loaded.delete(name));
    return loading;
  }
}

const printFailure: ReportFailure = (failure) =>
  process.stderr.write(`${JSON.stringify({ level: "error", message: "Function failed", ...failure })}\n`);
