/**
 * A model's server for tests: the real wire of Bedrock (HTTP/2 event stream) and of OpenAI-compatible servers, answering
 * what a test scripts, with every fault a model can have.
 */
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { BedrockWire, heardByBedrock, partsOfBedrock } from "./bedrock";
import { type ContextOptions, pastContext } from "./context";
import { LlamaCpp, type LlamaCppOptions } from "./llama-cpp";
import { heardByOpenAi, OpenAiWire, partsOfOpenAi } from "./openai";
import { play, type Wire } from "./play";
import { PrefixCache, type PrefixCacheOptions } from "./prefix-cache";
import { type Call, type Heard, type Protocol, type Script, type ScriptedAnswer, tokensOf } from "./script";

export { type Call, FAULTS, type Script, type ScriptedAnswer } from "./script";

export type ModelServerOptions = {
  /** Of the OpenAI protocol; Bedrock's has one of its own. 0: a free one. */
  port?: number;
  bedrockPort?: number;
  /** The OpenAI server knows no tools: refuses a request that has them with 400, or takes no notice. */
  withoutTools?: "refused" | "ignored";
  /** The OpenAI server refuses `stream_options` with 400. */
  withoutStreamOptions?: boolean;
  /** The OpenAI server is llama.cpp's. */
  llamaCpp?: LlamaCppOptions;
  /** The OpenAI server is Ollama's: it has `/api/ps`, and no header comes before the first word. */
  ollama?: boolean;
  /**
   * Caches prompts' prefixes, and counts them as Bedrock and OpenAI do; Bedrock's only up to the points that request it.
   */
  prefixCache?: PrefixCacheOptions;
  /** The model holds no more than this. */
  context?: ContextOptions;
};

export const TEST_MODEL = "test-model";
export const TEST_MODEL_KEY = "key-of-the-test-model";

export class ModelServer {
  /** Every request that came, in order: also those that were throttled or refused. */
  readonly requests: Call[] = [];
  readonly urls = { bedrock: "", openai: "" };
  /** Set where the OpenAI server is llama.cpp's. */
  readonly llamaCpp?: LlamaCpp;
  private queue: ScriptedAnswer[] = [];
  private fallback: Script = echo;
  private throttled: { share: number } | { count: number } = { count: 0 };
  private readonly sockets = new Set<Socket>();
  private readonly stopping = new AbortController();
  private readonly openai = createHttpServer((request, response) => this.receive("openai", request, response));
  private readonly bedrock = createHttp2Server({}, (request, response) => this.receive("bedrock", request, response));

  private cache: PrefixCache | undefined;

  constructor(readonly options: ModelServerOptions) {
    if (options.llamaCpp) this.llamaCpp = new LlamaCpp(options.llamaCpp);
    this.forget();
  }

  /** Forgets what was read, as a server that was started anew. */
  forget(): void {
    this.cache = this.options.prefixCache && new PrefixCache(this.options.prefixCache);
  }

  /** Requests that reached the model: not those refused or throttled before it. */
  get calls(): Call[] {
    return this.requests.filter(({ outcome }) => outcome !== "throttled" && outcome !== "refused");
  }

  /** Calls that the caller left before their end. */
  get abandoned(): Call[] {
    return this.requests.filter(({ outcome }) => outcome === "abandoned");
  }

