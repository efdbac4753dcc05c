/** Regular expressions that match alike before and after a fix: both are compiled and tried on generated strings. */
import type { Subject } from "./fix-safety";
import { bothTexts, nodeAround } from "./nodes";

const trials = 400;
const maxPattern = 400;

export function regularExpressionsAlike(subject: Subject): boolean {
  const literal = nodeAround(subject, /^RegExp$/);
  if (!literal || subject.edits.some(({ start }) => isInClass(subject.before, literal.from, start))) return false;
  const [before, after] = bothTexts(subject, literal).map(compile);
  if (!before || !after || before.flags !== after.flags || before.source.length > maxPattern) return false;
  // Backtracking on generated strings could take for ever.
  if (/\)[*+{]|\[\^?.*\]\*.*\*/.test(before.source)) return false;
  for (const text of sampleTexts(before.source)) if (!isAlike(before, after, text)) return false;
  return true;
}

/** Inside a class each character stands for itself, braces too. */
function isInClass(text: string, from: number, to: number): boolean {
  let depth = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") depth++;
    else if (text[at] === "]" && depth > 0) depth--;
  }
  return depth > 0;
}

function compile(literal: string): RegExp | undefined {
  const [, pattern = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(literal) ?? [];
  try {
    return pattern === "" ? undefined : new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function isAlike(before: RegExp, after: RegExp, text: string): boolean {
  before.lastIndex = 0;
  after.lastIndex = 0;
  const [left, right] = [before.exec(text), after.exec(text)];
  return left?.index === right?.index && JSON.stringify(left) === JSON.stringify(right);
}

/** Texts made of the pattern's own characters, with more and fewer blanks, and of all printable ones. */
function* sampleTexts(pattern: string): Generator<string> {
  const plain = pattern.replace(/\\[bBdDwWsS]|[\^$]/g, (special) =>
    /[dD]/.test(special) ? "7" : /[wW]/.test(special) ? "w" : "",
  );
  const bare = plain.replace(/\\(.)/g, "$1");
  for (const char of printable) yield char;
  for (let blanks = 0; blanks < 8; blanks++) yield bare.replace(/ +/g, " ".repeat(blanks));
  for (const quantifier of [/[{}()[\]?*+|\\]/g, /\{[^}]*\}|[?*+]/g]) yield bare.replace(quantifier, "");
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
  const alphabet = [...new Set(`${bare}   ${printable}`)];
  for (let trial = 0; trial < trials; trial++) {
    const characters = [...bare];
    for (let change = 0; change <= trial % 4; change++) {
      const at = next(characters.length + 1);
      characters.splice(
        at,
        next(3),
        ...Array.from({ length: next(3) }, () => (next(2) === 0 ? " " : (alphabet[next(alphabet.length)] ?? " "))),
      );
    }
    yield characters.join("");
  }
}

const printable = Array.from({ length: 95 }, (_, code) => String.fromCharCode(code + 32)).join("");
