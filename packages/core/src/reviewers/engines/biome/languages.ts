/** Languages that Biome reads, by the file ending that it recognises each by. */
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

/** Languages of a group of rules. */
export const script = ["typescript", "tsx", "javascript", "jsx"];
export const typed = ["typescript", "tsx"];
export const markup = ["tsx", "jsx", "javascript"];
