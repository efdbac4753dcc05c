import { AppError } from "../errors";
import { LIMITS } from "../limits";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Returns a path in a codebase's form: relative, `/` between segments, no `.` or `..`, NFC. Windows separators become
 * `/`. Throws INVALID_INPUT for absolute paths, traversal, control characters and names over 255 characters.
 */
export function cleanPath(given: string): string {
  const refuse = (why: string): never => {
    throw new AppError("INVALID_INPUT", `The file name "${shorten(given)}" can't be used: ${why}.`, { field: "path" });
  };
  if (CONTROL.test(given)) refuse("it holds control characters");
  const path = given.normalize("NFC").replaceAll("\\", "/").trim();
  if (path === "") refuse("it is empty");
  if (path.startsWith("/") || /^[A-Za-z]:(?:$|\/)/.test(path)) refuse("it is an absolute path");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.some((segment) => segment === "..")) refuse("it leads out of its folder");
  if (segments.length === 0) refuse("it is empty");
  const clean = segments.join("/");
  if (clean.length > LIMITS.file.maxPathChars) refuse(`it has more than ${LIMITS.file.maxPathChars} characters`);
  return clean;
}

/** Says which file was named twice, or null. Paths are clean: two ways to write the same letters are one path. */
export function repeatedPath(files: readonly { path: string }[]): string | null {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) return path;
    seen.add(path);
  }
  return null;
}

/** The sentence for it. */
export const repeatedSentence = (path: string | null): string =>
  `"${shorten(path ?? "")}" is there twice, perhaps with its letters composed in two ways. Nothing was saved.`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: shown without the characters that would break a line
const shorten = (name: string) => name.replace(/[\u0000-\u001f\u007f]/g, "�").slice(0, 80);
