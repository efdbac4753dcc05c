/**
 * The words of a name, for search: runs of letters and digits; `UserService` also yields `Service`, and `HTTPServer`
 * `Server`.
 */

const RUN = /[\p{L}\p{N}]+/gu;
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** More words than a name's 120 characters hold; the transaction that stores them takes 100 writes. */
const MAX_TERMS = 80;

/** Returns the terms that a name is found by: its words in lower case. A search word is the start of one of them. */
export function searchTerms(name: string): string[] {
  const terms = new Set<string>();
  for (const [run] of name.normalize("NFC").matchAll(RUN)) {
    const humps = run.split(HUMP);
    for (let from = 0; from < humps.length; from += 1) terms.add(humps.slice(from).join("").toLowerCase());
  }
  return [...terms].slice(0, MAX_TERMS);
}

/** Returns the words of a search, in lower case, the longest first. */
export function searchWords(search: string): string[] {
  const words = [...search.normalize("NFC").matchAll(RUN)].map(([run]) => run.toLowerCase());
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

/** Returns whether each word is the start of one of the terms. */
export const hasWords = (terms: readonly string[], words: readonly string[]): boolean =>
  words.every((word) => terms.some((term) => term.startsWith(word)));
