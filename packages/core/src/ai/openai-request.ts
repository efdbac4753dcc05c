/** Our messages as `POST /chat/completions` takes them. */
import { unsupportedParams } from "./openai-capabilities";
import type { AdapterRequest } from "./port";
import type { ModelMessage, ModelRoute, ToolCall } from "./schema";

/** Without what the server was found to refuse. */
export function openAiBody(route: ModelRoute, model: string, request: AdapterRequest): Record<string, unknown> {
  const refused = unsupportedParams(route);
  const { system, messages, tools, mustCall, maxOutputTokens } = request;
  return {
    model,
    messages: [...(system ? [{ role: "system", content: system }] : []), ...messages.flatMap(openAiMessages)],
    stream: true,
    [refused.has("maxTokens") ? "max_completion_tokens" : "max_tokens"]: maxOutputTokens,
    ...(!refused.has("streamOptions") && { stream_options: { include_usage: true } }),
    ...(route.temperature !== undefined && !refused.has("temperature") && { temperature: route.temperature }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: "function",
        function: { name, description, parameters: inputSchema },
      })),
      ...(mustCall && !refused.has("toolChoice") && { tool_choice: "required" }),
    }),
  };
}

function openAiMessages(message: ModelMessage): object[] {
  if (message.role === "tool") {
    return message.results.map(({ callId, text, isError }) => ({
      role: "tool",
      tool_call_id: callId,
      content: isError ? `Error: ${text}` : text,
    }));
  }
  if (message.role === "user" || !message.toolCalls?.length) return [{ role: message.role, content: message.text }];
  return [{ role: "assistant", content: message.text || null, tool_calls: message.toolCalls.map(openAiToolCall) }];
}

const openAiToolCall = ({ id, name, input }: ToolCall) => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(input ?? {}) },
});
