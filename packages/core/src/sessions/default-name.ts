/** The names of sessions that nobody named. */
import { LIMITS } from "../limits";

const MAX_SYMBOLS = 3;
/** Declarations at the start of a line, whatever the language: its keywords and the name that follows them. */
const DECLARATION =
  /^(?:(?:export|default|public|private|internal|abstract|final|static|async|declare|pub)\s+)*(?:function\*?|class|def|interface|type|enum|struct|trait|impl|fn|func|fun|module|const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gmu;

/**
 * Returns a session's name: its first file and the number of the others. With `isPasted` the first file's own name says
 * nothing, and its first symbols follow.
 */
export function defaultName(files: readonly { path: string; text: string }[], { isPasted = false } = {}): string {
  const [first] = files;
  if (!first) return "Session";
  const name = first.path.split("/").at(-1) ?? first.path;
  const symbols = isPasted ? firstSymbols(first.text) : [];
  const rest = files.length - 1;
  const named = symbols.length > 0 ? `${name} · ${symbols.join(", ")}` : name;
  return (rest === 0 ? named : `${named} and ${rest} more`).slice(0, LIMITS.session.maxNameChars);
}

function firstSymbols(text: string): string[] {
  const names = new Set<string>();
  for (const [, name = ""] of text.matchAll(DECLARATION)) {
    names.add(name);
    if (names.size === MAX_SYMBOLS) break;
  }
  return [...names];
}
