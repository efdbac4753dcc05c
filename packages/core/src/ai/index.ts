/** The model port's face. Every call goes through `callModel`, which reserves before and settles after. */

export {
  type NormalisedEdits,
  normaliseEdits,
  normaliseSuggestion,
  type StoredFile,
  type SuggestionBase,
} from "./answers/normalise";
export { type ReadAnswer, TextAnswerReader } from "./answers/reader";
export { type ReviewText, readReviewText } from "./answers/review-text";
export type { SuggestedPatch, Suggestion } from "./answers/suggestion";
export { drawBoundary, holdsBoundary } from "./boundary";
export { contextOf, type FileContext, type LineRange, type Room } from "./context";
export { contextFull } from "./fault";
export type { ModelRoom } from "./fitting";
export { describeKnownModels, fullFileChars, roomFor } from "./known-models";
export { type Material, type MaterialFile, type MaterialFinding, textsOfMaterial } from "./material";
export { callModel } from "./metered";
export { modelNames, primaryModel, usesTools } from "./models";
export type { CallCost, FittedPrompt, MeteredRequest, ModelEvent, ModelRequest } from "./port";
export { CONTINUE_VERSION, REPAIR_VERSION, renderContinue, renderRepair, renderUncalledFor } from "./prompts/follow-up";
export type { Prompt } from "./prompts/prompt";
export {
  historyToSend,
  type PromptMessage,
  REPLY_VERSION,
  type ReplyIntent,
  type ReplyPromptInput,
  renderReplyPrompt,
} from "./prompts/reply";
export { REVIEW_VERSION, type ReviewPromptInput, renderReviewPrompt } from "./prompts/review";
export { addUsage } from "./tally";
export { testModel } from "./test-model";
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
