import { looksMinified } from "../../file-kinds";
import { languageById } from "../../languages/registry";
import type { RawFinding } from "../engine";

/** Turn the order of what is shown around: code reads otherwise than it runs (CVE-2021-42574). */
const turning = /[\u202A-\u202E\u2066-\u2069]/;
/** Those of them that no script needs. */
const overriding = /[\u202D\u202E]/;
/** Are not shown at all. */
const invisible = /[\u200B\u2060-\u2064\u00AD\u115F\u1160\u3164\uFFA0\u180E]|[\u{E0001}-\u{E007F}]/u;
/** Join or part letters in some scripts and emoji: out of place between plain letters only. */
const joining = /(?<=[!-~])(?:\u200C|\u200D|\uFEFF)(?=[!-~])/;
const any = new RegExp(`${turning.source}|${invisible.source}|${joining.source}`, "gu");

/** One finding for each line that holds characters which hide what it says. Documents may need them for their script. */
export function findHiddenCharacters(text: string, { language = "text" } = {}): RawFinding[] {
  const isMinified = looksMinified(text);
  const isProse = languageById(language)?.isProse === true;
  const found: RawFinding[] = [];
  let line = -1;
  for (const { 0: character, index } of text.matchAll(any)) {
    const start = text.lastIndexOf("\n", index - 1) + 1;
    const isTurning = turning.test(character);
    if (isProse && !overriding.test(character)) continue;
    if (start === line || (!isTurning && (isMinified || isNeeded(text, index, character.length)))) continue;
    line = start;
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const title = isTurning
      ? `A character that turns the text around (${code}): the line runs otherwise than it reads`
      : `A character that nobody sees (${code})`;
    found.push({
      ...{ rule: "redline/hidden-character", start: index, end: index + character.length, title },
      ...(!isTurning && { severity: "minor" as const }),
    });
  }
  return found;
}

/** Returns whether a character stands beside letters of a script that may need it, or ends an emoji's flag. */
function isNeeded(text: string, at: number, length: number): boolean {
  if (/(?:\u{1F3F4}[\u{E0001}-\u{E007F}]*)$/u.test(text.slice(Math.max(0, at - 20), at))) return true;
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  if ((line.match(/[^\t-\u024F\p{P}\p{S}\p{Z}\p{C}]/gu) ?? []).length > 3) return true;
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
  const after = String.fromCodePoint(text.codePointAt(at + length) ?? 0);
  return [before, after].some(
    (char) => char > "\u007F" && /[\p{L}\p{M}\p{Extended_Pictographic}]/u.test(char) && !invisible.test(char),
  );
}
