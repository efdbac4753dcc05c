import type { ModelMessage, ToolCall } from "./schema";

/** A tool call's input from the JSON that a model wrote; what is not JSON is kept as it came. */
export function toolCallOf(id: string, name: string, json: string): ToolCall {
  const input = parseInput(json.trim() || "{}");
  return input === undefined ? { id, name, input: {}, malformed: json } : { id, name, input };
}

/** Some servers encode the arguments twice. */
function parseInput(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

/** Returns the conversation with tool calls and results as plain text, for a model without tool calling. */
export function renderToolMessagesAsText(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.map((message) => {
    if (message.role === "tool") {
      return { role: "user", text: message.results.map(({ text }) => text).join("\n\n") };
    }
    if (message.role === "user" || !message.toolCalls?.length) return message;
    const calls = message.toolCalls.map(({ name, input }) => `${name}: ${JSON.stringify(input)}`);
    return { role: "assistant", text: [message.text, ...calls].filter(Boolean).join("\n\n") };
  });
}

export const hasToolCalls = (messages: readonly ModelMessage[]): boolean =>
  messages.some((message) => message.role === "tool" || (message.role === "assistant" && message.toolCalls?.length));
