/** What Biome reads, apart from Biome itself, which is loaded only when it is needed. */

/** The file ending by which Biome knows each language. */
export const biomeEndings = new Map<string, string>(
  Object.entries({
    typescript: "ts",
    tsx: "tsx",
    javascript: "js",
    jsx: "jsx",
    json: "json",
    jsonc: "jsonc",
    css: "css",
    graphql: "graphql",
  }),
);

export function biomeReads(language: string): boolean {
  return biomeEndings.has(language);
}

const ecmaScript = new Set(["typescript", "tsx", "javascript", "jsx"]);

export function isEcmaScript(language: string): boolean {
  return ecmaScript.has(language);
}
