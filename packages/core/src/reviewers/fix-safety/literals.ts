/** Literals that stand for the same value before and after a fix. */
import type { Subject } from "./fix-safety";
import { bothTexts, nodeAround } from "./nodes";
import { standsAlone } from "./python";

/** Strings and templates of JavaScript; a tagged template reads its escapes as they are written. */
export function scriptStringsAlike(subject: Subject): boolean {
  const literal = nodeAround(subject, /^(?:String|TemplateString)$/);
  if (
    !literal ||
    literal.parent?.name === "TaggedTemplateExpression" ||
    literal.prevSibling?.name === "MemberExpression"
  )
    return false;
  if (literal.name === "TemplateString" && /[\w$)\]]$/.test(subject.before.slice(0, literal.from))) return false;
  const [before, after] = bothTexts(subject, literal);
  if (literal.name === "TemplateString" && before.split("${").length !== after.split("${").length) return false;
  return cookScript(before) === cookScript(after);
}

const simple: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", v: "\v", f: "\f" };

function cookScript(literal: string): string {
  return literal.replace(
    /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[\n\r\u2028\u2029])|([0-7]{1,3})|([\s\S]))/g,
    (_, braced, four, two, lineBreak, octal, other) => {
      const hex = braced ?? four ?? two;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (lineBreak !== undefined) return "";
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return simple[other] ?? other;
    },
  );
}

/** An escape in CSS takes up to six digits and one blank behind them. */
export function cssValuesAlike(subject: Subject): boolean {
  const literal = nodeAround(subject, /^StringLiteral$/);
  const [start, end] = [subject.edits[0]?.start ?? 0, subject.edits.at(-1)?.end ?? 0];
  const place = literal ?? { from: lineStart(subject.before, start), to: lineEnd(subject.before, end) };
  const [before, after] = bothTexts(subject, place as Parameters<typeof bothTexts>[1]);
  return cookCss(before) === cookCss(after);
}

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const next = text.indexOf("\n", at);
  return next < 0 ? text.length : next;
};

function cookCss(text: string): string {
  return text.replace(
    /\\(?:([\da-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\n\r\f])|([\s\S]))/g,
    (_, hex, lineBreak, other) => {
      if (hex === undefined) return lineBreak === undefined ? other : "";
      const code = Number.parseInt(hex, 16);
      return code === 0 || code > 0x10_ffff ? "\uFFFD" : String.fromCodePoint(code);
    },
  );
}

/** An f-string that only loses its `f`, and does not become a docstring by it. */
export function fStringsAlike(subject: Subject): boolean {
  const literal = nodeAround(subject, /^(?:FormatString|ContinuedString)$/);
  if (!literal || standsAlone(literal)) return false;
  const [before, after] = bothTexts(subject, literal);
  return !/[{}]/.test(before) && before.replace(/^([rR]?)[fF]([rR]?)(?=["'])/, "$1$2") === after;
}
