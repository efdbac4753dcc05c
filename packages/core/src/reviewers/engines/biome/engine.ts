import type { Engine, EngineInput, EngineResult } from "../engine";
import type { readStrictly } from "./early-errors";
import { dropFalsePositives } from "./false-positives";
import { biomeInfo } from "./info";
import { script } from "./languages";
import type { BiomeLinter } from "./linter";
import { findBrokenRegularExpressions } from "./regular-expressions";

/** Loads Biome, and for JavaScript and TypeScript Babel's parser, when a file of theirs comes first. */
export function createBiome(): Engine {
  let linter: Promise<BiomeLinter> | undefined;
  let parser: Promise<typeof readStrictly> | undefined;
  let loaded: { linter?: BiomeLinter; readStrictly?: typeof readStrictly } = {};
  return {
    ...biomeInfo,
    async prepare(language) {
      linter ??= import("./linter").then(({ BiomeLinter }) => new BiomeLinter(biomeInfo.rules));
      if (script.includes(language)) parser ??= import("./early-errors").then((module) => module.readStrictly);
      loaded = { linter: await linter, readStrictly: await parser };
    },
    check(input) {
      if (!loaded.linter) throw new Error("Biome was not prepared.");
      const { path, text, language, withFixes, syntax } = input;
      const found = loaded.linter.check(path, text, language, withFixes);
      const result = { ...found, findings: dropFalsePositives(found.findings, syntax) };
      return loaded.readStrictly && script.includes(language)
        ? addEarlyErrors(result, input, loaded.readStrictly)
        : result;
    },
  };
}

function addEarlyErrors(found: EngineResult, input: EngineInput, read: typeof readStrictly): EngineResult {
  const { parseErrors = [] } = found;
  // Biome does not know that a CommonJS module is the body of a function.
  const isReturn = ({ message }: { message: string }) => /^Illegal return statement outside/.test(message);
  if (!parseErrors.every(isReturn)) return found;
  const { errors, mayReturn } = read(input);
  if (parseErrors.length > 0 && !mayReturn) return found;
  const broken = input.syntax ? findBrokenRegularExpressions(input.syntax) : [];
  return { ...found, parseErrors: [], earlyErrors: [...errors, ...broken] };
}
