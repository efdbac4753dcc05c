/**
 * Which fixes may be applied without reading them. A rule's word is not enough: each fix is checked on the text that it
 * changes, and is *unsafe* unless the check shows that the program stays the same.
 */
import { applyEdits, type TextEdit } from "../../text/index";
import type { Syntax } from "../syntax";
import { cssValuesAlike, fStringsAlike, scriptStringsAlike } from "./literals";
import { conversionIsLiteral, notOperatorMoved, parenthesesOnly } from "./python";
import { regularExpressionsAlike } from "./regular-expressions";
import { bindingIsConstant, constraintIsNothing, continueIsLast, labelIsUnused, renameIsNothing } from "./scripts";

/** A fix on its text: `syntax` is the tree before it, of languages that have one. */
export type Subject = {
  language: string;
  syntax: Syntax | undefined;
  before: string;
  after: string;
  edits: readonly TextEdit[];
};

/** A rule without a check has no safe fixes. */
const checks: Readonly<Record<string, (subject: Subject) => boolean>> = {
  "biome/complexity/noAdjacentSpacesInRegex": regularExpressionsAlike,
  "biome/complexity/noUselessContinue": continueIsLast,
  "biome/complexity/noUselessRename": renameIsNothing,
  "biome/complexity/noUselessTypeConstraint": constraintIsNothing,
  "biome/correctness/noUnusedLabels": labelIsUnused,
  "biome/style/useConst": bindingIsConstant,
  "biome/suspicious/noUselessEscapeInString": (subject) =>
    subject.language === "css" ? cssValuesAlike(subject) : scriptStringsAlike(subject),
  "ruff/F541": fStringsAlike,
  "ruff/E713": notOperatorMoved,
  "ruff/E714": notOperatorMoved,
  "ruff/UP018": conversionIsLiteral,
  "ruff/UP034": parenthesesOnly,
};

/** Returns whether a fix of a rule changes nothing that the program does. */
export function isProvenSafe(
  rule: string,
  edits: readonly TextEdit[],
  { text, language, syntax }: { text: string; language: string; syntax: Syntax | undefined },
): boolean {
  const check = checks[rule];
  if (!check || edits.length === 0) return false;
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  return check({ language, syntax, before: text, after: applyEdits(text, sorted), edits: sorted });
}
