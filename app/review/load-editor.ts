/** Loads the editor's code and a language's grammar side by side. */
export async function loadEditor(language: string) {
  const [createEditor] = await Promise.all([
    import("../editor/create-editor").then(({ createEditor }) => createEditor),
    import("../editor/grammar").then(({ loadGrammar }) => loadGrammar(language)),
  ]);
  return createEditor;
}

/** Loads what the page's code will be edited with while React takes the page over. */
function loadForPage(): void {
  const language = document.querySelector<HTMLElement>("[data-code-language]")?.dataset.codeLanguage;
  if (language) loadEditor(language).catch(() => {});
}

// Not before the code can be read: nothing may come between.
if (typeof document !== "undefined") {
  if (document.readyState === "complete") loadForPage();
  else addEventListener("load", loadForPage, { once: true });
}
