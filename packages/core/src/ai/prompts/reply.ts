import { LIMITS } from "../../limits";
import type { LineRange, Room } from "../context";
import { onOneLine, type PromptContext, renderPromptContext, showFiles } from "../prompt-context";
import { MESSAGE_TOKENS } from "../tokens";
import { asTurns, type Prompt, type PromptOptions, promptTokens, refuseTooLong, systemPrompt } from "./prompt";
import { CHANGE_BY_TOOL, CHANGE_IN_TEXT, materialRule, ROLE } from "./wording";

export const REPLY_VERSION = "reply@2";

export type MessageKind = "ask" | "explain" | "fix" | "refactor" | "document" | "test";

/**
 * A message of the thread. Words of others than the asker are shown to the model as material. `messageKind` is what the asker
 * wanted of the reviewer; a note has none. `number` is the message's own in its thread.
 */
export type PromptMessage = {
  by: "asker" | "other" | "reviewer";
  name: string;
  text: string;
  number: number;
  messageKind?: MessageKind;
};

export type ReplyPromptInput = PromptContext &
  PromptOptions & {
    /** The file that is asked about, and its lines. */
    path: string;
    selection?: LineRange;
    /** Oldest first; the last one is the question. */
    history: readonly PromptMessage[];
  };

const TASK: Record<MessageKind, string> = {
  ask: "Answer the question. Propose a change only where it helps with what was asked.",
  explain:
    "Explain the code: what it does, why it may be written like this, and what is surprising in it. Propose no change.",
  fix: "Find what is wrong with the code, say it in a few sentences, and propose one change that fixes it. Where nothing is wrong, say so and propose nothing.",
  refactor:
    "Make the code simpler to read and to change without changing what it does. Say in a few sentences what becomes better, and propose one change.",
  document:
    "Document the code in the way of its language: what it promises, its parameters and results, its errors. Propose one change that adds this and touches no code.",
  test: "Write tests of the code's behaviour with the test library the material shows, or the usual one of its language. Propose one change that adds them, in a new file where tests have files of their own.",
};

/**
 * The share of a small room that is kept for the conversation; otherwise these tokens, or as many as the question needs.
 */
const TALK_SHARE = 0.25;
const TALK_TOKENS = 1_500;

/**
 * Renders what is asked with the last message of a thread, within the room: all of the file or the lines around the
 * selection, and as much of the history as there is room for then. Throws TOKEN_LIMIT_EXCEEDED.
 *
 * The same question is always the same bytes, and a later question of the thread begins with all of them but the end.
 * So how much of the file is shown depends on the file and the room alone, never on how long the history is; each
 * message of the asker keeps the task that was sent with it; and older messages are left out several at a time.
 */
export function renderReplyPrompt(input: ReplyPromptInput, room: Room): Prompt {
  const system = replySystemPrompt(input, input.hasTools);
  const systemWithoutTools = replySystemPrompt(input, false);
  const systemTokens = Math.max(room.tokensOf(system), room.tokensOf(systemWithoutTools));
  const turns = input.history.filter(({ text }) => text.trim() !== "").map((message) => turnOf(message, input));
  const question = turns.at(-1)?.text ?? "";
  const talk = Math.max(
    room.tokensOf(question) + MESSAGE_TOKENS,
    Math.min(TALK_TOKENS, Math.floor(room.tokens * TALK_SHARE)),
  );
  const about = renderAbout(input, { ...room, tokens: room.tokens - systemTokens - talk });
  const prompt = (from: number): Prompt => ({
    ...{ version: REPLY_VERSION, system, systemWithoutTools },
    messages: asTurns([about.message, ...turns.slice(from)]),
    context: about.context,
  });
  for (const from of windowStarts(turns.map(({ number }) => number))) {
    if (promptTokens(prompt(from), room) <= room.tokens) return prompt(from);
  }
  return refuseTooLong(prompt(turns.length - 1), room);
}

/** The material and what the conversation is about. Throws TOKEN_LIMIT_EXCEEDED. */
function renderAbout(input: ReplyPromptInput, room: Room) {
  const place = `The conversation is about ${placeInWords(input)}.`;
  const around = renderPromptContext({ ...input, files: [] }) + place;
  const files = showFiles(input.files, { ...room, tokens: room.tokens - room.tokensOf(around) - MESSAGE_TOKENS });
  const text = `${renderPromptContext({ ...input, files })}\n\n${place}`;
  const context = files.find(({ path }) => path === input.path)?.context;
  return { message: { role: "user" as const, text, stableChars: text.length }, context };
}

/**
 * Returns the possible starts of a history, the longest history first. Starts move by several messages at once, counted
 * in the thread, so that most prompts share their beginning with the one before.
 */
function windowStarts(numbers: readonly number[]): number[] {
  const all = numbers.map((_, index) => index);
  const aligned = all.filter((index) => index === 0 || isWindowStart(numbers[index] as number));
  const last = aligned.at(-1) ?? 0;
  return [...aligned, ...all.filter((index) => index > last)];
}

const isWindowStart = (number: number): boolean => (number - 1) % LIMITS.thread.historyStep === 0;

/**
 * Returns the messages to send, of a thread's last ones (oldest first, at most `LIMITS.thread.historySent`). The first
 * of them may be left out where the thread has more before them, as in `windowStarts`.
 */
export function historyToSend<M extends { number: number }>(messages: readonly M[]): M[] {
  if (messages.length < LIMITS.thread.historySent || messages[0]?.number === 1) return [...messages];
  const start = messages.findIndex(({ number }) => isWindowStart(number));
  return messages.slice(Math.max(0, start));
}

const replySystemPrompt = ({ instructions, boundary }: ReplyPromptInput, hasTools: boolean): string =>
  systemPrompt(
    [
      ROLE,
      materialRule(boundary),
      "Answer in markdown, in the language of the question, as short as it can be. Say what you are not sure of. Name code by file and line.",
      hasTools ? CHANGE_BY_TOOL : CHANGE_IN_TEXT,
    ],
    instructions,
  );

function placeInWords({ files, path, selection }: ReplyPromptInput): string {
  // The path is a person's text: it is named where it stands in the material, by its number.
  const file = `the file number ${files.findIndex((each) => each.path === path) + 1} of the material`;
  if (!selection) return file;
  const { startLine, endLine } = selection;
  return startLine === endLine ? `line ${startLine} of ${file}` : `lines ${startLine} to ${endLine} of ${file}`;
}

type HistoryTurn = { role: "user" | "assistant"; text: string; number: number };

function turnOf({ by, name, text, number, messageKind }: PromptMessage, { boundary }: ReplyPromptInput): HistoryTurn {
  if (by === "reviewer") return { role: "assistant", text, number };
  if (by === "asker") return { role: "user", text: messageKind ? `${text}\n\n${TASK[messageKind]}` : text, number };
  const quoted = `${boundary}\nMessage of another person, ${onOneLine(name)}:\n${text}\n${boundary}`;
  return { role: "user", text: quoted, number };
}
