/** The engines that find problems, by the language that they read. Run in the worker only. */

import { biomeReads, isEcmaScript } from "./biome-languages";
import { RULES } from "./catalogue/index";
import type { EngineResult } from "./finding";

export interface Engine {
  /** Synchronous; may throw, and may take too long: then its worker is ended. Without `withFixes` findings have none. */
  check(path: string, text: string, language: string, withFixes: boolean): EngineResult;
}

/** Gives the engine of a language; undefined where none reads it. Asked before each file, so that the first is loaded late. */
export type LoadEngine = (language: string) => Promise<Engine | undefined>;

/** Biome, Babel's parser and Ruff, each loaded when it is first asked for. */
export function builtinEngines(): LoadEngine {
  let biome: Promise<Engine> | undefined;
  let ecmaScript: Promise<Engine> | undefined;
  let ruff: Promise<Engine> | undefined;
  return async (language) => {
    if (biomeReads(language)) {
      biome ??= import("./biome").then(({ BiomeEngine }) => new BiomeEngine(RULES));
      if (!isEcmaScript(language)) return biome;
      ecmaScript ??= Promise.all([biome, import("./ecmascript")]).then(
        ([engine, { EcmaScriptEngine }]) => new EcmaScriptEngine(engine),
      );
      return ecmaScript;
    }
    if (language !== "python") return undefined;
    ruff ??= import("./ruff").then(({ RuffEngine }) => new RuffEngine(RULES));
    return ruff;
  };
}
