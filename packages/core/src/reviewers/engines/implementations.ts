/** The code of the engines, each of which loads what is heavy when a file of its languages comes first. Worker only. */
import { createBiome } from "./biome/engine";
import type { Engine } from "./engine";
import { createMetrics } from "./metrics/engine";
import type { EngineId } from "./registry";
import { createRuff } from "./ruff/engine";
import { createTextRules } from "./text-rules/engine";

const factories: Record<EngineId, () => Engine> = {
  biome: createBiome,
  ruff: createRuff,
  "text-rules": createTextRules,
  metrics: createMetrics,
};

export const createEngines = (): Engine[] => Object.values(factories).map((create) => create());
