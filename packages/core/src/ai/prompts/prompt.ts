import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import { estimateTokens, type ModelMessage } from "../schema";

/**
 * What a model is asked. `version` goes into the ledger; words never change under the same version.
 * `systemWithoutTools` is for a model that turns out to take no tools.
 */
export type Prompt = { version: string; system: string; systemWithoutTools?: string; messages: ModelMessage[] };

/** How a prompt is sent: whether the model may call tools, and what the user or the team wants of every answer. */
export type PromptOptions = {
  hasTools: boolean;
  instructions?: string;
  /** For tests; else drawn for each call. */
  boundary?: string;
};

/** Paragraphs of a system prompt; custom instructions come last, and no more of them than their limit. */
export function systemPrompt(paragraphs: readonly string[], instructions: string | undefined): string {
  const own = instructions?.trim().slice(0, LIMITS.model.instructionsChars).trim();
  const last = own
    ? [`Wishes of the person you answer, to follow where they do not contradict the above:\n${own}`]
    : [];
  return [...paragraphs, ...last].join("\n\n");
}

/** One message per turn, as models expect: neighbours of the same side become one. */
export function asTurns(messages: readonly { role: "user" | "assistant"; text: string }[]): ModelMessage[] {
  const turns: { role: "user" | "assistant"; text: string }[] = [];
  for (const { role, text } of messages) {
    const last = turns[turns.length - 1];
    if (last?.role === role) last.text += `\n\n${text}`;
    else turns.push({ role, text });
  }
  return turns;
}

export const promptTokens = ({ system, messages }: Prompt): number =>
  estimateTokens(system) +
  messages.reduce((sum, message) => sum + ("text" in message ? estimateTokens(message.text) : 0), 0);

/** The hard stop of limits.md. Throws TOKEN_LIMIT_EXCEEDED. */
export function refuseTooLong(prompt: Prompt): Prompt {
  const tokens = promptTokens(prompt);
  if (tokens <= LIMITS.model.maxInputTokens) return prompt;
  throw new AppError(
    "TOKEN_LIMIT_EXCEEDED",
    `This is too long for a model (about ${tokens.toLocaleString("en")} of at most ${LIMITS.model.maxInputTokens.toLocaleString("en")} tokens). Nothing was sent. Select a smaller block and ask again.`,
  );
}
