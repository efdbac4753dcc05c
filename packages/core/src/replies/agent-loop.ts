import {
  contextFull,
  REPAIR_VERSION,
  readToolCall,
  renderRepair,
  renderUncalledFor,
  type SuggestionBase,
  type ToolScope,
} from "../ai/internal";
import type { ModelMessage, ToolCall, ToolResult } from "../ai/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import type { ReplyEndStatus } from "./ending";
import { runModelTurn, type Turn } from "./model-turn";
import type { Question } from "./question";
import type { ReplyWriter } from "./reply-writer";
import {
  asText,
  type ProposalResult,
  proposeFromText,
  proposeFromToolCall,
  type Refusal,
  refusedChange,
  unfinishedChange,
  unreadChange,
} from "./suggestions";

export type Outcome = { status: ReplyEndStatus } & { error?: AppError };

/** Calls of the model for one reply, repairs and responses to its tool calls included. */
const MAX_TURNS = 5;
/** With fewer output tokens left than this another call can't come to anything. */
const MIN_OUTPUT_TOKENS = 200;

/** The result of a turn's suggestions. `malformed` counts the unreadable calls in a row. */
type TurnCheck = {
  results: ToolResult[];
  accepted: number;
  refusals: Refusal[];
  hasMalformed: boolean;
  malformed: number;
  /** Changes among those calls. */
  unread: number;
};

/**
 * Has the model reply: one call, then as many as its tool calls need, in the budget of one reply. A suggestion that does
 * not apply is repaired once; what still does not apply is shown as text.
 */
export async function runAgentLoop(actor: Actor, writer: ReplyWriter, question: Question): Promise<Outcome> {
  const scope: ToolScope = { tools: question.tools, paths: [question.path], mayAddFiles: true };
  let messages: ModelMessage[] = question.after;
  let { promptVersion } = question;
  let unrepaired: Refusal[] | undefined;
  let malformed = 0;
  let unread = 0;
  for (let turns = 1; ; turns += 1) {
    const isRepair = unrepaired !== undefined;
    const maxOutputTokens = LIMITS.model.replyOutputTokens - writer.outputTokens;
    const turn = await runModelTurn(actor, writer, question, {
      messages,
      promptVersion,
      maxOutputTokens,
      isQuiet: isRepair,
    });
    const checked: TurnCheck = await checkTurn(writer, question, scope, turn, malformed);
    malformed = checked.malformed;
    const { accepted, hasMalformed } = checked;
    // A change that is written again takes the place of one that could not be read.
    unread = Math.max(0, unread - accepted - checked.refusals.length) + checked.unread;
    const refusals = checked.refusals.length > 0 ? checked.refusals : (unrepaired ?? []).slice(accepted);
    const end = (outcome: Outcome): Outcome => {
      const unreadable = Array.from({ length: unread }, unreadChange);
      const cut = turn.unfinished === undefined || isRepair ? [] : [unfinishedChange(turn.unfinished)];
      for (const refusal of [...refusals, ...unreadable, ...cut]) writer.propose(asText(refusal));
      return outcome;
    };
    const ended = outcomeOf(writer, turn, malformed, isRepair);
    if (ended) return end(ended);

    const left = LIMITS.model.replyOutputTokens - writer.outputTokens;
    const mayAsk = turns < MAX_TURNS && left >= MIN_OUTPUT_TOKENS;
    const wantsRepair = refusals.length > 0 && !isRepair;
    const hasOnlyCalled = turn.reason === "tools" && writer.text.trim() === "";
    const wantsWords = hasOnlyCalled && (accepted > 0 || !question.takesSuggestions);
    if (!mayAsk || !(wantsRepair || hasMalformed || wantsWords)) return end(finished(writer, refusals));
    if (wantsRepair) {
      writer.setStatus("Repairing a suggestion that does not apply");
      unrepaired = refusals;
      promptVersion = REPAIR_VERSION;
    }
    messages = [...messages, ...respondToTurn(turn, checked, refusals)];
  }
}

/** Returns how the reply ended with this turn; undefined when it goes on. */
function outcomeOf(writer: ReplyWriter, turn: Turn, malformed: number, isRepair: boolean): Outcome | undefined {
  if (writer.signal.aborted) return { status: writer.abortedStatus };
  // Without its repair the reply is still whole: the suggestion is shown as text.
  if (turn.error) return isRepair ? { status: "done" } : { status: "failed", error: turn.error };
  if (turn.reason === undefined) return { status: "interrupted" };
  if (malformed >= LIMITS.model.maxMalformedCalls) {
    const error = new AppError(
      "AI_MALFORMED_RESPONSE",
      "The model's suggestions could not be read, three times in a row. What it wrote is kept. Try again, or ask for less at once.",
    );
    return { status: "failed", error };
  }
  if (turn.reason === "contextFull") {
    return isRepair ? { status: "done" } : { status: "truncated", error: contextFull().toAppError(keptOf(writer)) };
  }
  if (turn.reason === "length") return isRepair ? { status: "done" } : cutAtLength(writer);
  if (turn.reason === "refusal") return { status: isRepair ? "done" : "refused" };
  return undefined;
}

