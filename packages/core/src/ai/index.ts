export type { SuggestedPatch, Suggestion } from "./answers/suggestion";
export type { ModelRoom } from "./fitting";
export type { CallCost, FittedPrompt, MeteredRequest, ModelEvent, ModelRequest } from "./port";
export type { Prompt } from "./prompts/prompt";
export { testModel } from "./test-model";
