import { modelNames } from "../ai/internal";
import { AppError } from "../errors";
import { MODEL_REQUIRED_WORDS } from "../threads/internal";
import type { Intent } from "../threads/schema";
import { taskOf } from "./question";

export { MODEL_REQUIRED_WORDS };

export type Answerer = { by: "model" | "builtin" } | { by: null; reason: string };

/** Who would answer: the model when there is one, else the built-in reviewer for what it found itself, else nobody. */
export function canAnswer(intent: Intent, about: { hasBuiltinFinding: boolean }): Answerer {
  if (modelNames(taskOf(intent)).length > 0) return { by: "model" };
  if (about.hasBuiltinFinding && (intent === "explain" || intent === "fix")) return { by: "builtin" };
  return { by: null, reason: MODEL_REQUIRED_WORDS };
}

/** Throws MODEL_REQUIRED where no model would answer. */
export function requireModelFor(intent: Intent): void {
  if (modelNames(taskOf(intent)).length === 0) throw new AppError("MODEL_REQUIRED", MODEL_REQUIRED_WORDS);
}
