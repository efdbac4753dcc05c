/** The model port's face. Every call goes through `callModel`, which reserves before and settles after. */
import type { Actor } from "../auth/schema";
import type { AppError } from "../errors";
import type { CallAbout } from "../usage/schema";
import type { ModelMessage, StopReason, Task, TokenUsage, ToolCall, ToolSpec } from "./schema";

export type ModelRequest = {
  task: Task;
  system: string;
  messages: ModelMessage[];
  tools: ToolSpec[];
  maxOutputTokens: number;
  signal: AbortSignal;
};

/**
 * One answer, as it arrives. It ends with exactly one `done` or `failed`, or with nothing more once the signal aborts.
 * `model` comes first, and again when a fallback takes over, which happens only before any text or call.
 */
export type ModelEvent =
  | { type: "model"; name: string }
  | { type: "text"; text: string }
  | { type: "toolCall"; call: ToolCall }
  | { type: "usage"; usage: TokenUsage }
  | { type: "done"; reason: StopReason }
  | { type: "failed"; error: AppError };

/** What a call cost, known once it ended. `costMicroUsd` is null where no price is configured. */
export type CallCost = {
  callId: string;
  usage: TokenUsage;
  costMicroUsd: number | null;
  firstTokenMs?: number;
  totalMs: number;
};

export type MeteredRequest = ModelRequest & { actor: Actor; teamId: string; about: CallAbout; promptVersion: string };

/**
 * Asks the model of a task. Reserves the tokens it may use first (QUOTA_EXCEEDED, with nothing spent, arrives as
 * `failed`), and settles what was used whatever happened: the last event is always `cost`, also after an abort.
 */
export async function* callModel(
  _request: MeteredRequest,
): AsyncGenerator<ModelEvent | { type: "cost"; cost: CallCost }> {
  yield* [];
  throw new Error("not written yet");
}

/** The models of a task, first choice first; none when only the built-in reviewer is there. */
export function modelNames(_task: Task): string[] {
  throw new Error("not written yet");
}

export {
  type NormalisedEdits,
  normaliseEdits,
  normaliseSuggestion,
  type StoredFile,
  type SuggestionBase,
} from "./answers/normalise";
export { type ReadAnswer, TextAnswerReader } from "./answers/reader";
export type { SuggestedPatch, Suggestion } from "./answers/suggestion";
export { contextOf, type FileContext, type LineRange } from "./context";
export type { Material, MaterialFile, MaterialFinding } from "./material";
export { CONTINUE_VERSION, REPAIR_VERSION, renderContinue, renderRepair } from "./prompts/follow-up";
export type { Prompt } from "./prompts/prompt";
export { type PromptMessage, type ReplyIntent, type ReplyPromptInput, renderReplyPrompt } from "./prompts/reply";
export { type ReviewPromptInput, renderReviewPrompt } from "./prompts/review";
export {
  type FinishedReview,
  type ProposedChange,
  type ProposedEdit,
  type ReadToolCall,
  type ReportedFinding,
  readToolCall,
  type ToolName,
  type ToolScope,
  toolSpecs,
} from "./tools";
