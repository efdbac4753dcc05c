/** Tells the laptop's CloudWatch what a process measured, a moment later and together. */
import { INTERNAL_HEADERS } from "../credentials";
import { MEASURED_PATH, type Sample } from "./series";

const TOGETHER_MS = 250;
/** What is kept while the cloud is away. */
const MOST_KEPT = 2_000;

export class Reporter {
  private samples: Sample[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param endpoint of the laptop's CloudWatch; nothing is told without one */
  constructor(private readonly endpoint: string | undefined) {}

  /** One invocation of a function, with what Lambda measures of it. */
  invoked(functionName: string, { isFailure, durationMs }: { isFailure: boolean; durationMs: number }): void {
    this.measure(
      "AWS/Lambda",
      { FunctionName: functionName },
      {
        ...{ Invocations: 1, Errors: isFailure ? 1 : 0, Throttles: 0, Duration: Math.round(durationMs) },
      },
    );
  }

  measure(namespace: string, dimensions: Record<string, string>, values: Record<string, number>): void {
    if (!this.endpoint) return;
    const atMs = Date.now();
    for (const [name, value] of Object.entries(values)) this.samples.push({ namespace, name, dimensions, value, atMs });
    this.samples = this.samples.slice(-MOST_KEPT);
    this.timer ??= setTimeout(() => void this.tell(), TOGETHER_MS).unref();
  }

  /** Sends what waits. What can't be sent now is sent with what comes next. */
  async tell(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const told = this.samples;
    if (told.length === 0) return;
    this.samples = [];
    try {
      const body = JSON.stringify(told);
      const response = await fetch(`${this.endpoint}${MEASURED_PATH}`, {
        ...{ method: "POST", headers: INTERNAL_HEADERS, body, signal: AbortSignal.timeout(2_000) },
      });
      if (!response.ok) throw new Error(`The laptop's CloudWatch answered ${response.status}.`);
    } catch {
      this.samples = [...told, ...this.samples].slice(-MOST_KEPT);
    }
  }
}
