/** Expressions of Python that mean the same before and after a fix. */
import type { SyntaxNode } from "@lezer/common";
import { childrenOf } from "../languages/syntax-rules";
import type { Subject } from "./fix-safety";
import { bothTexts, nodeAround } from "./nodes";

/** Returns whether an expression is a statement: a string that becomes one is a docstring. */
export const standsAlone = (node: SyntaxNode): boolean => node.parent?.name === "ExpressionStatement";

const squeeze = (text: string): string => text.replace(/[\s()]+/g, "");

/** `not a in b` becomes `a not in b`, with one comparison and nothing that binds less between them. */
export function notOperatorMoved(subject: Subject): boolean {
  const negation = nodeAround(subject, /^UnaryExpression$/);
  if (!negation || !/^not\b/.test(subject.before.slice(negation.from))) return false;
  let inner = negation.lastChild;
  while (inner?.name === "ParenthesizedExpression") inner = inner.firstChild?.nextSibling ?? null;
  if (inner?.name !== "BinaryExpression") return false;
  const [left, operator, right] = childrenOf(inner);
  const words = operator && subject.before.slice(operator.from, operator.to);
  if (!left || !right || (words !== "in" && words !== "is") || isComparison(left) || isComparison(right)) return false;
  const text = (node: SyntaxNode) => subject.before.slice(node.from, node.to);
  const wanted = words === "in" ? [text(left), "not in", text(right)] : [text(left), "is not", text(right)];
  return squeeze(bothTexts(subject, negation)[1]) === squeeze(wanted.join(" "));
}

const comparing = new Set(["in", "not", "is", "<", ">", "<=", ">=", "==", "!=", "CompareOp"]);
const isComparison = (node: SyntaxNode): boolean =>
  node.name === "BinaryExpression" && childrenOf(node).some(({ name }) => comparing.has(name));

/** `str("a")` becomes `"a"`, where the name is Python's own, nothing binds tighter, and no docstring comes of it. */
export function conversionIsLiteral(subject: Subject): boolean {
  const call = nodeAround(subject, /^CallExpression$/);
  if (!call || standsAlone(call)) return false;
  const [before, after] = bothTexts(subject, call);
  const [, type = "", value = ""] = /^(str|bytes|int|float|bool)\(\s*([\s\S]*?)\s*,?\s*\)$/.exec(before) ?? [];
  if (!type || isRedefined(type, subject.before)) return false;
  if (value === "") return after === { str: '""', bytes: 'b""', int: "0", float: "0.0", bool: "False" }[type];
  const isPlain = {
    str: /^[rRuUfF]{0,2}["']/,
    bytes: /^[bBrR]{1,2}["']/,
    int: /^[\d_]+$/,
    float: /^[\d_]+\.[\d_]+$/,
    bool: /^(?:True|False)$/,
  };
  if (!isPlain[type as keyof typeof isPlain].test(value)) return false;
  const isOne = call.getChild("ArgList")?.firstChild?.nextSibling?.name !== "ContinuedString";
  const needsParentheses = type === "int" || type === "float" ? call.parent?.name === "MemberExpression" : false;
  return isOne && !needsParentheses && after === value;
}

const isRedefined = (name: string, text: string): boolean =>
  new RegExp(
    String.raw`\b(?:def|class|as|import|for|global|nonlocal)\s+${name}\b|\b${name}\s*(?::[^=\n]*)?=(?!=)|[(,]\s*${name}\s*[,):=]|import \*`,
  ).test(text);

/** One of two pairs of parentheses goes, around what is no tuple, no generator and nothing that needs them. */
export function parenthesesOnly(subject: Subject): boolean {
  const group = nodeAround(subject, /^(?:ParenthesizedExpression|ArgList)$/);
  if (!group) return false;
  const whole = group.name === "ArgList" ? group : (group.parent ?? group);
  const inner = group.name === "ArgList" ? group.firstChild?.nextSibling : group;
  const content = inner?.name === "ParenthesizedExpression" ? inner.firstChild?.nextSibling : inner;
  if (!content || /^(?:YieldExpression|NamedExpression|TupleExpression|ComprehensionExpression)$/.test(content.name))
    return false;
  const [before, after] = bothTexts(subject, whole);
  const removed = before.replace(/[\s()]/g, "");
  return (
    removed === after.replace(/[\s()]/g, "") &&
    count(before, "(") - 1 === count(after, "(") &&
    !/\byield\b|:=|\bfor\b|\n/.test(before)
  );
}

const count = (text: string, char: string): number => text.split(char).length - 1;
