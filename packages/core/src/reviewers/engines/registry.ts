/** The engines of the built-in reviewer. Plain data: the server reads it; `implementations.ts` has their code. */
import { actionlintInfo } from "./actionlint/info";
import { biomeInfo } from "./biome/info";
import { dockerfileInfo } from "./dockerfile/info";
import type { EngineInfo } from "./engine";
import { jsonDialectsInfo } from "./json-dialects/info";
import { metricsInfo } from "./metrics/info";
import { ruffInfo } from "./ruff/info";
import { textRulesInfo } from "./text-rules/info";
import { treeRulesInfo } from "./tree-rules/info";
import { treeSitterInfo } from "./tree-sitter/info";

const registered = [
  biomeInfo,
  ruffInfo,
  jsonDialectsInfo,
  actionlintInfo,
  treeSitterInfo,
  dockerfileInfo,
  // Those that read any text come after those of a language: the rules page lists vendors in this order.
  textRulesInfo,
  metricsInfo,
  treeRulesInfo,
] as const;

export type EngineId = (typeof registered)[number]["id"];

export const engines: readonly EngineInfo[] = registered;

/** Returns the ids of the engines with code of their own for a language: files that agree in them are best checked by one worker. */
export const sourceEnginesOf = (language: string): string =>
  engines
    .filter(({ input, languages }) => input === "source" && languages.includes(language))
    .map(({ id }) => id)
    .join("+");
