/** Recognises two findings at one place as the same problem, whatever their wording. */
import type { Finding } from "../schema";

export type FindingText = Pick<Finding, "rule" | "title" | "startLine" | "endLine">;

/** Words that most titles have and that tell none from another. */
const COMMON = new Set(
  "a an and are as at be been but by can code could do does for from has have if in instead into is it its may might must never no not of on only or prefer rather should so than that the them then there these this to unless use used using want was when where which will with without would you your".split(
    " ",
  ),
);

/**
 * Returns whether two findings share lines and mean the same: one rule, one's rule spelled out in the other's words, or at
 * least half of the shorter one's words. In doubt they differ: a dropped finding is worse than a repeated one.
 */
export function isDuplicateFinding(a: FindingText, b: FindingText): boolean {
  if (a.startLine > b.endLine || b.startLine > a.endLine) return false;
  const [ruleA, ruleB] = [ruleWords(a), ruleWords(b)];
  if (ruleA.size > 0 && sameWords(ruleA, ruleB)) return true;
  const [allA, allB] = [union(ruleA, words(a.title)), union(ruleB, words(b.title))];
  if (isWithin(ruleA, allB) || isWithin(ruleB, allA)) return true;
  const shared = [...allA].filter((word) => allB.has(word)).length;
  return shared >= 2 && shared * 2 >= Math.min(allA.size, allB.size);
}

/** The last part of a rule's id: `noDoubleEquals` of `biome/suspicious/noDoubleEquals`. */
const ruleWords = ({ rule }: FindingText): Set<string> => words(rule.split("/").at(-1) ?? "");

function words(text: string): Set<string> {
  const parts = text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return new Set(parts.filter((part) => part.length > 1 && !COMMON.has(part)).map(stem));
}

/** Good enough to know `equality` and `equals` for one word. */
const stem = (word: string): string => {
  const bare = word.replace(/(?:ities|ity|ies|ing|ed|es|s)$/, "");
  return bare.length >= 3 ? bare : word;
};

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  some.size > 0 && [...some].every((word) => all.has(word));
const sameWords = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && isWithin(a, b);
const union = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> => new Set([...a, ...b]);
