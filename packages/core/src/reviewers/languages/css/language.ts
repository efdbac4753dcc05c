import type { ContentDetector, Language } from "../language";

export const css: Language = { id: "css", label: "CSS", extensions: ["css"], grammar: "CSS" };
export const scss: Language = { id: "scss", label: "SCSS", extensions: ["scss"], grammar: "SCSS" };
export const sass: Language = { id: "sass", label: "Sass", extensions: ["sass"], grammar: "Sass" };
export const less: Language = { id: "less", label: "Less", extensions: ["less"], grammar: "LESS" };

export const detectCss: ContentDetector = (head) =>
  /^\s*(?:[.#@:\w*][^{};\n]*)\{\s*(?:\n\s*)?(?:--)?[\w-]+\s*:[^;{}]+;/m.test(head) ? css.id : undefined;
