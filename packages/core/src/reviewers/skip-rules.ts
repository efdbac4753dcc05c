/** Which files are reviewed at all. Cheap enough for the server's own thread, whatever the file. */
import { LIMITS } from "../limits";
import { nestsTooDeeply } from "./nesting";

/** Why a text is not reviewed, or nothing when it is. */
export function skipReason(text: string): string | undefined {
  const { maxFileBytes } = LIMITS.review;
  if (text.length > maxFileBytes || Buffer.byteLength(text) > maxFileBytes) {
    return `larger than ${maxFileBytes / 1024} KB`;
  }
  if (text.includes("\0")) return "holds NUL characters, so it is not text";
  return undefined;
}

/** Why a file is given to no parser, or nothing when it is. */
export function parserSkipReason(file: { text: string; language: string }): string | undefined {
  const reason = skipReason(file.text);
  if (reason || !nestsTooDeeply(file)) return reason;
  return `nests more than ${LIMITS.review.maxNesting} levels deep`;
}
