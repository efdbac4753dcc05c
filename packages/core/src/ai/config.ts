/** Which model answers which task: `REDLINE_MODEL`, or the routing table that `REDLINE_MODELS` names. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { LIMITS } from "../limits";
import { type ModelRoute, TASKS, type Task } from "./schema";

type Source = Record<string, string | undefined>;
type Table = Partial<Record<Task | "default", ModelRoute[]>>;

export type ModelConfig = { from: "REDLINE_MODEL" | "REDLINE_MODELS"; table: Table };

/** A mistake in the configuration; its message is one sentence a mistake, a line each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const positive = (field: string) =>
  v.pipe(v.number(`${field} must be a number`), v.gtValue(0, `${field} must be over 0`));
const priceOf = (field: string) =>
  v.pipe(v.number(`price.${field} must be a number`), v.minValue(0, `price.${field} must not be under 0`));

const entrySchema = v.strictObject({
  model: v.string("model must be a string"),
  contextTokens: v.optional(
    v.pipe(
      v.number("contextTokens must be a number"),
      v.integer("contextTokens must be a whole number"),
      v.minValue(1_000, "contextTokens must be at least 1,000"),
    ),
  ),
  price: v.optional(
    v.strictObject({
      input: priceOf("input"),
      output: priceOf("output"),
      cachedInput: v.optional(priceOf("cachedInput")),
      cacheWrite: v.optional(priceOf("cacheWrite")),
    }),
  ),
  temperature: v.optional(
    v.pipe(
      v.number("temperature must be a number"),
      v.minValue(0, "temperature must not be under 0"),
      v.maxValue(2, "temperature must not be over 2"),
    ),
  ),
  tools: v.optional(v.boolean("tools must be true or false")),
  cachePoints: v.optional(v.boolean("cachePoints must be true or false")),
  silentSeconds: v.optional(v.pipe(positive("silentSeconds"), v.maxValue(240, "silentSeconds must not be over 240"))),
  keyVariable: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, "keyVariable must be the name of an environment variable")),
  ),
});

/** Throws a ConfigError. Nothing set is the built-in reviewer alone. */
export function parseModels(source: Source): ModelConfig {
  if (source.REDLINE_MODELS) return { from: "REDLINE_MODELS", table: parseTable(source.REDLINE_MODELS) };
  const parsed = parseEntry(source.REDLINE_MODEL || "builtin");
  if (typeof parsed === "string") throw new ConfigError(`REDLINE_MODEL must be ${parsed}`);
  return { from: "REDLINE_MODEL", table: { default: parsed } };
}

/** The sentences for what is wrong, none when nothing is. */
export function modelProblems(source: Source): string[] {
  try {
    parseModels(source);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
}

/** The value is a file's name, or the table itself, as a deployment passes it on. */
function parseTable(value: string): Table {
  const json = readTable(value);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError("REDLINE_MODELS must hold a JSON object: task → list of models.");
  }
  const problems: string[] = [];
  const table: Table = {};
  for (const [task, entries] of Object.entries(json)) {
    if (task !== "default" && !TASKS.includes(task as Task)) {
      problems.push(`REDLINE_MODELS names "${task}", which is no task. Tasks are ${TASKS.join(", ")}, and default.`);
    } else if (!Array.isArray(entries)) {
      problems.push(`REDLINE_MODELS must give "${task}" a list: the first choice, then its fallbacks.`);
    } else {
      table[task as Task] = entries.flatMap((entry, index) => {
        const parsed = parseEntry(entry);
        if (typeof parsed !== "string") return parsed;
        problems.push(`REDLINE_MODELS, ${task}[${index}]: it must be ${parsed}`);
        return [];
      });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return table;
}

function readTable(value: string): unknown {
  const isTable = value.trimStart().startsWith("{");
  let text = value;
  if (!isTable) {
    try {
      text = readFileSync(value, "utf8");
    } catch {
      throw new ConfigError(`REDLINE_MODELS names ${value}, which can't be read. It must be a JSON file.`);
    }
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`${isTable ? "REDLINE_MODELS" : `REDLINE_MODELS names ${value}, which`} is not valid JSON.`);
  }
}

const FORMS = "builtin, bedrock:<model id> or openai:<base url>#<model>";

/** One model, none for `builtin`, or the end of the sentence that begins with "must be". */
function parseEntry(entry: unknown): ModelRoute[] | string {
  if (typeof entry === "string") return parseModel({ model: entry });
  const result = v.safeParse(entrySchema, entry);
  if (result.success) return parseModel(result.output);
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  if (path === null) return `${FORMS}, or an object with such a model.`;
  if (issue.type !== "strict_object") return `a model, but its ${issue.message}.`;
  if (issue.expected === "never") return `a model, but ${path} is no setting of one.`;
  return `a model, but its ${path} is ${issue.received === "undefined" ? "missing" : "no object"}.`;
}

/** Models of Bedrock that cache what is marked for it, by AWS's list; an inference profile's ARN does not tell. */
const CACHES =
  /anthropic\.claude-(?!v\d|instant|3-(?:haiku|sonnet|opus)|3-5-sonnet)|amazon\.nova-(?!canvas|reel|sonic)/;

function parseModel(entry: v.InferOutput<typeof entrySchema>): ModelRoute[] | string {
  const { model, price, temperature } = entry;
  if (model === "builtin") return [];
  const provider = providerOf(entry);
  if (typeof provider === "string") return provider;
  const route: ModelRoute = {
    name: provider.kind === "openai" ? `openai:${provider.baseUrl}#${provider.model}` : model,
    provider,
    contextTokens: entry.contextTokens ?? LIMITS.model.contextTokens,
    silentMs: (entry.silentSeconds ?? LIMITS.model.silentMs / 1_000) * 1_000,
    hasTools: entry.tools ?? true,
    cachePoints: provider.kind === "bedrock" && (entry.cachePoints ?? CACHES.test(provider.modelId)),
    ...(price && { price }),
    ...(temperature !== undefined && { temperature }),
  };
  return [route];
}

function providerOf({ model, keyVariable }: v.InferOutput<typeof entrySchema>): ModelRoute["provider"] | string {
  if (/^bedrock:\S+$/.test(model)) return { kind: "bedrock", modelId: model.slice("bedrock:".length) };
  const match = /^openai:([^#]+)#(.+)$/.exec(model);
  const url = match?.[1];
  if (/^openai:[^#]+$/.test(model)) return `${FORMS}, in quotes where # begins a comment.`;
  if (!match?.[2] || !url || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return `${FORMS}.`;
  const { username, password, search } = new URL(url);
  if (username || password || search) {
    return "a model whose URL has no user name, password or query in it; the key goes into REDLINE_MODEL_KEY.";
  }
  const baseUrl = url.replace(/\/+$/, "");
  return { kind: "openai", baseUrl, model: match[2], keyVariable: keyVariable ?? "REDLINE_MODEL_KEY" };
}
