import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import type { FileContext, Room } from "../context";
import type { ModelMessage } from "../schema";
import { MESSAGE_TOKENS } from "../tokens";

/**
 * A model's prompt. `version` goes into the ledger; words never change under the same version.
 * `systemWithoutTools` is for a model that turns out to take no tools. What changes least comes first, so that a server
 * that keeps what it has read need not read it again: the system prompt, the material, the history, the question.
 */
export type Prompt = {
  version: string;
  system: string;
  systemWithoutTools?: string;
  messages: ModelMessage[];
  /** The part of the file in question that is shown. */
  context?: FileContext;
};

/** Options of a prompt: whether the model may call tools, and the instructions of the user or the team for every answer. */
export type PromptOptions = {
  hasTools: boolean;
  instructions?: string;
  /** See `generateBoundary`: the same in every prompt of a conversation. */
  boundary: string;
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
export function asTurns(messages: readonly { role: "user" | "assistant"; text: string; stableChars?: number }[]) {
  const turns: { role: "user" | "assistant"; text: string; stableChars?: number }[] = [];
  for (const { role, text, stableChars } of messages) {
    const last = turns[turns.length - 1];
    if (last?.role === role) last.text += `\n\n${text}`;
    else turns.push({ role, text, ...(stableChars !== undefined && { stableChars }) });
  }
  return turns satisfies ModelMessage[];
}

export const promptTokens = ({ system, messages }: Pick<Prompt, "system" | "messages">, room: Room): number =>
  room.tokensOf(system) +
  messages.reduce((sum, message) => sum + MESSAGE_TOKENS + ("text" in message ? room.tokensOf(message.text) : 0), 0);

/** Throws TOKEN_LIMIT_EXCEEDED for a prompt that has more tokens than there is room for. */
export function refuseTooLong<P extends Prompt>(prompt: P, room: Room): P {
  const tokens = promptTokens(prompt, room);
  if (tokens <= room.tokens) return prompt;
  throw new AppError(
    "TOKEN_LIMIT_EXCEEDED",
    `This is too long for the model (about ${tokens.toLocaleString("en")} of at most ${Math.max(0, room.tokens).toLocaleString("en")} tokens). Nothing was sent. Select a smaller block and ask again.`,
  );
}
