import type { Language } from "../language";

export const yaml: Language = { id: "yaml", label: "YAML", extensions: ["yaml", "yml"], grammar: "YAML" };

/** A workflow of GitHub Actions. */
export const workflow: Language = {
  id: "workflow",
  label: "GitHub workflow",
  extensions: [],
  pathPattern: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
  grammar: "YAML",
};
