import type { LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";

/** Language ids whose grammar goes by another name, or is another language's. */
const NAMES = new Map<string, string>(
  Object.entries({
    javascript: "JSX",
    jsonc: "JavaScript",
    svelte: "HTML",
    astro: "HTML",
    properties: "Properties files",
    csharp: "C#",
    cpp: "C++",
  }),
);

const loaded = new Map<string, Promise<LanguageSupport | null>>();

/** The grammar of a language id, loaded the first time it is needed; null where there is none. */
export function loadGrammar(language: string): Promise<LanguageSupport | null> {
  const known = loaded.get(language);
  if (known) return known;
  const name = (NAMES.get(language) ?? language).toLowerCase();
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
