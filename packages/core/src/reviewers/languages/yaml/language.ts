import type { Language } from "../language";

export const yaml: Language = { id: "yaml", label: "YAML", extensions: ["yaml", "yml"], grammar: "YAML" };
