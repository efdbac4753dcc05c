/** Models on Bedrock, through `ConverseStream`. */
import {
  BedrockRuntimeClient,
  type TokenUsage as BedrockUsage,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { bedrockFault } from "./bedrock-faults";
import { bedrockInput } from "./bedrock-request";
import { TrailingUsageTimeout } from "./close-after-answer";
import { cutOff, malformedAnswer } from "./fault";
import { toolCallOf } from "./messages";
import type { AdapterEvent, AdapterRequest } from "./port";
import type { ModelRoute, StopReason, TokenUsage } from "./schema";

/**
 * Yields one answer. Leaving the loop does not close the stream; aborting `request.signal` does, so a consumer that
 * leaves must abort. Throws a ModelFault; after an abort it ends or throws, whichever comes first.
 */
export async function* askBedrock(
  route: ModelRoute,
  modelId: string,
  request: AdapterRequest,
): AsyncGenerator<AdapterEvent> {
  const who = `Bedrock (${modelId})`;
  let hasBegun = false;
  let stop: string | undefined;
  const blocks: ToolBlocks = new Map();
  const usageTimeout = new TrailingUsageTimeout(request.signal);
  try {
    const { stream } = await converse(route, modelId, { ...request, signal: usageTimeout.signal });
    hasBegun = true;
    request.onSignOfLife();
    for await (const event of stream ?? []) {
      request.onSignOfLife();
      yield* eventsOf(event, blocks);
      if (event.messageStop) {
        stop = event.messageStop.stopReason ?? "end_turn";
        usageTimeout.answerEnded();
      }
      if (event.metadata?.usage) {
        yield { type: "usage", usage: parseBedrockUsage(event.metadata.usage) };
        break;
      }
    }
  } catch (error) {
    // An error after the end of the answer does not affect it.
    if (stop === undefined) throw bedrockFault(error, modelId, hasBegun);
  } finally {
    usageTimeout.done();
  }
  // The SDK ends in silence when the connection is cut.
  if (stop === undefined) throw cutOff(who);
  if (stop.startsWith("malformed_")) throw malformedAnswer(who, `an answer that it calls malformed itself (${stop})`);
  yield { type: "done", reason: STOP_REASONS.get(stop) ?? "end" };
}

/** Models that turned out to take no cache points. */
const withoutCache = new Set<string>();

/** Asks once, and again without cache points where the model turns out to take none. */
async function converse(route: ModelRoute, modelId: string, request: AdapterRequest) {
  const hasCachePoints = route.cachePoints && !withoutCache.has(modelId);
  const command = new ConverseStreamCommand(bedrockInput(route, modelId, request, hasCachePoints));
  try {
    return await client().send(command, { abortSignal: request.signal });
  } catch (error) {
    if (!hasCachePoints || !(error instanceof Error) || !refusesCachePoints(error)) throw error;
    withoutCache.add(modelId);
    return converse(route, modelId, request);
  }
}

const refusesCachePoints = ({ name, message }: Error): boolean =>
  /^(ValidationException|AccessDeniedException)$/.test(name) && /cach(e|ing)/i.test(message);

/** Calls of tools whose input is still coming, by their place in the answer. */
type ToolBlocks = Map<number, { id: string; name: string; json: string }>;

function* eventsOf(
  { contentBlockStart, contentBlockDelta, contentBlockStop, messageStop }: ConverseStreamOutput,
  blocks: ToolBlocks,
): Generator<AdapterEvent> {
  const { toolUse } = contentBlockStart?.start ?? {};
  if (toolUse) {
    const { toolUseId = "", name = "" } = toolUse;
    blocks.set(contentBlockStart?.contentBlockIndex ?? 0, { id: toolUseId, name, json: "" });
    yield { type: "progress", of: "call", chars: name.length };
  }
  const delta = contentBlockDelta?.delta;
  if (delta?.text) yield { type: "text", text: delta.text };
  if (delta?.reasoningContent) {
    yield { type: "progress", of: "thought", chars: delta.reasoningContent.text?.length ?? 0 };
  }
  if (delta?.toolUse?.input) {
    const block = blocks.get(contentBlockDelta?.contentBlockIndex ?? 0);
    if (block) block.json += delta.toolUse.input;
    yield { type: "progress", of: "call", chars: delta.toolUse.input.length };
  }
  if (contentBlockStop) yield* endOf([contentBlockStop.contentBlockIndex ?? 0], blocks);
  // Gateways that speak for Bedrock may forget to close a block.
  if (messageStop) yield* endOf([...blocks.keys()], blocks);
}

function* endOf(indices: readonly number[], blocks: ToolBlocks): Generator<AdapterEvent> {
  for (const index of indices) {
    const block = blocks.get(index);
    if (block) yield { type: "toolCall", call: toolCallOf(block.id, block.name, block.json) };
    blocks.delete(index);
  }
}

const STOP_REASONS = new Map<string, StopReason>(
  Object.entries({
    end_turn: "end",
    stop_sequence: "end",
    tool_use: "tools",
    max_tokens: "length",
    model_context_window_exceeded: "contextFull",
    content_filtered: "refusal",
    guardrail_intervened: "refusal",
  }),
);

/** Bedrock counts what it read from or wrote to its cache beside the input. */
function parseBedrockUsage(usage: BedrockUsage): TokenUsage {
  const { inputTokens = 0, outputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  return {
    inputTokens: inputTokens + cacheReadInputTokens + cacheWriteInputTokens,
    outputTokens,
    cachedTokens: cacheReadInputTokens,
    ...(cacheWriteInputTokens > 0 && { cacheWriteTokens: cacheWriteInputTokens }),
    estimated: false,
  };
}

let made: { key: string; client: BedrockRuntimeClient } | undefined;

/** The SDK finds endpoint, region and credentials by its own rules; attempts are the router's to make. */
function client(): BedrockRuntimeClient {
  const { AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE } = process.env;
  const key = JSON.stringify([AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE]);
  if (made?.key !== key) made = { key, client: new BedrockRuntimeClient({ maxAttempts: 1 }) };
  return made.client;
}
