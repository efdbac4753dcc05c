/** The configured models with what was found out about them. */
import { LIMITS } from "../limits";
import { modelFacts } from "./facts-store";
import { type ModelRoom, roomOf } from "./fitting";
import { contextTokensOf } from "./model-facts";
import { describeModels, primaryModel, routesOf } from "./models";
import type { DescribedModels, ModelRoute, Task } from "./schema";

/** Describes what is configured, as `describeModels` does, and what models turned out to hold. */
export async function describeKnownModels(): Promise<DescribedModels> {
  const { tasks, ...rest } = describeModels();
  const known = tasks.map(async ({ task, models }) => {
    const found = await Promise.all(routesOf(task).map(foundContextTokens));
    return { task, models: models.map((model, index) => ({ ...model, foundContextTokens: found[index] })) };
  });
  return { ...rest, tasks: await Promise.all(known) };
}

async function foundContextTokens(route: ModelRoute): Promise<number | undefined> {
  const tokens = contextTokensOf(route, await modelFacts.of(route));
  return tokens < route.contextTokens ? tokens : undefined;
}

/** Returns the largest input that a model takes, by what is known of it. */
export const roomFor = async (route: ModelRoute, outputTokens: number): Promise<ModelRoom> =>
  roomOf(route, await modelFacts.of(route), outputTokens);

/** The prompt of a question without its file: the system prompt, the tools and a few messages. */
const QUESTION_TOKENS = 3_000;
/** Code as it mostly is, to tell characters from tokens. */
const CODE =
  'export async function load(path: string): Promise<Row[]> {\n  const rows = await read(path, { limit: 100 });\n  return rows.filter((row) => row.name !== "");\n}\n';

/** About how many characters a file may have for a question to carry all of it, as the task's first choice counts; 0 without one. */
export async function fullFileChars(task: Task): Promise<number> {
  const route = primaryModel(task);
  if (!route) return 0;
  const { tokens, tokensOf } = await roomFor(route, LIMITS.model.replyOutputTokens);
  const most = Math.min(tokens - QUESTION_TOKENS, LIMITS.model.fullFileTokens);
  return Math.max(0, Math.floor((most * CODE.length) / tokensOf(CODE)));
}
