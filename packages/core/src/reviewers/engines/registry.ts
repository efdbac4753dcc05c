/** The engines of the built-in reviewer. Plain data: the server reads it; `implementations.ts` has their code. */
import { biomeInfo } from "./biome/info";
import type { EngineInfo } from "./engine";
import { metricsInfo } from "./metrics/info";
import { ruffInfo } from "./ruff/info";
import { textRulesInfo } from "./text-rules/info";

const registered = [
  biomeInfo,
  ruffInfo,
  // Those that read any text come after those of a language: the rules page lists vendors in this order.
  textRulesInfo,
  metricsInfo,
] as const;

export type EngineId = (typeof registered)[number]["id"];

export const engines: readonly EngineInfo[] = registered;
