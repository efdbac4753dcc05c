/** Our messages as Bedrock's Converse API takes them. */
import type {
  CachePointBlock,
  ContentBlock,
  ConverseStreamCommandInput,
  Message,
  Tool,
} from "@aws-sdk/client-bedrock-runtime";
import type { AdapterRequest } from "./port";
import type { ModelMessage, ModelRoute, ToolCall } from "./schema";

/** JSON as the SDK's types spell it. */
type Document = NonNullable<NonNullable<ContentBlock["toolUse"]>["input"]>;

/**
 * With `hasCachePoints`, what a later call may begin with as well is marked: the tools and the system prompt, the material,
 * the conversation up to the last question, and this one. Those are the four that Bedrock takes. A model's cache ignores
 * what is too short for it.
 */
export function bedrockInput(
  route: ModelRoute,
  modelId: string,
  request: AdapterRequest,
  hasCachePoints = false,
): ConverseStreamCommandInput {
  const { system, messages, tools, maxOutputTokens } = request;
  return {
    modelId,
    messages: bedrockMessages(messages, hasCachePoints),
    ...(system && { system: [{ text: system }, ...(hasCachePoints ? [CACHE_POINT] : [])] }),
    inferenceConfig: {
      maxTokens: maxOutputTokens,
      ...(route.temperature !== undefined && { temperature: route.temperature }),
    },
    ...(tools.length > 0 && {
      toolConfig: {
        tools: tools.map(
          ({ name, description, inputSchema }): Tool => ({
            toolSpec: { name, description, inputSchema: { json: inputSchema as Document } },
          }),
        ),
      },
    }),
  };
}

/** Bedrock wants sides that alternate, the user's first, and no blank text. */
function bedrockMessages(messages: readonly ModelMessage[], hasCachePoints: boolean): Message[] {
  const turns: { role: "user" | "assistant"; content: ContentBlock[] }[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = blocksOf(message, hasCachePoints);
    const last = turns.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", content: [{ text: "(The beginning is left out.)" }] });
  if (hasCachePoints) {
    for (const turn of turns.filter(({ role }) => role === "user").slice(-2)) turn.content.push(CACHE_POINT);
  }
  return turns;
}

const CACHE_POINT: { cachePoint: CachePointBlock } = { cachePoint: { type: "default" } };

function blocksOf(message: ModelMessage, hasCachePoints: boolean): ContentBlock[] {
  if (message.role === "tool") {
    return message.results.map(({ callId, text, isError }) => ({
      toolResult: {
        toolUseId: callId,
        content: [{ text: text.trim() ? text : "(nothing)" }],
        ...(isError && { status: "error" as const }),
      },
    }));
  }
  const stableChars = hasCachePoints && message.role === "user" ? (message.stableChars ?? 0) : 0;
  const parts = [message.text.slice(0, stableChars), message.text.slice(stableChars)];
  const [stable, rest] = parts.map((part): ContentBlock[] => (part.trim() ? [{ text: part }] : []));
  const text = [...(stable ?? []), ...(stable?.length && rest?.length ? [CACHE_POINT] : []), ...(rest ?? [])];
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
  return [...text, ...calls.map((call) => ({ toolUse: toolUseOf(call) }))];
}

const toolUseOf = ({ id, name, input }: ToolCall) => ({ toolUseId: id, name, input: (input ?? {}) as Document });
