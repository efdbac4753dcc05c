/** Which files are reviewed at all. Cheap enough for the server's own thread, whatever the file. */
import { LIMITS } from "../limits";
import { nestsTooDeeply } from "./nesting";

/** Why a text is not reviewed, or nothing when it is. */
export function skipReason(text: string): string | undefined {
  const { maxFileBytes, maxLineChars } = LIMITS.review;
  if (text.length > maxFileBytes || Buffer.byteLength(text) > maxFileBytes) {
    return `larger than ${maxFileBytes / 1024} KB`;
  }
  if (text.includes("\0")) return "holds NUL characters, so it is not text";
  for (let start = 0; start <= text.length; ) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    if (end - start > maxLineChars) return `has a line longer than ${maxLineChars.toLocaleString("en")} characters`;
    start = end + 1;
  }
  return undefined;
}

/** Why a file is given to no parser, or nothing when it is. */
export function parserSkipReason(file: { text: string; language: string }): string | undefined {
  const reason = skipReason(file.text);
  if (reason || !nestsTooDeeply(file)) return reason;
  return `nests more than ${LIMITS.review.maxNesting} levels deep`;
}

/** Returns whether lines have hundreds of characters on average: programs wrote them, and findings there help no one. */
export function looksMinified(text: string): boolean {
  const minChars = 2_000;
  const meanLineChars = 220;
  return text.length >= minChars && text.length / text.split("\n").length > meanLineChars;
}
