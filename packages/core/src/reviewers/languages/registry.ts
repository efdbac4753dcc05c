/** The languages that Redline names, in the order that lists show them. Plain data: browser code may import it. */
import { AppError } from "../../errors";
import { css, detectCss, less, sass, scss } from "./css/language";
import { detectEcmaScript, javascript, jsx, tsx, typescript } from "./ecmascript/language";
import { detectJson, json, json5, jsonc, jsonLines, notebook } from "./json/language";
import type { ContentDetector, Language } from "./language";
import { astro, detectMarkdown, detectMarkup, html, markdown, php, svelte, vue, xml } from "./markup/language";
import {
  compiledLanguages,
  dataLanguages,
  detectDiff,
  detectGo,
  detectGraphql,
  detectRust,
  detectSql,
  graphql,
  otherLanguages,
  ruby,
  toml,
} from "./others";
import { detectPython, python } from "./python/language";
import { workflow, yaml } from "./yaml/language";

export const languages: readonly Language[] = [
  ...[typescript, tsx, javascript, jsx],
  python,
  ...[json, jsonc, json5, jsonLines, notebook],
  ...[css, graphql, markdown],
  ...[html, vue, svelte, astro],
  ...[scss, sass, less],
  ...[yaml, workflow, toml, xml],
  ...dataLanguages,
  ...compiledLanguages,
  ...[ruby, php],
  ...otherLanguages,
];

/** Tried in this order on a text whose path names no language: the first that is sure wins. */
export const contentDetectors: readonly ContentDetector[] = [
  ...[detectMarkup, detectJson, detectDiff, detectGo, detectRust, detectPython],
  ...[detectEcmaScript, detectCss, detectGraphql, detectSql, detectMarkdown],
];

const byId = new Map(languages.map((language) => [language.id, language]));

export function languageById(id: string): Language | undefined {
  return byId.get(id);
}

export function languageLabel(id: string): string {
  return byId.get(id)?.label ?? id;
}

/** Returns the id of a language that Redline names. Throws INVALID_LANGUAGE for any other. */
export function requireLanguage(id: string): string {
  if (byId.has(id)) return id;
  throw new AppError("INVALID_LANGUAGE", `"${id.slice(0, 40)}" is not a language here.`, { field: "language" });
}
