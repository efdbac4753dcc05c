/** The outside of a Lambda execution environment: the runtime API, with one process of the function's bundle behind it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Ric } from "./ric";

const RUNTIME = fileURLToPath(new URL("./runtime.mjs", import.meta.url));
const PRELUDE_END = "\0".repeat(8);

export type FunctionPlan = {
  name: string;
  root: string;
  handler: string;
  env: Record<string, string>;
  /** AWS's own runtime client, in place of ours. */
  ric?: Ric;
};

/** A streamed answer: what the function said of it, and its body with the moment each part came, in ms since the call. */
export type Streamed = { statusCode: number; headers: Record<string, string>; cookies: string[]; parts: Part[] };
export type Part = { atMs: number; text: string };

type Invocation = {
  id: string;
  event: unknown;
  trace?: string;
  resolve: (response: IncomingMessage) => void;
  reject: (e: Error) => void;
};

export class LambdaStandIn {
  private waiting: Invocation[] = [];
  private idle: ((invocation: Invocation) => void)[] = [];
  private underWay = new Map<string, Invocation>();
  private child: ChildProcess | undefined;
  private said = "";
  private ended: Error | undefined;
  /** The time in ms that the bundle took to load. */
  initMs = 0;

  private constructor(private readonly server = createServer()) {}

  /** Starts the function's process and waits until its code is loaded. */
  static async start({ name, root, handler, env, ric }: FunctionPlan): Promise<LambdaStandIn> {
    const standIn = new LambdaStandIn();
    const { server } = standIn;
    server.keepAliveTimeout = 600_000;
    const ready = new Promise<number>((resolve) => {
      server.on("request", (request, response) => void standIn.serve(request, response, resolve));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const [node, runtime] = ric ? [ric.node, ric.client] : [process.execPath, RUNTIME];
    const startedAt = performance.now();
    const child = spawn(node, [runtime, handler], {
      // Nothing of ours: a function has what its stage gives it.
      env: {
        ...env,
        NODE_ENV: "production",
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: "1",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: "1",
        LAMBDA_TASK_ROOT: root,
        _HANDLER: handler,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    standIn.child = child;
    for (const output of [child.stdout, child.stderr]) output?.on("data", (data) => (standIn.said += data));
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`${name} ended with ${code ?? signal}: ${standIn.said}`);
    });
    ended.catch((error) => {
      standIn.ended = error;
      for (const invocation of standIn.underWay.values()) invocation.reject(error);
    });
    standIn.initMs = await Promise.race([ready, ended]);
    // AWS's client says no more than that it wants its first event.
    standIn.initMs ||= performance.now() - startedAt;
    return standIn;
  }

  /** The most memory that its process ever had, in MB; undefined where the system does not say. */
  get peakMb(): number | undefined {
    try {
      const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.child?.pid}/status`, "utf8")) ?? [];
      return kb === undefined ? undefined : Math.round(Number(kb) / 1024);
    } catch {
      return undefined;
    }
  }

  /** The function's log output. */
  get log(): string {
    return this.said;
  }

  /** `trace` as Lambda tells a function of the trace that the invocation belongs to. */
  async invoke<R>(event: unknown, trace?: string): Promise<R> {
    const response = await this.send(event, trace);
    let body = "";
    for await (const chunk of response) body += chunk;
    return JSON.parse(body) as R;
  }

  /** Calls a function that streams; `onPart` sees each part as it comes. */
  async stream(event: unknown, onPart: (part: Part) => void = () => undefined, trace?: string): Promise<Streamed> {
    const startedAt = performance.now();
    const response = await this.send(event, trace);
    let prelude = "";
    let about: Omit<Streamed, "parts"> | undefined;
    const parts: Part[] = [];
    for await (const chunk of response.setEncoding("utf8")) {
      let text = String(chunk);
      if (!about) {
        prelude += text;
        const end = prelude.indexOf(PRELUDE_END);
        if (end < 0) continue;
        about = JSON.parse(prelude.slice(0, end));
        text = prelude.slice(end + PRELUDE_END.length);
      }
      if (text === "") continue;
      const part = { atMs: performance.now() - startedAt, text };
      parts.push(part);
      onPart(part);
    }
    if (!about) throw new Error(`The function said nothing of its response: ${prelude}`);
    return { ...about, parts };
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    this.server.closeAllConnections();
    this.server.close();
  }

  private send(event: unknown, trace?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      const invocation = { id: randomUUID(), event, trace, resolve, reject };
      const next = this.idle.shift();
      if (next) next(invocation);
      else this.waiting.push(invocation);
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse, onReady: (initMs: number) => void) {
    const path = request.url ?? "";
    if (path.endsWith("/ready")) {
      let initMs = "";
      for await (const chunk of request) initMs += chunk;
      response.end();
      onReady(Number(initMs));
      return;
    }
    if (path.endsWith("/init/error")) {
      for await (const chunk of request) this.said += chunk;
      response.writeHead(202).end("{}");
      return;
    }
    if (path.endsWith("/invocation/next")) {
      onReady(0);
      const give = (invocation: Invocation) => {
        this.underWay.set(invocation.id, invocation);
        // AWS's client ends its process when the response has no type.
        response.setHeader("content-type", "application/json");
        response.setHeader("lambda-runtime-aws-request-id", invocation.id);
        response.setHeader("lambda-runtime-deadline-ms", String(Date.now() + 60_000));
        response.setHeader("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:f");
        if (invocation.trace) response.setHeader("lambda-runtime-trace-id", invocation.trace);
        response.end(JSON.stringify(invocation.event));
      };
      const invocation = this.waiting.shift();
      if (invocation) give(invocation);
      else this.idle.push(give);
      return;
    }
    const [, id = "", kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = this.underWay.get(id);
    this.underWay.delete(id);
    if (kind === "error") {
      let body = "";
      for await (const chunk of request) body += chunk;
      invocation?.reject(new Error(body));
      response.end();
    } else {
      invocation?.resolve(request);
      request.once("end", () => response.end());
    }
  }
}
