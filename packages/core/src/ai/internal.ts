/** Operations for other domains that take no actor; the import rules say which domains may use them. */
export {
  type NormalisedEdits,
  normaliseEdits,
  normaliseSuggestion,
  type StoredFile,
  type SuggestionBase,
} from "./answers/normalise";
export { type ReadAnswer, TextAnswerReader } from "./answers/reader";
export { type ReviewText, readReviewText } from "./answers/review-text";
export { generateBoundary, holdsBoundary } from "./boundary";
export { contextOf, type FileContext, type LineRange, type Room } from "./context";
export { contextFull } from "./fault";
export { describeKnownModels, fullFileChars, roomFor } from "./known-models";
export { callModel } from "./metered";
export { modelNames, primaryModel, usesTools } from "./models";
export { type ContextFile, type ContextFinding, type PromptContext, promptContextTexts } from "./prompt-context";
export { CONTINUE_VERSION, REPAIR_VERSION, renderContinue, renderRepair, renderUncalledFor } from "./prompts/follow-up";
export {
  historyToSend,
  type MessageKind,
  type PromptMessage,
  REPLY_VERSION,
  type ReplyPromptInput,
  renderReplyPrompt,
} from "./prompts/reply";
export { REVIEW_VERSION, type ReviewPromptInput, renderReviewPrompt } from "./prompts/review";
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
export { addUsage } from "./usage-tracker";
