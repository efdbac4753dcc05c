/** The grammars that colour code and give its structure, each loaded when it is first needed. */
import { languages as grammars } from "@codemirror/language-data";
import type { Parser } from "@lezer/common";
import { languageById } from "./languages/registry";

const loaded = new Map<string, Promise<Parser | undefined>>();

/** Returns the parser for a grammar of @codemirror/language-data by its name, or undefined where there is none. */
export async function namedParser(name: string | undefined): Promise<Parser | undefined> {
  if (!name) return undefined;
  const known = loaded.get(name);
  if (known) return known;
  const description = grammars.find((grammar) => grammar.name === name);
  const parser = description
    ? description.load().then((support) => support.language.parser)
    : Promise.resolve(undefined);
  loaded.set(name, parser);
  return parser;
}

/** Returns the parser of a language's grammar, or undefined for a language without one. */
export const grammarParser = (language: string): Promise<Parser | undefined> =>
  namedParser(languageById(language)?.grammar);
