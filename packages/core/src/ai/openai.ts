/** Models behind any server that speaks OpenAI's `POST /chat/completions`: Ollama, llama.cpp, vLLM and their like. */
import { type DirectResponse, fetchDirect } from "../platform/http";
import { TrailingUsageTimeout } from "./close-after-answer";
import { cutOff, malformedAnswer } from "./fault";
import { renderToolMessagesAsText } from "./messages";
import { modelKey } from "./model-key";
import { markUnsupported, refusesTools, unsupportedParams } from "./openai-capabilities";
import { type Chunk, ChunkReader } from "./openai-chunks";
import { connectionFault, openAiFault, refusedPart, wordsIn, wordsOf } from "./openai-faults";
import { lookAtServer } from "./openai-probe";
import { openAiBody } from "./openai-request";
import type { AdapterEvent, AdapterRequest } from "./port";
import type { ModelRoute } from "./schema";
import { sseData } from "./sse";

type Provider = Extract<ModelRoute["provider"], { kind: "openai" }>;

/**
 * Yields one answer. Aborting `request.signal` closes the connection. Throws a ModelFault; after an abort it ends or
 * throws, whichever comes first.
 */
export async function* askOpenAi(
  route: ModelRoute,
  provider: Provider,
  request: AdapterRequest,
): AsyncGenerator<AdapterEvent> {
  const server = describeServer(provider);
  let hasBegun = false;
  const reader = new ChunkReader();
  const usageTimeout = new TrailingUsageTimeout(request.signal);
  try {
    if (request.tools.length > 0) await lookAtServer(route, usageTimeout.signal);
    const response = await post(route, provider, { ...request, signal: usageTimeout.signal });
    hasBegun = true;
    request.onSignOfLife();
    if (response.header("content-type")?.includes("application/json")) {
      yield* readChunk(reader, await response.text(), server, true);
      // A whole answer is whole, whatever reason it gives.
      reader.finish ??= "stop";
    } else {
      const bytes = heard(response.bytes(), request.onSignOfLife);
      yield* readStream(reader, bytes, server, usageTimeout);
    }
  } catch (error) {
    // An error after the end of the answer does not affect it.
    if (reader.finish === undefined) throw connectionFault(server, error, hasBegun);
  } finally {
    usageTimeout.done();
  }
  if (reader.finish === undefined) throw cutOff(server.who);
  yield* reader.end();
}

async function* readStream(
  reader: ChunkReader,
  bytes: AsyncIterable<Uint8Array>,
  server: ReturnType<typeof describeServer>,
  usageTimeout: TrailingUsageTimeout,
): AsyncGenerator<AdapterEvent> {
  for await (const { data, isCut } of sseData(bytes)) {
    if (data.trim() === "[DONE]") {
      // A server that says so has ended its answer, though it may not have said why.
      reader.finish ??= "stop";
      return;
    }
    if (isCut && !isJson(data)) return;
    yield* readChunk(reader, data, server, false);
    if (reader.finish !== undefined) usageTimeout.answerEnded();
  }
}

function* readChunk(
  reader: ChunkReader,
  data: string,
  server: ReturnType<typeof describeServer>,
  isWhole: boolean,
): Generator<AdapterEvent> {
  let chunk: Chunk & { object?: string };
  try {
    chunk = JSON.parse(data) as Chunk;
  } catch (error) {
    throw malformedAnswer(server.who, "something that is not JSON", error);
  }
  if (chunk === null || typeof chunk !== "object") throw malformedAnswer(server.who, "something that is no answer");
  if (chunk.error || chunk.object === "error") {
    const { code } = (chunk.error ?? chunk) as { code?: unknown };
    throw openAiFault(server, typeof code === "number" ? code : 0, wordsIn(chunk), { hasBegun: true });
  }
  if (isWhole && !chunk.choices?.length) throw malformedAnswer(server.who, "an answer without a choice");
  yield* reader.take(chunk);
}

/** Asks once, and again without each optional part that the server turns out to refuse. */
async function post(route: ModelRoute, provider: Provider, request: AdapterRequest): Promise<DirectResponse> {
  const server = describeServer(provider);
  for (;;) {
    const headers = {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(server.key && { authorization: `Bearer ${server.key}` }),
    };
    const sent = openAiBody(route, provider.model, fitting(route, request));
    const body = JSON.stringify(sent);
    const response = await fetchDirect(
      `${provider.baseUrl}/chat/completions`,
      { method: "POST", headers, body },
      request.signal,
    );
    if (response.ok) return response;
    const words = wordsOf(await response.text());
    const part = refusedPart(response.status, words.said, "tool_choice" in sent);
    if (!part || unsupportedParams(route).has(part)) {
      throw openAiFault(server, response.status, words, { retryAfter: response.header("retry-after") });
    }
    markUnsupported(route, part);
  }
}

type ToolRequest = Pick<AdapterRequest, "system" | "systemWithoutTools" | "messages" | "tools">;

/** For servers without tool calling, tools are described in the prompt. */
const fitting = (route: ModelRoute, request: AdapterRequest): AdapterRequest =>
  refusesTools(route) ? withoutTools(request) : request;

export const withoutTools = <R extends ToolRequest>(request: R): R => ({
  ...request,
  system: request.systemWithoutTools ?? request.system,
  messages: renderToolMessagesAsText(request.messages),
  tools: [],
});

function describeServer({ baseUrl, model, keyVariable }: Provider) {
  const key = modelKey(keyVariable);
  return { who: `${model} at ${new URL(baseUrl).host}`, endpoint: baseUrl, model, key, keyVariable };
}

/** Every byte is a sign that the server works on the call: comments, too, which llama.cpp sends while it reads. */
async function* heard(bytes: AsyncIterable<Uint8Array>, onSign: () => void): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    onSign();
    yield part;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
