/**
 * Recognises lines that stand for code left out ("// ... rest unchanged ..."): writing them into a file would delete what
 * they stand for.
 */

const COMMENT_OPENERS = ["//", "/*", "{/*", "<!--", "#", "--", ";", "%", "*", "'", "rem "];
const WORDS_OF_OMISSION = [
  "rest",
  "remaining",
  "remainder",
  "existing",
  "unchanged",
  "same",
  "previous",
  "omitted",
  "other",
  "code",
  "stays",
  "keep",
  "before",
  "above",
  "truncated",
  "snip",
  "etc",
];
const WHOLE_PHRASES = [
  "remaining code",
  "existing code",
  "existing code here",
  "unchanged",
  "unchanged code",
  "same as before",
  "same as above",
  "code unchanged",
  "no changes",
  "no changes here",
  "keep existing code",
  "other code",
  "omitted",
  "code omitted",
];
const REST_OF = ["rest of ", "the rest of ", "remainder of ", "the remainder of "];
const THINGS_LEFT_OUT = [
  "code",
  "file",
  "function",
  "method",
  "methods",
  "class",
  "component",
  "implementation",
  "content",
];
const MAX_REST_WORDS = 8;
const MAX_LENGTH = 200;

/** The first of `lines` that is an elision and does not itself stand in the base. */
export function findElision(lines: readonly string[], standsInBase: (line: string) => boolean): string | undefined {
  return lines.find((line) => isElision(line) && !standsInBase(line));
}

function isElision(line: string): boolean {
  if (line.length > MAX_LENGTH) return false;
  const text = line.trim().toLowerCase();
  const opener = COMMENT_OPENERS.find((candidate) => text.startsWith(candidate));
  const inside = (opener ? text.slice(opener.length) : text)
    .replace("*/}", "")
    .replace("*/", "")
    .replace("-->", "")
    .trim();
  const hasDots = inside.startsWith("...") || inside.startsWith("…") || inside.endsWith("...") || inside.endsWith("…");
  const words = inside.split(/[^a-z]+/).filter((word) => word !== "");
  if (opener === undefined) {
    // Spread and rest syntax begin with dots too: without a comment, only dots around words of omission count.
    const wrapped = unwrap(inside);
    return wrapped !== undefined && words.length > 1 && words.some((word) => WORDS_OF_OMISSION.includes(word));
  }
  if (hasDots) return words.length === 0 || words.some((word) => WORDS_OF_OMISSION.includes(word));
  if (WHOLE_PHRASES.includes(inside)) return true;
  const namesThing = words.some((word) => THINGS_LEFT_OUT.includes(word));
  return namesThing && words.length <= MAX_REST_WORDS && REST_OF.some((phrase) => inside.startsWith(phrase));
}

/** What stands between dots on both ends, or in brackets after dots: "... rest of code ...", "[... unchanged]". */
function unwrap(text: string): string | undefined {
  const inner =
    (text.startsWith("[") && text.endsWith("]")) || (text.startsWith("(") && text.endsWith(")"))
      ? text.slice(1, -1).trim()
      : text;
  const opens = inner.startsWith("...") || inner.startsWith("…");
  const closes = inner.endsWith("...") || inner.endsWith("…");
  if (!opens || (!closes && inner === text)) return undefined;
  return inner;
}
