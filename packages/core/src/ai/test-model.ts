import * as v from "valibot";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { modelFacts } from "./facts-store";
import { callModel } from "./metered";
import { primaryModel } from "./models";
import type { ModelTest, TokenUsage } from "./schema";

const TEST_PROMPT = "test/1";
/** Room for a model that thinks before it speaks. */
const MAX_OUTPUT_TOKENS = 200;
const TEST_WITHIN_MS = 60_000;
const MAX_WORDS_CHARS = 500;

/**
 * Tries the model that answers questions, with one cheap call that is in the ledger like any other. What goes wrong is
 * data: a page shows it beside the button.
 */
export const testModel = operation("ai.testModel", v.object({}), async (actor): Promise<ModelTest> => {
  const route = primaryModel("reply");
  const primary = route?.name;
  // What was found out is asked again: its server may have been started anew, with another context.
  if (route) await modelFacts.forget(route);
  const startedAt = performance.now();
  let model = primary;
  let words = "";
  let usage: TokenUsage | undefined;
  let cost: { costMicroUsd: number | null; firstTokenMs?: number } = { costMicroUsd: null };
  let error: AppError | undefined;
  let isDone = false;
  const events = callModel({
    actor,
    teamId: actor.personalTeamId,
    about: { kind: "test" },
    task: "reply",
    promptVersion: TEST_PROMPT,
    system: "Answer in one short sentence.",
    messages: [{ role: "user", text: "Say that you are ready to review code." }],
    tools: [],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    signal: AbortSignal.timeout(TEST_WITHIN_MS),
  });
  for await (const event of events) {
    if (event.type === "model") model = event.name;
    if (event.type === "text") words += event.text;
    if (event.type === "usage") usage = event.usage;
    if (event.type === "done") isDone = true;
    if (event.type === "failed") error = event.error;
    if (event.type === "cost") cost = event.cost;
  }
  if (!isDone || !usage) {
    error ??= new AppError("AI_TIMEOUT", `The model did not end its answer within ${TEST_WITHIN_MS / 1_000} s.`);
    return { ok: false, model, error: { code: error.code, message: error.message } };
  }
  const { costMicroUsd, firstTokenMs } = cost;
  const ms = Math.round(performance.now() - startedAt);
  return {
    ok: true,
    model: model ?? "",
    words: words.slice(0, MAX_WORDS_CHARS).trim(),
    usage,
    costMicroUsd,
    firstTokenMs,
    ms,
  };
});
