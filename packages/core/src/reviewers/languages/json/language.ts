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
  extensions: ["jsonc", "code-workspace", "code-snippets", "sublime-settings", "sublime-project"],
  names: ["bun.lock", ".jshintrc", ".jscsrc", ".swcrc", ".babelrc", ".hintrc"],
  // JSON by their name, but their programs read them with comments.
  pathPattern: new RegExp(
    [
      String.raw`\/(?:tsconfig|jsconfig)(?:[.-].+)?\.json$`,
      String.raw`\/\.(?:eslintrc|oxlintrc|swcrc|babelrc|devcontainer)(?:\.json)?$`,
      String.raw`\/(?:devcontainer|turbo|deno|nx|tslint|tsdoc|typedoc|api-extractor|babel\.config|language-configuration)\.json$`,
      String.raw`\/\.(?:vscode|devcontainer|zed)\/.*\.json$`,
      String.raw`\/(?:settings|launch|tasks|keybindings)\.json$`,
    ].join("|"),
  ),
  grammar: "JavaScript",
};

export const json5: Language = {
  id: "json5",
  label: "JSON5",
  extensions: ["json5"],
  names: [".renovaterc.json5"],
  grammar: "JavaScript",
};

export const notebook: Language = {
  id: "notebook",
  label: "Jupyter notebook",
  extensions: ["ipynb"],
  grammar: "JSON",
};

/** One value a line. */
export const jsonLines: Language = {
  id: "jsonl",
  label: "JSON Lines",
  extensions: ["jsonl", "ndjson"],
  grammar: "JSON",
};

export const detectJson: ContentDetector = (head) =>
  /^\s*(?:\{\s*"|\[\s*(?:\{|"|\d|\[))/.test(head) ? json.id : undefined;
