/** Tells the laptop's CloudWatch what a process measured, a moment later and together. */
import { Agent, request as httpRequest } from "node:http";
import { signedHeaders } from "../credentials";
import { MEASURED_PATH, type Sample } from "./series";

const TOGETHER_MS = 250;
const TOLD_WITHIN_MS = 2_000;
/** Maximum number of samples buffered while the cloud is unavailable. */
const MOST_KEPT = 2_000;

export class Reporter {
  private samples: Sample[] = [];
  private readonly agent = new Agent({ keepAlive: true });
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
    if (this.samples.length > 2 * MOST_KEPT) this.samples = this.samples.slice(-MOST_KEPT);
    this.timer ??= setTimeout(() => void this.send(), TOGETHER_MS).unref();
  }

  /** Sends what waits. What can't be sent now is sent with what comes next. */
  async send(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.samples;
    if (batch.length === 0) return;
    this.samples = [];
    try {
      await this.post(JSON.stringify(batch));
    } catch {
      this.samples = [...batch, ...this.samples].slice(-MOST_KEPT);
    }
  }

  /** Not with `fetch`, which would be loaded for this alone. */
  private post(body: string): Promise<void> {
    const url = `${this.endpoint}${MEASURED_PATH}`;
    const signed = signedHeaders({ service: "monitoring", method: "POST", url, body });
    const headers = { ...signed, "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const options = { method: "POST", headers, agent: this.agent, timeout: TOLD_WITHIN_MS };
      const request = httpRequest(url, options, (response) => {
        response.resume().once("error", reject);
        response.once("end", () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`The laptop's CloudWatch responded with ${response.statusCode}.`));
        });
      });
      request.once("timeout", () => request.destroy(new Error("The laptop's CloudWatch did not respond in time.")));
      request.once("error", reject);
      request.end(body);
    });
  }
}
