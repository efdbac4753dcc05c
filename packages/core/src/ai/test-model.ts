import * as v from "valibot";
import { resolveTeam } from "../access/index";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { modelFacts } from "./facts-store";
import { callModel } from "./metered";
import { primaryModel } from "./models";
import { forgetServer } from "./openai-capabilities";
import { lookAtServer } from "./openai-probe";
import type { ModelActivity, ModelTest, TokenUsage } from "./schema";

const TEST_PROMPT = "test/1";
/** Room for a model that thinks before it speaks. */
const MAX_OUTPUT_TOKENS = 200;
const TEST_WITHIN_MS = 60_000;
const MAX_WORDS_CHARS = 500;

/**
 * Tries the model that answers questions, with one cheap call that is in the ledger like any other. What goes wrong is
 * data: a page shows it beside the button.
 */
export const testModel = operation("ai.testModel", "models.use", v.object({}), async (actor): Promise<ModelTest> => {
  const teamId = resolveTeam(actor);
  const route = primaryModel("reply");
  const primary = route?.name;
  // Cached capabilities are tested again: the server may have been restarted with another context, or with tools.
  if (route) {
    await modelFacts.forget(route);
    forgetServer(route);
  }
  const signal = AbortSignal.timeout(TEST_WITHIN_MS);
  const startedAt = performance.now();
  let model = primary;
  let words = "";
  let usage: TokenUsage | undefined;
  let cost: { costMicroUsd: number | null; firstTokenMs?: number } = { costMicroUsd: null };
  let error: AppError | undefined;
  let isDone = false;
  let activity: ModelActivity | undefined;
  const events = callModel({
    actor,
    teamId,
    about: { kind: "test" },
    task: "reply",
    promptVersion: TEST_PROMPT,
    system: "Answer in one short sentence.",
    messages: [{ role: "user", text: "Say that you are ready to review code." }],
    tools: [],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    signal,
    onActivity: (now) => {
      activity = now;
    },
  });
  for await (const event of events) {
    if (event.type === "model") model = event.name;
    if (event.type === "text") words += event.text;
    if (event.type === "wasThought") words = "";
    if (event.type === "usage") usage = event.usage;
    if (event.type === "done") isDone = true;
    if (event.type === "failed") error = event.error;
    if (event.type === "cost") cost = event.cost;
  }
  if (!isDone || !usage) {
    error ??= new AppError("AI_TIMEOUT", notInTime(activity));
    return { ok: false, model, error: { code: error.code, message: error.message } };
  }
  // The page then shows the server's current state.
  if (route) await lookAtServer(route, signal);
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

function notInTime(activity: ModelActivity | undefined): string {
  const seconds = TEST_WITHIN_MS / 1_000;
  if (activity === "loading")
    return `The model's server was still loading it after ${seconds} s. Test it again when it has.`;
  if (activity === "queued") return `The model did not begin within ${seconds} s. It may be busy with other calls.`;
  return `The model did not end its answer within ${seconds} s.`;
}
