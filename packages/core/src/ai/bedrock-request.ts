/** Our messages as Bedrock's Converse API takes them. */
import type { ContentBlock, ConverseStreamCommandInput, Message, Tool } from "@aws-sdk/client-bedrock-runtime";
import type { AdapterRequest } from "./port";
import type { ModelMessage, ModelRoute, ToolCall } from "./schema";

/** JSON as the SDK's types spell it. */
type Document = NonNullable<NonNullable<ContentBlock["toolUse"]>["input"]>;

export function bedrockInput(route: ModelRoute, modelId: string, request: AdapterRequest): ConverseStreamCommandInput {
  const { system, messages, tools, maxOutputTokens } = request;
  return {
    modelId,
    messages: bedrockMessages(messages),
    ...(system && { system: [{ text: system }] }),
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
function bedrockMessages(messages: readonly ModelMessage[]): Message[] {
  const turns: { role: "user" | "assistant"; content: ContentBlock[] }[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = blocksOf(message);
    const last = turns.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", content: [{ text: "(The beginning is left out.)" }] });
  return turns;
}

function blocksOf(message: ModelMessage): ContentBlock[] {
  if (message.role === "tool") {
    return message.results.map(({ callId, text, isError }) => ({
      toolResult: {
        toolUseId: callId,
        content: [{ text: text.trim() ? text : "(nothing)" }],
        ...(isError && { status: "error" as const }),
      },
    }));
  }
  const text: ContentBlock[] = message.text.trim() ? [{ text: message.text }] : [];
  const calls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
  return [...text, ...calls.map((call) => ({ toolUse: toolUseOf(call) }))];
}

const toolUseOf = ({ id, name, input }: ToolCall) => ({ toolUseId: id, name, input: (input ?? {}) as Document });
