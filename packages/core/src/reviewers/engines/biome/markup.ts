/** Biome's messages, in which code is emphasised, as text with code between backticks. */

type MarkupNode = { content: string; elements: readonly unknown[] };

/** Emphasised text of Biome that is not code: nouns and phrases. */
const NOUNS = new Set(
  "array assignment braces callback comments declaration expression getter heading label semicolon".split(" "),
);
const PHRASE = /(?:^|\s)[a-z]+\s[a-z]+(?:\W|$)/;

function isCode(content: string): boolean {
  if (content.includes("`") || NOUNS.has(content)) return false;
  return /^\S+$/.test(content) || (/[^\w\s.]/.test(content) && !PHRASE.test(content));
}

export function toMarkedText(nodes: readonly MarkupNode[]): string {
  const text = nodes
    .map(({ content, elements }) => (elements.includes("Emphasis") && isCode(content) ? `\`${content}\`` : content))
    .join("");
  // Some of them stand in quotes already.
  return text.replace(/(['`])`([^`\n]+)`\1/g, "`$2`");
}
