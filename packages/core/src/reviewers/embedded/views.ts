import { componentView } from "./components";
import { notebookView } from "./notebook";
import { plainView, type View } from "./view";

/** Languages whose files hold code of another one, and that language. */
const embedded: Readonly<Record<string, { language: string; view: (text: string) => View | Promise<View> }>> = {
  notebook: { language: "python", view: notebookView },
  vue: { language: "typescript", view: (text) => componentView(text, "vue") },
  svelte: { language: "typescript", view: (text) => componentView(text, "svelte") },
  astro: { language: "typescript", view: (text) => componentView(text, "astro") },
};

/** Returns the language that engines read a file of another one in. */
export const codeLanguage = (language: string): string => embedded[language]?.language ?? language;

/** Returns the view of a file without its byte order mark; of most files that is their text as it is. */
export async function viewOf(text: string, language: string): Promise<View> {
  return (await embedded[language]?.view(text)) ?? { ...plainView, text, language };
}
