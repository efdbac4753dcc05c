import { type Engine, type EngineInput, type EngineResult, templateIn } from "../engine";
import type { isFlow, readStrictly } from "./early-errors";
import { dropFalsePositives } from "./false-positives";
import { biomeInfo } from "./info";
import { script } from "./languages";
import type { BiomeLinter } from "./linter";
import { findBrokenRegularExpressions } from "./regular-expressions";

type SecondParser = { readStrictly: typeof readStrictly; isFlow: typeof isFlow };

/** Loads Biome, and for JavaScript and TypeScript Babel's parser, when a file of theirs comes first. */
export function createBiome(): Engine {
  let linter: Promise<BiomeLinter> | undefined;
  let parser: Promise<SecondParser> | undefined;
  let loaded: { linter?: BiomeLinter; parser?: SecondParser } = {};
  return {
    ...biomeInfo,
    async prepare(language) {
      linter ??= import("./linter").then(({ BiomeLinter }) => new BiomeLinter(biomeInfo.rules));
      if (script.includes(language)) parser ??= import("./early-errors");
      loaded = { linter: await linter, parser: await parser };
    },
    check(input) {
      if (!loaded.linter) throw new Error("Biome was not prepared.");
      const { path, text, language, withFixes } = input;
      const found = loaded.linter.check(path, text, language, withFixes);
      const result = { ...found, findings: dropFalsePositives(found.findings, input) };
      const { parser } = loaded;
      return parser && script.includes(language) ? readAgain(result, input, parser) : readDialect(result, input);
    },
  };
}

/** Adds the early errors, and believes Babel where it can read what Biome can't. */
function readAgain(found: EngineResult, input: EngineInput, parser: SecondParser): EngineResult {
  const { parseErrors = [] } = found;
  const [first] = parseErrors;
  const { errors, mayReturn, isValid } = parser.readStrictly(input);
  // Biome does not know that a CommonJS module is the body of a function.
  const isReturn = ({ message }: { message: string }) => /^Illegal return statement outside/.test(message);
  if (first && !(mayReturn && parseErrors.every(isReturn))) {
    if (isValid && errors.length === 0) return { findings: [], unread: first };
    const isFlow = input.language.startsWith("j") && parser.isFlow(input.text);
    return isFlow ? { findings: [], unread: { ...first, dialect: "Flow" } } : readDialect(found, input);
  }
  const broken = input.syntax ? findBrokenRegularExpressions(input.syntax) : [];
  return { ...found, parseErrors: [], earlyErrors: [...errors, ...broken] };
}

function readDialect(found: EngineResult, { text, language }: EngineInput): EngineResult {
  const [first] = found.parseErrors ?? [];
  // Any character past ASCII may be a name in a style sheet.
  const isName = first && language === "css" && (text.codePointAt(first.start) ?? 0) > 0x7f;
  if (isName && first.message.startsWith("Unexpected character")) return { findings: [], unread: first };
  return first && templateIn(text, first) ? { findings: [], unread: { ...first, dialect: "a template" } } : found;
}
