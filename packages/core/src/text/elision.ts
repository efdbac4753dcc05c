/**
 * Recognises lines that stand for code left out ("// ... rest unchanged ..."): writing them into a file would delete the
 * code. A line is judged by its form and by what the change deletes: a comment that deletes nothing is a comment.
 */
import { contentOf, isBlank } from "./blanks";
import { readPlaceholder } from "./placeholder";

/** A block's quoted lines, the ones among them that go, and the ones that come. */
export type Rewrite = { quoted: readonly string[]; deleted: readonly string[]; added: readonly string[] };

/** Returns the first added line that stands for code left out; undefined where there is none. */
export function findElision(rewrite: Rewrite, standsInBase: (line: string) => boolean): string | undefined {
  const quoted = new Set(rewrite.quoted.map(contentOf));
  let lost: boolean | undefined;
  for (const [at, line] of rewrite.added.entries()) {
    const certainty = readPlaceholder(line);
    if (!certainty || quoted.has(contentOf(line)) || isCode(rewrite.added, at)) continue;
    lost ??= losesCode(rewrite);
    if (lost || (certainty === "certain" && !standsInBase(line))) return line;
  }
  return undefined;
}

/** "..." is code as the last of C's parameters, and as the end of a YAML document. */
function isCode(lines: readonly string[], at: number): boolean {
  const line = lines[at] as string;
  if (contentOf(line) !== "...") return false;
  const before = contentOf(lines[at - 1] ?? "");
  const after = contentOf(lines[at + 1] ?? "");
  const isLastParameter = before.endsWith(",") && after.startsWith(")");
  return isLastParameter || (line.startsWith("...") && after.startsWith("---"));
}

/** Lines whose going is no loss: closers, comments, and bodies that do nothing. */
const TRIVIAL =
  /^(?:\W*|pass|\.\.\.|return|return None|raise NotImplementedError\b.*|throw new Error\(["'`]not implemented.*)[;,]?$/i;
const COMMENT = /^(?:\/\/|\/\*|\*|#(?!include|define|if|end|else|pragma)|<!--|--|""")/;

const MIN_SHARED_WORDS = 0.5;
/** Past this many pairs of lines to compare, what goes counts as lost. */
const MAX_COMPARISONS = 250_000;

/** Returns whether a deleted line with code has no counterpart among the added ones. */
function losesCode({ deleted, added }: Rewrite): boolean {
  const gone = deleted.map(contentOf).filter((line) => !TRIVIAL.test(line.slice(0, 200)) && !COMMENT.test(line));
  const come = added.filter((line) => !isBlank(line) && !readPlaceholder(line)).map(wordSet);
  if (gone.length * come.length > MAX_COMPARISONS) return true;
  const left = new Set(come);
  return gone.some((line) => {
    const words = wordSet(line);
    for (const other of left) {
      let shared = 0;
      for (const word of words) if (other.has(word)) shared++;
      if (shared < words.size * MIN_SHARED_WORDS || words.size === 0) continue;
      left.delete(other);
      return false;
    }
    return true;
  });
}

const wordSet = (line: string): Set<string> => new Set(line.slice(0, 2000).match(/[\p{L}\p{N}_]+/gu) ?? []);
