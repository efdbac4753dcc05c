import type { ContentDetector, Language } from "../language";

export const markdown: Language = {
  id: "markdown",
  label: "Markdown",
  extensions: ["md", "markdown", "mdx"],
  grammar: "Markdown",
  isProse: true,
};

export const html: Language = { id: "html", label: "HTML", extensions: ["html", "htm", "xhtml"], grammar: "HTML" };
export const vue: Language = { id: "vue", label: "Vue", extensions: ["vue"], grammar: "Vue" };
export const svelte: Language = { id: "svelte", label: "Svelte", extensions: ["svelte"], grammar: "HTML" };
export const astro: Language = { id: "astro", label: "Astro", extensions: ["astro"], grammar: "HTML" };

export const php: Language = {
  id: "php",
  label: "PHP",
  extensions: ["php", "phtml"],
  interpreters: ["php"],
  grammar: "PHP",
  hasFunctions: true,
};

export const xml: Language = {
  id: "xml",
  label: "XML",
  extensions: ["xml", "svg", "xsl", "xsd", "plist"],
  grammar: "XML",
};

/** By what only the beginning of such a file holds. */
export const detectMarkup: ContentDetector = (head) => {
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(head)) return html.id;
  if (/^\s*<\?php/.test(head)) return php.id;
  return /^\s*<\?xml/.test(head) ? xml.id : undefined;
};

export const detectMarkdown: ContentDetector = (head) => (/^#{1,6} \S|^```/m.test(head) ? markdown.id : undefined);
