import type { ContentDetector, Language } from "../language";

export const json: Language = {
  id: "json",
  label: "JSON",
  extensions: ["json", "webmanifest", "geojson"],
  names: [".prettierrc"],
  grammar: "JSON",
};

export const jsonc: Language = {
  id: "jsonc",
  label: "JSON with comments",
  extensions: ["jsonc", "json5", "code-workspace"],
  // JSON by their name, but their programs read them with comments.
  namePattern: /^(?:tsconfig|jsconfig)(?:\..+)?\.json$|^\.eslintrc(?:\.json)?$|^(?:settings|launch|tasks)\.json$/,
  grammar: "JavaScript",
};

export const detectJson: ContentDetector = (head) =>
  /^\s*(?:\{\s*"|\[\s*(?:\{|"|\d|\[))/.test(head) ? json.id : undefined;
