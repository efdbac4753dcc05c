import { callModel, type FileContext, type ReadAnswer, TextAnswerReader, toolSpecs } from "../ai/internal";
import type { ModelActivity, ModelMessage, StopReason, ToolCall } from "../ai/schema";
import type { Actor } from "../auth/schema";
import type { AppError } from "../errors";
import { contextOfReply, type Question } from "./question";
import type { ReplyWriter } from "./reply-writer";

/** One call of the model. Without `reason` or `error` it was aborted. */
export type Turn = {
  /** All of its words, also those that became suggestions. */
  raw: string;
  suggestions: ReadAnswer["suggestions"];
  /** The beginning of a suggestion that was cut. */
  unfinished?: string;
  calls: ToolCall[];
  /** The part of the file that the model was shown. */
  context?: FileContext;
  reason?: StopReason;
  error?: AppError;
};

export type TurnRequest = {
  /** Messages after the question's prompt. */
  messages: ModelMessage[];
  promptVersion: string;
  maxOutputTokens: number;
  /** Its words are not for the reader: only what it suggests is wanted. */
  isQuiet: boolean;
};

/** Characters a token may have at most; what says more does not keep to its output tokens. */
const MAX_CHARS_PER_TOKEN = 16;

/** Status shown to the reader while the model is silent. */
const DOING: Record<ModelActivity, string> = {
  queued: "Waiting for the model…",
  loading: "The model is loading…",
  reading: "Reading…",
  thinking: "Thinking…",
  calling: "Writing a suggestion…",
};

/** Asks the model once; its words reach the reader as they come, its suggestions when all is said. */
export async function runModelTurn(
  actor: Actor,
  writer: ReplyWriter,
  question: Question,
  request: TurnRequest,
): Promise<Turn> {
  const { session, thread, number } = writer.task;
  const turn: Turn = { raw: "", suggestions: [], calls: [] };
  const newReader = () => (question.takesSuggestions ? new TextAnswerReader([question.path]) : undefined);
  let reader = newReader();
  const saidBefore = writer.text;
  let say = speaker(writer, request.isQuiet);
  let isBuffering = false;
  let doing: ModelActivity | undefined;
  const tooMuch = new AbortController();
  const events = callModel({
    actor,
    teamId: session.teamId,
    about: { kind: "message", sessionId: session.id, threadId: thread.id, number },
    task: question.task,
    promptVersion: request.promptVersion,
    system: "",
    fit: question.prompt,
    messages: request.messages,
    tools: toolSpecs(question.tools),
    maxOutputTokens: request.maxOutputTokens,
    signal: AbortSignal.any([writer.signal, tooMuch.signal]),
    onActivity: (activity) => {
      if (activity !== doing) writer.setStatus(DOING[activity]);
      doing = activity;
    },
  });
  for await (const event of events) {
    switch (event.type) {
      case "model":
        writer.setModel(event.name);
        turn.context = event.context;
        writer.context = event.context && contextOfReply(question.path, event.context);
        break;
      case "text":
        doing = undefined;
        turn.raw += event.text;
        if (turn.raw.length > request.maxOutputTokens * MAX_CHARS_PER_TOKEN) {
          turn.reason = "length";
          tooMuch.abort();
          break;
        }
        say(reader ? reader.push(event.text) : event.text);
        if (reader && reader.isBuffering !== isBuffering) {
          isBuffering = reader.isBuffering;
          if (isBuffering && !request.isQuiet) writer.setStatus("Writing a suggestion");
        }
        break;
      case "wasThought":
        turn.raw = "";
        reader = newReader();
        writer.takeBack(saidBefore);
        say = speaker(writer, request.isQuiet);
        break;
      case "toolCall":
        turn.calls.push(event.call);
        break;
      case "done":
        turn.reason = event.reason;
        break;
      case "failed":
        turn.error = event.error;
        break;
      case "cost":
        writer.addCost(event.cost);
    }
  }
  const read = reader?.end({ isCut: turn.reason !== "end" && turn.reason !== "tools" });
  say(read?.rest ?? "");
  turn.suggestions = read?.suggestions ?? [];
  turn.unfinished = read?.unfinished;
  return turn;
}

/** Words of a later turn begin a paragraph of their own. */
function speaker(writer: ReplyWriter, isQuiet: boolean): (words: string) => void {
  let isFirst = writer.hasSpoken;
  return (words) => {
    if (isQuiet || words === "") return;
    if (isFirst && words.trim() !== "") writer.appendText("\n\n");
    if (words.trim() !== "") isFirst = false;
    writer.appendText(words);
  };
}
