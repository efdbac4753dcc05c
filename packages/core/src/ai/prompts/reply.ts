import { LIMITS } from "../../limits";
import type { LineRange } from "../context";
import { drawBoundary, type Material, onOneLine, renderMaterial, textsOfMaterial } from "../material";
import { asTurns, type Prompt, type PromptOptions, promptTokens, refuseTooLong, systemPrompt } from "./prompt";
import { CHANGE_BY_TOOL, CHANGE_IN_TEXT, materialRule, ROLE } from "./wording";

const VERSION = "reply@1";

export type ReplyIntent = "ask" | "explain" | "fix" | "refactor" | "document" | "test";

/** A message of the thread. Words of others than the asker are shown to the model as material. */
export type PromptMessage = { by: "asker" | "other" | "reviewer"; name: string; text: string };

export type ReplyPromptInput = Material &
  PromptOptions & {
    intent: ReplyIntent;
    /** The file that is asked about, and its lines. */
    path: string;
    selection?: LineRange;
    /** Oldest first; the last one is the question. */
    history: readonly PromptMessage[];
  };

const TASK: Record<ReplyIntent, string> = {
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

/** Asks for an answer to the last message of a thread. Throws TOKEN_LIMIT_EXCEEDED, having left out older messages first. */
export function renderReplyPrompt(input: ReplyPromptInput): Prompt {
  const history = input.history.slice(-LIMITS.thread.historySent).filter(({ text }) => text.trim() !== "");
  const texts = [...textsOfMaterial(input), ...history.flatMap(({ name, text }) => [name, text])];
  const boundary = input.boundary ?? drawBoundary(texts);
  const material = renderMaterial({ ...input, boundary });
  for (let from = 0; ; from++) {
    const prompt = assemble(input, boundary, material, history.slice(from));
    if (promptTokens(prompt) <= LIMITS.model.maxInputTokens || from >= history.length - 1) return refuseTooLong(prompt);
  }
}

function assemble(
  input: ReplyPromptInput,
  boundary: string,
  material: string,
  history: readonly PromptMessage[],
): Prompt {
  const about = `${material}\n\nThe conversation is about ${placeInWords(input)}.`;
  const turns = history.map((message) => turnOf(message, boundary));
  return {
    version: VERSION,
    system: systemOf(input, boundary, input.hasTools),
    systemWithoutTools: systemOf(input, boundary, false),
    messages: asTurns([{ role: "user", text: about }, ...turns]),
  };
}

const systemOf = ({ intent, instructions }: ReplyPromptInput, boundary: string, hasTools: boolean): string =>
  systemPrompt(
    [
      ROLE,
      materialRule(boundary),
      TASK[intent],
      "Answer in markdown, in the language of the question, as short as it can be. Say what you are not sure of. Name code by file and line.",
      ...(intent === "explain" ? [] : [hasTools ? CHANGE_BY_TOOL : CHANGE_IN_TEXT]),
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

function turnOf({ by, name, text }: PromptMessage, boundary: string): { role: "user" | "assistant"; text: string } {
  if (by === "reviewer") return { role: "assistant", text };
  if (by === "asker") return { role: "user", text };
  return { role: "user", text: `${boundary}\nMessage of another person, ${onOneLine(name)}:\n${text}\n${boundary}` };
}
