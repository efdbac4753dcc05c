/** The models of this process, as its environment configures them. */
import { log } from "../platform/log";
import { ConfigError, type ModelConfig, modelProblems, parseModels } from "./config";
import { modelKey } from "./model-key";
import { refusesTools, toolsFoundOut } from "./openai-capabilities";
import { type DescribedModel, type DescribedModels, type ModelRoute, TASKS, type Task } from "./schema";

let parsed: { key: string; config: ModelConfig | undefined } | undefined;

/** Undefined when it is wrong, which the launcher says before anything starts; elsewhere the log does, once. */
function config(): ModelConfig | undefined {
  const { REDLINE_MODEL, REDLINE_MODELS } = process.env;
  const key = JSON.stringify([REDLINE_MODEL, REDLINE_MODELS]);
  if (parsed?.key !== key) parsed = { key, config: tryParse() };
  return parsed.config;
}

function tryParse(): ModelConfig | undefined {
  try {
    return parseModels(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.error("models are configured wrongly", { problems: error.message });
    return undefined;
  }
}

/** The models of a task, first choice first. */
export function routesOf(task: Task): ModelRoute[] {
  const table = config()?.table;
  return table?.[task] ?? table?.default ?? [];
}

/** The models of a task, first choice first; none when only the built-in reviewer is there. */
export const modelNames = (task: Task): string[] => routesOf(task).map(({ name }) => name);

/** The first choice of a task, with its price and context. */
export const primaryModel = (task: Task): ModelRoute | undefined => routesOf(task)[0];

/** Returns whether a model takes tools, as far as is known: its server may have refused them since this process started. */
export const takesTools = (route: ModelRoute): boolean => route.hasTools && !refusesTools(route);

/** Returns whether the first model of a task takes tools, so that its prompt may mention them. */
export function usesTools(task: Task): boolean {
  const route = primaryModel(task);
  return route !== undefined && takesTools(route);
}

/** Returns the configuration for display, without keys and without the parts of a URL that may be secret. */
export function describeModels(): DescribedModels {
  const problems = modelProblems(process.env);
  return {
    from: config()?.from ?? (process.env.REDLINE_MODELS ? "REDLINE_MODELS" : "REDLINE_MODEL"),
    problems,
    tasks: TASKS.map((task) => ({ task, models: routesOf(task).map(describe) })),
  };
}

function describe(route: ModelRoute): DescribedModel {
  const { name, provider, contextTokens, silentMs, price, temperature } = route;
  const toolsFound = toolsFoundOut(route);
  const facts = {
    ...{ name, contextTokens, silentMs, price, temperature, hasTools: takesTools(route) },
    ...(toolsFound && { toolsFoundOut: toolsFound }),
  };
  if (provider.kind === "openai") {
    const hasKey = modelKey(provider.keyVariable) !== undefined;
    return { ...facts, kind: "openai", model: provider.model, endpoint: provider.baseUrl, hasKey };
  }
  const { AWS_REGION, AWS_ENDPOINT_URL_BEDROCK_RUNTIME } = process.env;
  return {
    ...facts,
    kind: "bedrock",
    model: provider.modelId,
    region: AWS_REGION || undefined,
    endpoint: AWS_ENDPOINT_URL_BEDROCK_RUNTIME || undefined,
  };
}