const keptOf = ({ text }: ReplyWriter) => (text.trim() === "" ? "Your message is saved." : "The text so far is kept.");

/** A model may use up all that a reply may have on its thoughts: then there is nothing to go on from. */
function cutAtLength({ text, proposals }: ReplyWriter): Outcome {
  if (text.trim() !== "" || proposals.length > 0) return { status: "truncated" };
  const most = LIMITS.model.replyOutputTokens.toLocaleString("en");
  const error = new AppError(
    "TOKEN_LIMIT_EXCEEDED",
    `The model used all ${most} tokens that a reply may have, before its first word. Your message is saved. Ask for less at once, or have its server let it think less.`,
  );
  return { status: "failed", error };
}

function finished(writer: ReplyWriter, refusals: readonly Refusal[]): Outcome {
  if (writer.text.trim() !== "" || writer.proposals.length + refusals.length > 0) return { status: "done" };
  const error = new AppError(
    "AI_MALFORMED_RESPONSE",
    "The model returned an empty reply. Your message is saved. Try again.",
  );
  return { status: "failed", error };
}

async function checkTurn(
  writer: ReplyWriter,
  question: Question,
  scope: ToolScope,
  turn: Turn,
  malformedBefore: number,
): Promise<TurnCheck> {
  const none = { results: [], accepted: 0, refusals: [], hasMalformed: false, unread: 0 };
  const checked: TurnCheck = { ...none, malformed: malformedBefore };
  if (!question.takesSuggestions) {
    checked.results = turn.calls.map(({ id }) => ({ callId: id, text: renderUncalledFor(), isError: true }));
    return checked;
  }
  if (turn.calls.length + turn.suggestions.length > 0) writer.setStatus("Checking a suggestion");
  const base = question.base(turn.context);
  try {
    for (const call of turn.calls) {
      await checkCall(writer, { question, base }, readToolCall(call, scope), call, checked);
    }
    for (const suggestion of turn.suggestions) {
      count(writer, checked, await proposeFromText(writer, question, base, suggestion));
    }
  } catch (error) {
    // Checks end in the middle when the reply is stopped; what they had come to stands.
    if (!writer.signal.aborted) throw error;
  }
  return checked;
}

async function checkCall(
  writer: ReplyWriter,
  { question, base }: { question: Question; base: SuggestionBase },
  reading: ReturnType<typeof readToolCall>,
  { id: callId, name }: ToolCall,
  checked: TurnCheck,
): Promise<void> {
  const record = (tried: ProposalResult): void => {
    checked.malformed = 0;
    count(writer, checked, tried);
    checked.results.push(
      tried.ok
        ? { callId, text: "It applies, and is shown to the reader." }
        : { callId, text: renderRepair({ reason: tried.refusal.reason, hasTools: true }), isError: true },
    );
  };
  if (reading.ok) {
    checked.malformed = 0;
    if (reading.call.name === "propose_change")
      record(await proposeFromToolCall(writer, question, base, reading.call.input));
  } else if (reading.outOfScope) {
    record({ ok: false, refusal: refusedChange(reading.outOfScope, reading.result.text) });
  } else {
    checked.malformed += 1;
    checked.hasMalformed = true;
    if (name === "propose_change") checked.unread += 1;
    checked.results.push(reading.result);
  }
}

function count(writer: ReplyWriter, checked: TurnCheck, tried: ProposalResult): void {
  if (!tried.ok) {
    checked.refusals.push(tried.refusal);
    return;
  }
  checked.accepted += 1;
  writer.propose(tried.proposal);
}

/** The model's turn and what it is told of it: the results of its calls, or why what it wrote does not apply. */
function respondToTurn(turn: Turn, { results }: TurnCheck, refusals: readonly Refusal[]): ModelMessage[] {
  if (turn.calls.length > 0) {
    return [
      { role: "assistant", text: turn.raw, toolCalls: turn.calls },
      { role: "tool", results },
    ];
  }
  const reason = refusals.map((refusal) => refusal.reason).join(" ");
  return [
    { role: "assistant", text: turn.raw },
    { role: "user", text: renderRepair({ reason, hasTools: false }) },
  ];
}
