/** The code of the engines, each of which loads what is heavy when a file of its languages comes first. Worker only. */
import { createActionlintEngine } from "./actionlint/engine";
import { createBiome } from "./biome/engine";
import { createDockerfile } from "./dockerfile/engine";
import type { Engine } from "./engine";
import { createJsonDialects } from "./json-dialects/engine";
import { createMetrics } from "./metrics/engine";
import type { EngineId } from "./registry";
import { createRuff } from "./ruff/engine";
import { createTextRules } from "./text-rules/engine";
import { createTreeRules } from "./tree-rules/engine";
import { createTreeSitter } from "./tree-sitter/engine";

const factories: Record<EngineId, () => Engine> = {
  biome: createBiome,
  ruff: createRuff,
  "json-dialects": createJsonDialects,
  actionlint: createActionlintEngine,
  dockerfile: createDockerfile,
  "tree-sitter": createTreeSitter,
  "text-rules": createTextRules,
  metrics: createMetrics,
  "tree-rules": createTreeRules,
};

export const createEngines = (): Engine[] => Object.values(factories).map((create) => create());
