/** False positives: known idioms that rules of Biome report, and known mistakes of theirs, as seen in real code. */
import type { SyntaxNode } from "@lezer/common";
import type { Syntax } from "../../syntax";
import type { EngineInput, RawFinding } from "../engine";
import { isInForm, isSetter, isStaticMarkup, returnsMarkup } from "./markup-idioms";
import { ancestor, catchesAll, isNumber, isOfAllScripts, isTemporaryNamespace, returnsValue } from "./script-idioms";

type Test = (finding: RawFinding, syntax: Syntax, language: string) => boolean;

/** Tell, by rule, whether a finding is worth a person's time. */
const isProblem: Record<string, Test> = {
  /**
   * Comparing with a word or with undefined converts nothing that could surprise. Properties that are numbers
   * (`length`) convert nothing either, and two names are worth a word where the file compares strictly as a rule.
   */
  "biome/suspicious/noDoubleEquals": ({ start, end }, syntax) => {
    const sides = operands(syntax.nodeAt(start, end));
    if (sides.some((side) => isPlainWord(side, syntax) || isHarmlessOperand(syntax.textOf(side)))) return false;
    const names = sides.filter(({ name }) => name === "VariableName");
    const isLiteral = sides.some(({ name }) => /^(?:Number|String|BooleanLiteral)$/.test(name));
    if (isLiteral) return names.length > 0 || !sides.every((side) => isNumber(side, syntax));
    return names.length > 0 && comparesStrictly(syntax.text);
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
  /** Biome takes the last of several `var` of one name for its declaration. */
  "biome/correctness/noInvalidUseBeforeDeclaration": (finding, syntax) =>
    !isDeclaredAgain(finding, syntax) && !isTemporaryNamespace(finding, syntax),
  /** A page's scripts call what others of them declare. */
  "biome/correctness/noUnusedVariables": (finding, syntax) =>
    !isDeclaredAgain(finding, syntax) &&
    !isOfAllScripts(syntax.nodeAt(finding.start, finding.end), syntax) &&
    syntax.nodeAt(finding.start, finding.end)?.parent?.name !== "CatchClause",
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
  /** Data with a key of that name is likely for hasOwnProperty only. */
  "biome/suspicious/noPrototypeBuiltins": ({ title, start }, { text }) =>
    title.includes("hasOwnProperty") &&
    !/(?:Object\.prototype|\{\})\.$/.test(text.slice(Math.max(0, start - 20), start)) &&
    !/^(?:Object\.prototype|\{\})\./.test(text.slice(start)),
  /** A file that never writes `?.` may not, or does not want to. */
  "biome/complexity/useOptionalChain": (_, { text }) => /\w\?\.[\w([]/.test(text),
  /** Two values in a row are one for browsers that know the second, and one for those that do not. */
  "biome/suspicious/noDuplicateProperties": ({ start }, { text }) => !repeatsLastProperty(text, start),
  "biome/suspicious/noShorthandPropertyOverrides": ({ start }, { text }) =>
    !/^[\w-]+\s*:\s*(?:inherit|initial|unset|[^;}]*(?:gradient|url)\()/.test(text.slice(start, start + 200)),
  /** A callback of forEach returns nothing by design, and one that returns a value somewhere does so where it matters. */
  "biome/suspicious/useIterableCallbackReturn": ({ title, start, end }, syntax) =>
    !title.includes("forEach") && !returnsValue(ancestor(syntax.nodeAt(start, end), "CallExpression"), syntax),
  "biome/suspicious/useGetterReturn": ({ title }) => !title.startsWith("This `return`"),
  "biome/suspicious/noConstantBinaryExpressions": ({ start, end }, { text }) =>
    !/^(?:0|false)\s*(?:\/\/[^\n]*\s*)*\|\|/.test(text.slice(start, end)),
  /** A test without a name of its own is made by a helper. */
  "biome/suspicious/noFocusedTests": ({ start }, { text }) =>
    /^[\w.]*(?:only)?\s*(?:\.only)?\s*\(?\s*["'`]?/.test(text.slice(start)) &&
    !/^[^(]*\(\s*\w+\s*,/.test(text.slice(start, start + 80)),
  /** A break after a return is a habit. */
  "biome/correctness/noUnreachable": ({ start, end }, { text }) => !/^break;?\s*$/.test(text.slice(start, end)),
  /** Decimals are rounded anyway; tables of constants give more of them than fit. */
  "biome/correctness/noPrecisionLoss": ({ start, end }, { text }) => !/[.eE]/.test(text.slice(start, end)),
  /** CommonJS names its exports so, and workers their handlers. */
  "biome/suspicious/noGlobalAssign": ({ start, end }, { text }) =>
    !/^(?:exports|module|on[a-z]+)$/.test(text.slice(start, end)),
  /** The classic transform of JSX calls it. */
  "biome/correctness/noUnusedImports": ({ start, end }, { text }) =>
    !(/^\W*(?:\* as )?React\b|^import (?:\* as )?React\b/.test(text.slice(start, end)) && /<\/|\/>/.test(text)),
  /** An executor that catches all of its errors loses none. */
  "biome/suspicious/noAsyncPromiseExecutor": ({ start, end }, syntax) => !catchesAll(syntax.nodeAt(start, end)),
  "biome/correctness/noNestedComponentDefinitions": ({ start }, syntax, language) =>
    language !== "typescript" && returnsMarkup(start, syntax),
  /** What is hidden from screen readers needs no words for them. */
  "biome/a11y/useHeadingContent": ({ start, end }, { text }) => !/aria-hidden/.test(text.slice(start, end)),
  /** A component inside may be the control. */
  "biome/a11y/noLabelWithoutControl": ({ start, end }, { text }) =>
    !/<[A-Z]|\{\s*(?:props\.)?children\s*\}/.test(text.slice(start, end)),
  /** A hook is called with a function; others have functions of that name. */
  "biome/suspicious/noDuplicateTestHooks": ({ start }, { text }) =>
    /^[\w.]+\(\s*(?:["'`][^"'`]*["'`]\s*,\s*)?(?:async\b|function\b|\(|\w+\s*=>)/.test(text.slice(start, start + 200)),
  /** `<T extends any>` tells a function's parameter from an element. */
  "biome/complexity/noUselessTypeConstraint": (_finding, _syntax, language) => language !== "tsx",
  /** Outside of a form a button submits nothing. */
  "biome/a11y/useButtonType": ({ start, end }, syntax) => isInForm(syntax.nodeAt(start, end), syntax),
  "biome/security/noDangerouslySetInnerHtml": ({ start, end }, syntax) =>
    !isStaticMarkup(syntax.nodeAt(start, end), syntax),
  /** What sets a state, sends an action or goes to a page is the same function each time; what is named without need runs the hook again on purpose. */
  "biome/correctness/useExhaustiveDependencies": ({ title }) =>
    !isSetter(title) && !title.includes("more dependencies than necessary"),
  /** Where continue is all that a branch does, it says that there is nothing to do. */
  "biome/complexity/noUselessContinue": ({ start, end }, syntax) => {
    const statement = ancestor(syntax.nodeAt(start, end), "ContinueStatement");
    const before = statement?.prevSibling;
    return statement?.parent?.name === "Block" && before !== null && before !== undefined && before.name !== "{";
  },
  /** An error without a word that is caught by its own function is a signal. */
  "biome/suspicious/useErrorMessage": ({ start, end }, syntax) =>
    ancestor(syntax.nodeAt(start, end), "TryStatement") === undefined,
  /** `Function` is what is meant where any callable will do. */
  "biome/complexity/noBannedTypes": ({ start, end }, { text }) => {
    const type = text.slice(start, end);
    if (type === "Function") return false;
    // {} is the usual way to say "anything" in a bound or a default.
    return !/^\{\s*\}$/.test(type) && !/\bextends\s+$/.test(text.slice(Math.max(0, start - 20), start));
  },
  /** [^] matches any character, on purpose. */
  "biome/correctness/noEmptyCharacterClassInRegex": ({ title }) => !title.includes("negated"),
};

/** Rules that say less about a place than another one that also speaks there: left out in its favour. */
const echoes: Record<string, string> = {
  "biome/a11y/useValidAnchor": "biome/security/noScriptUrl",
  "biome/suspicious/noConstantBinaryExpressions": "biome/correctness/useValidTypeof",
};

/** Returns the findings without the false positives that the syntax shows and those that only repeat another. */
export function dropFalsePositives(findings: readonly RawFinding[], { syntax, language }: EngineInput): RawFinding[] {
  const kept = findings.filter((finding) => !syntax || !isFalsePositive(finding, syntax, language));
  const lets = kept.filter(({ rule }) => rule === "biome/style/useConst").length;
  // Where let is how names are declared, one of them is no slip.
  const isHabit = lets > 3 && (syntax?.text.match(/\bconst\s/g)?.length ?? 0) < lets;
  return kept.filter((finding) => !isEcho(finding, kept) && !(isHabit && finding.rule === "biome/style/useConst"));
}

function isFalsePositive(finding: RawFinding, syntax: Syntax, language: string): boolean {
  return !(isProblem[finding.rule]?.(finding, syntax, language) ?? true);
}

function isEcho({ rule, start, end }: RawFinding, all: readonly RawFinding[]): boolean {
  const stronger = echoes[rule];
  return (
    stronger !== undefined && all.some((other) => other.rule === stronger && other.start < end && start < other.end)
  );
}

function operands(operator: SyntaxNode | undefined): SyntaxNode[] {
  const binary = ancestor(operator, "BinaryExpression");
  return [binary?.firstChild, binary?.lastChild].filter((node): node is SyntaxNode => Boolean(node));
}

/** A string that no number, boolean or empty value could turn into. */
function isPlainWord(node: SyntaxNode, syntax: Syntax): boolean {
  return node.name === "String" && !/^\s*(?:[+-]?\.?\d.*|true|false)?$/.test(syntax.textOf(node).slice(1, -1));
}

/** True where a loose comparison is a slip: the file writes strict ones as a rule. */
function comparesStrictly(text: string): boolean {
  const loose = text.match(/[^=!<>][=!]=(?!=)/g)?.length ?? 0;
  const strict = text.match(/[=!]==/g)?.length ?? 0;
  return loose < 3 || strict > 2 * loose;
}

function repeatsLastProperty(text: string, start: number): boolean {
  const name = /^[\w-]+/.exec(text.slice(start))?.[0];
  const last =
    text
      .slice(Math.max(0, start - 2_000), start)
      .split(";")
      .at(-2) ?? "";
  return name !== undefined && new RegExp(`(?:^|[{\\s])${name}\\s*:[^:]*$`).test(last);
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
