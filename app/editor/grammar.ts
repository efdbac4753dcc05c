import type { LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { languageById } from "@redline/core/reviewers/schema";

const loaded = new Map<string, Promise<LanguageSupport | null>>();

/** Loads the grammar of a language id, cached; null when there is none. */
export function loadGrammar(language: string): Promise<LanguageSupport | null> {
  const known = loaded.get(language);
  if (known) return known;
  const name = (languageById(language)?.grammar ?? language).toLowerCase();
  const description = languages.find((each) => each.name.toLowerCase() === name);
  // Without its grammar (the network may be gone) a file is plain text, and tried again the next time.
  const loading = description
    ? description.load().catch(() => {
        loaded.delete(language);
        return null;
      })
    : Promise.resolve(null);
  loaded.set(language, loading);
  return loading;
}
