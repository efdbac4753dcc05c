/** False positives: known idioms that rules of Biome report, and known mistakes of theirs, as seen in real code. */
import type { SyntaxNode } from "@lezer/common";
import type { Syntax } from "../../syntax";
import type { RawFinding } from "../engine";

type Test = (finding: RawFinding, syntax: Syntax) => boolean;

/** Tell, by rule, whether a finding is worth a person's time. */
const isProblem: Record<string, Test> = {
  /**
   * Comparing with a word or with undefined converts nothing that could surprise. Where a file compares loosely as a rule,
   * only what is compared with a number, a boolean or an empty string is worth a word.
   */
  "biome/suspicious/noDoubleEquals": ({ start, end }, syntax) => {
    const sides = operands(syntax.nodeAt(start, end));
    if (sides.some((side) => isPlainWord(side, syntax) || isHarmlessOperand(syntax.textOf(side)))) return false;
    return sides.some(({ name }) => /^(?:Number|String|BooleanLiteral)$/.test(name)) || !comparesLoosely(syntax.text);
  },
  /** `x !== x` is how one asks for NaN. */
  "biome/suspicious/noSelfCompare": ({ start, end }, syntax) => !syntax.text.slice(start, end).includes("!="),
  /** Only where a comparison may have been meant: as the whole condition of an if or of a choice. */
  "biome/suspicious/noAssignInExpressions": ({ start, end }, syntax) => {
    const node = ancestor(syntax.nodeAt(start, end), "AssignmentExpression");
    const outer = node?.parent;
    if (outer?.name === "ConditionalExpression") return outer.firstChild?.from === node?.from;
    return outer?.name === "ParenthesizedExpression" && outer.parent?.name === "IfStatement";
  },
  /** A var belongs to its function in any case. */
  "biome/correctness/noSwitchDeclarations": ({ start, end }, syntax) => !/^var\b/.test(syntax.text.slice(start, end)),
  /** Biome takes the last of several `var` of one name for its declaration. */
  "biome/correctness/noInvalidUseBeforeDeclaration": (finding, syntax) => !isDeclaredAgain(finding, syntax),
  "biome/correctness/noUnusedVariables": (finding, syntax) =>
    !isDeclaredAgain(finding, syntax) && syntax.nodeAt(finding.start, finding.end)?.parent?.name !== "CatchClause",
  /** <\\/script> keeps a script whole where the code is put into a page. */
  "biome/suspicious/noUselessEscapeInString": ({ start }, { text }) => text[start] !== "/" && text[start + 1] !== "/",
  /** A function named use… is a hook only where React or its like is. */
  "biome/correctness/useHookAtTopLevel": (_, { text }) => /["'](?:preact|react)(?:["'/-])/.test(text),
  /** A placeholder for something else (an editor's snippet, a shell) names nothing that this file declares. */
  "biome/suspicious/noTemplateCurlyInString": ({ start, end }, syntax) => {
    const names = [...syntax.text.slice(start, end).matchAll(/\$\{\s*(\w+)/g)].map(([, name]) => name ?? "");
    const call = ancestor(syntax.nodeAt(start, end), "CallExpression")?.firstChild;
    const isForSnippets = call ? /snippet|template/i.test(syntax.textOf(call)) : false;
    return !isForSnippets && names.some((name) => syntax.declares(name));
  },
  /** {} is the usual way to say "anything" in a bound, and only Function can be asked for in `extends Function`. */
  "biome/complexity/noBannedTypes": ({ start, end }, { text }) =>
    !/^\{\s*\}$/.test(text.slice(start, end)) && !/\bextends\s+$/.test(text.slice(Math.max(0, start - 20), start)),
  /** Data with a key of that name is likely for hasOwnProperty only. */
  "biome/suspicious/noPrototypeBuiltins": ({ title }) => title.includes("hasOwnProperty"),
  /** The value that a callback of forEach returns is ignored by design. */
  "biome/suspicious/useIterableCallbackReturn": ({ title }) => !title.includes("forEach"),
  /** A break after a return is a habit. */
  "biome/correctness/noUnreachable": ({ start, end }, { text }) => !/^break;?\s*$/.test(text.slice(start, end)),
  /** [^] matches any character, on purpose. */
  "biome/correctness/noEmptyCharacterClassInRegex": ({ title }) => !title.includes("negated"),
};

/** Rules that say less about a place than another one that also speaks there: left out in its favour. */
const echoes: Record<string, string> = { "biome/a11y/useValidAnchor": "biome/security/noScriptUrl" };

/** Returns the findings without the false positives that the syntax shows and those that only repeat another. */
export function dropFalsePositives(findings: readonly RawFinding[], syntax: Syntax | undefined): RawFinding[] {
  const kept = findings.filter((finding) => !syntax || !isFalsePositive(finding, syntax));
  return kept.filter((finding) => !isEcho(finding, kept));
}

function isFalsePositive(finding: RawFinding, syntax: Syntax): boolean {
  return !(isProblem[finding.rule]?.(finding, syntax) ?? true);
}

function isEcho({ rule, start, end }: RawFinding, all: readonly RawFinding[]): boolean {
  const stronger = echoes[rule];
  return (
    stronger !== undefined && all.some((other) => other.rule === stronger && other.start < end && start < other.end)
  );
}

function ancestor(node: SyntaxNode | undefined, name: string): SyntaxNode | undefined {
  for (let at = node; at; at = at.parent ?? undefined) if (at.name === name) return at;
  return undefined;
}

function operands(operator: SyntaxNode | undefined): SyntaxNode[] {
  const binary = ancestor(operator, "BinaryExpression");
  return [binary?.firstChild, binary?.lastChild].filter((node): node is SyntaxNode => Boolean(node));
}

/** A string that no number, boolean or empty value could turn into. */
function isPlainWord(node: SyntaxNode, syntax: Syntax): boolean {
  return node.name === "String" && !/^\s*(?:[+-]?\.?\d.*|true|false)?$/.test(syntax.textOf(node).slice(1, -1));
}

/** True where loose comparisons are no slip but the file's way to write: many of them, and more than strict ones. */
function comparesLoosely(text: string): boolean {
  const minLoose = 8;
  const loose = text.match(/[^=!<>][=!]=(?!=)/g)?.length ?? 0;
  const strict = text.match(/[=!]==/g)?.length ?? 0;
  return loose >= minLoose && loose > strict;
}

function isHarmlessOperand(text: string): boolean {
  return /^typeof\b/.test(text) || text === "undefined" || text === "void 0";
}

function isDeclaredAgain({ start, end }: RawFinding, { text }: Syntax): boolean {
  const name = text.slice(start, end);
  if (!/^[\w$]+$/.test(name)) return false;
  const declarations = text.match(new RegExp(`\\bvar\\b[^;]*?[\\s,]${name.replaceAll("$", "\\$")}(?![\\w$])`, "g"));
  return (declarations?.length ?? 0) > 1;
}