  /**
   * The environment that points Redline at this server. `settings` are a routing table's: price, contextTokens, tools,
   * silentSeconds.
   */
  env(protocol: Protocol, settings?: Record<string, unknown>): Record<string, string> {
    const model = protocol === "openai" ? `openai:${this.urls.openai}/v1#${TEST_MODEL}` : `bedrock:${TEST_MODEL}`;
    const REDLINE_MODELS = settings ? JSON.stringify({ default: [{ model, ...settings }] }) : "";
    if (protocol === "openai") return { REDLINE_MODEL: model, REDLINE_MODELS, REDLINE_MODEL_KEY: TEST_MODEL_KEY };
    return {
      REDLINE_MODEL: model,
      REDLINE_MODELS,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: this.urls.bedrock,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  }

  /** Queues answers: each next request takes one. */
  answer(...answers: ScriptedAnswer[]): void {
    this.queue.push(...answers);
  }

  /** Answers requests for which nothing is queued. */
  script(script: Script): void {
    this.fallback = script;
  }

  /** Throttles this share of all further requests, evenly, or the next `count` of them; `{ count: 0 }` ends it. */
  throttle(throttled: { share: number } | { count: number }): void {
    this.throttled = throttled;
  }

  /** Forgets requests and everything scripted. */
  reset(): void {
    this.requests.length = 0;
    this.queue = [];
    this.throttled = { count: 0 };
    this.script(echo);
    this.forget();
  }

  async start(): Promise<this> {
    for (const [protocol, server, port] of [
      ["openai", this.openai, this.options.port ?? 0],
      ["bedrock", this.bedrock, this.options.bedrockPort ?? 0],
    ] as const) {
      server.on("connection", (socket: Socket) => {
        this.sockets.add(socket);
        socket.once("close", () => this.sockets.delete(socket));
      });
      // A caller that leaves resets its connection: that is its right.
      server.on("sessionError", () => undefined);
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      this.urls[protocol] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
    return this;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const closed = [this.openai, this.bedrock].map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  private receive(protocol: "openai", request: IncomingMessage, response: ServerResponse): void;
  private receive(protocol: "bedrock", request: Http2ServerRequest, response: Http2ServerResponse): void;
  private receive(
    protocol: Protocol,
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    response.on("error", () => gone.abort());
    this.respond(protocol, request, response, AbortSignal.any([gone.signal, this.stopping.signal])).catch((error) => {
      process.stderr.write(`The model server failed: ${error instanceof Error ? error.stack : error}\n`);
      response.destroy();
    });
  }

  private async respond(
    protocol: Protocol,
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    left: AbortSignal,
  ): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts).toString();
    if (protocol === "openai" && (request.method === "GET" || this.llamaCpp?.isLoading)) {
      return this.tell(request.url ?? "", response as ServerResponse);
    }
    const body = JSON.parse(bytes || "{}") as Record<string, unknown>;
    const path = request.url ?? "";
    const heard = protocol === "bedrock" ? heardByBedrock(path, body) : heardByOpenAi(path, body);
    const wire =
      protocol === "bedrock"
        ? new BedrockWire(response as Http2ServerResponse, left)
        : new OpenAiWire(response as ServerResponse, left, heard?.model ?? "");
    if (!heard) return wire.error(404, undefined, `There is nothing at ${path}.`, {});
    const call = this.record(protocol, heard, request.headers, body, tokensOf(bytes));
    await this.playInTurn(wire, call);
  }

  /** llama.cpp begins with a call once a slot is free. */
  private async playInTurn(wire: Wire, call: Call): Promise<void> {
    if (!this.llamaCpp || call.protocol !== "openai") return this.play(wire, call);
    let freeSlot: () => void;
    try {
      freeSlot = await this.llamaCpp.takeSlot(wire.left);
    } catch {
      call.outcome = "abandoned";
      call.spent.inputTokens = 0;
      return;
    }
    try {
      await this.play(wire, call);
    } finally {
      freeSlot();
    }
  }

  private async play(wire: Wire, call: Call): Promise<void> {
    const read = call.protocol === "bedrock" ? partsOfBedrock(call.body) : partsOfOpenAi(call.body);
    const refusal = this.cache?.refusalOf(read);
    const answer = refusal ? refused(refusal) : await this.answerTo(call);
    const wait = (ms: number) => sleep(ms, undefined, { signal: wire.left });
    await play(wire, call, answer, async () => this.cache?.take(call, read, wait));
  }

  /** Describes the server; llama.cpp answers every request with its loading state while it loads its model. */
  private tell(path: string, response: ServerResponse): void {
    const told = this.options.ollama && path === "/api/ps" ? { models: [] } : this.llamaCpp?.tell(path);
    const isLoading = this.llamaCpp?.isLoading ?? false;
    const status = isLoading ? 503 : told === undefined ? 404 : 200;
    const error = isLoading
      ? { message: "Loading model", type: "unavailable_error", code: 503 }
      : { message: "File Not Found", type: "not_found_error", code: 404 };
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(status === 200 ? told : { error }));
  }

  private record(
    protocol: Protocol,
    heard: Heard,
    headers: Call["headers"],
    body: Record<string, unknown>,
    inputTokens: number,
  ): Call {
    const call: Call = {
      number: this.requests.length + 1,
      protocol,
      ...heard,
      headers,
      body,
      lastText: heard.messages.at(-1)?.text ?? "",
      outcome: "open",
      spent: { inputTokens, outputTokens: 0, cachedTokens: 0 },
    };
    this.requests.push(call);
    return call;
  }

  private async answerTo(call: Call): Promise<ScriptedAnswer> {
    const { withoutTools, withoutStreamOptions } = this.options;
    if (call.protocol === "openai") {
      if (withoutTools === "refused" && call.body.tools) return refused(`${call.model} does not support tools`);
      if (withoutStreamOptions && call.body.stream_options) return refused("Unknown parameter: 'stream_options'.");
    }
    const tooLong = this.options.context && pastContext(this.options.context, call);
    if (tooLong) return tooLong;
    if (this.isThrottled(call.number)) return { fault: { kind: "throttled" } };
    return this.queue.shift() ?? (await this.fallback(call));
  }

  private isThrottled(number: number): boolean {
    const { throttled } = this;
    if ("share" in throttled) return Math.floor(number * throttled.share) > Math.floor((number - 1) * throttled.share);
    if (throttled.count === 0) return false;
    throttled.count--;
    return true;
  }
}

const echo: Script = (call) => ({ text: `Answer ${call.number} to: ${call.lastText.slice(-200)}` });

const refused = (message: string): ScriptedAnswer => ({
  fault: { kind: "http", status: 400, type: "invalid_request_error", message },
});

/** Starts the server on free ports of this machine. */
export const startModelServer = (options: ModelServerOptions = {}): Promise<ModelServer> =>
  new ModelServer(options).start();
