/**
 * Finds early errors of JavaScript and TypeScript, which the grammar allows: names declared twice, a second default
 * export, `break` outside a loop. Biome's parser does not look for most of these. Runs in the worker only.
 */
import { type ParseError as BabelError, type ParserPlugin, parse } from "@babel/parser";
import type { ParseError } from "../engine";

type SourceType = "module" | "commonjs";

export type StrictReading = {
  errors: ParseError[];
  /** The text is a CommonJS module or may be one: there `return` may stand outside of functions. */
  mayReturn: boolean;
  /** Nothing but early errors stands against the text: it is valid, whatever another parser says. */
  isValid: boolean;
};

/**
 * The early errors of a text under the kindest reading that its path and content allow: a file without `import` and
 * `export` is a module or a CommonJS one, whichever has fewer. Where the parser gives up, the text is Biome's to judge.
 */
export function readStrictly({
  path,
  text,
  language,
}: {
  path: string;
  text: string;
  language: string;
}): StrictReading {
  let best: (StrictReading & { isModule: boolean }) | undefined;
  for (const sourceType of sourceTypesOf(path)) {
    const reading = read({ path, text, language }, sourceType);
    if (!reading) continue;
    if (!best || reading.errors.length < best.errors.length) best = reading;
    if (best.errors.length === 0 || reading.isModule) break;
  }
  return best ?? { errors: [], mayReturn: false, isValid: false };
}

/** Returns whether a text that is no JavaScript is Flow's, which says so in its first comment or writes its types. */
export function isFlow(text: string): boolean {
  if (!/@(?:no)?flow\b|\{\||:\s*\?\w|\bimport\s+typeof?\b|\btype\s+\w+\s*=|\w\s*:\s*\w+\s*[,)=]/.test(text))
    return false;
  try {
    parse(text, { sourceType: "unambiguous", plugins: ["jsx", ["flow", { all: true }]], attachComment: false });
    return true;
  } catch {
    return false;
  }
}

/** TypeScript writes `import` and `export` in `.cts` too, and leaves it to its settings what the others become. */
function sourceTypesOf(path: string): SourceType[] {
  if (/\.m[jt]s$/i.test(path)) return ["module"];
  return /\.cjs$/i.test(path) ? ["commonjs"] : ["module", "commonjs"];
}

/** Errors at which Babel gives up, and of which V8 has one, too. */
const isThrown = (error: unknown): error is BabelError =>
  error instanceof SyntaxError && "reasonCode" in error && early.has(String(error.reasonCode));

function read({ path, text, language }: { path: string; text: string; language: string }, sourceType: SourceType) {
  let thrown: BabelError | undefined;
  for (const plugins of dialectsOf(path, text, language)) {
    try {
      const { errors, program } = parse(text, { sourceType, plugins, errorRecovery: true, attachComment: false });
      const isModule = program.body.some(({ type }) => /^(?:Import|Export|TSExport|TSImport)/.test(type));
      const isTyped = language === "typescript" || language === "tsx";
      const refused = (errors ?? []).filter(({ reasonCode }) => isEarly(reasonCode, isTyped));
      const mayReturn = sourceType === "commonjs" && !isModule;
      const isValid = (errors ?? []).every(({ reasonCode }) => isEarly(reasonCode, isTyped));
      return { errors: refused.map((error) => describe(error, text)), mayReturn, isValid, isModule };
    } catch (error) {
      // A syntax error, or a syntax that this dialect has not. Nested too deeply for Babel, it is for Biome, too.
      if (isThrown(error)) thrown ??= error;
    }
  }
  return thrown && { errors: [describe(thrown, text)], mayReturn: false, isValid: false, isModule: false };
}

/** Decorators were written in two ways: parameters have them in the older, `export @it class` stands in the newer. */
function dialectsOf(path: string, text: string, language: string): ParserPlugin[][] {
  const isTyped = language === "typescript" || language === "tsx";
  const own: ParserPlugin[] = [
    ...(isTyped ? [["typescript", { dts: /\.d\.(?:\w+\.)?[cm]?ts$/i.test(path) }] satisfies ParserPlugin] : []),
    ...(language === "typescript" ? [] : (["jsx"] as const)),
    "decoratorAutoAccessors",
    "explicitResourceManagement",
    ["importAttributes", { deprecatedAssertSyntax: true }],
  ];
  return text.includes("@")
    ? [
        [...own, "decorators-legacy"],
        [...own, "decorators"],
      ]
    : [own];
}

/**
 * Errors of which V8 has one, too, whatever a project's settings are. Babel's others are left to Biome, or depend on
 * what it can't know: what TypeScript has under a name that a file exports, where a `.cts` file is a module.
 */
const early = new Set([
  "AwaitBindingIdentifier",
  "AwaitNotInAsyncContext",
  "ConstructorIsAccessor",
  "ConstructorIsAsync",
  "ConstructorIsGenerator",
  "DuplicateConstructor",
  "DuplicateDefaultExport",
  "DuplicateExport",
  "DuplicateProto",
  "IllegalBreakContinue",
  "IllegalLanguageModeDirective",
  "IllegalReturn",
  "InvalidPrivateFieldResolution",
  "LabelRedeclaration",
  "LetInLexicalBinding",
  "MixingCoalesceWithLogical",
  "ParamDupe",
  "PrivateNameRedeclaration",
  "StaticPrototype",
  "StrictDelete",
  "StrictEvalArguments",
  "StrictEvalArgumentsBinding",
  "StrictFunction",
  "StrictNumericEscape",
  "StrictOctalLiteral",
  "StrictWith",
  "SuperNotAllowed",
  "UnexpectedNewTarget",
  "UnexpectedSuper",
  "VarRedeclaration",
]);

const isEarly = (code: string, isTyped: boolean): boolean =>
  early.has(code) || (code === "ModuleExportUndefined" && !isTyped);

function describe({ reasonCode, message, pos }: BabelError & { message?: string; pos?: number }, text: string) {
  const start = Math.min(pos ?? 0, text.length);
  const said = (message ?? "").replace(/\s*\(\d+:\d+\)$/, "").replace(/\.$/, "");
  const name = /^[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/u.exec(text.slice(start, start + 200))?.[0];
  const quoted = /['`]([^'`]+)['`]/.exec(said)?.[1] ?? name;
  return { message: sentence(reasonCode, quoted, said), start, end: start + (name?.length ?? 1) };
}

function sentence(code: string, name: string | undefined, said: string): string {
  const shown = name === undefined ? "A name" : `\`${name}\``;
  switch (code) {
    case "VarRedeclaration":
    case "LabelRedeclaration":
    case "PrivateNameRedeclaration":
      return `${shown} is declared twice`;
    case "ParamDupe":
      return `The parameter ${shown} is there twice`;
    case "DuplicateExport":
      return `${shown} is exported twice`;
    case "DuplicateDefaultExport":
      return "There are two default exports";
    case "ModuleExportUndefined":
      return `${shown} is exported but declared nowhere`;
    default:
      return said.replaceAll("'", "`");
  }
}
