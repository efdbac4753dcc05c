/** The names of files as diff tools write them: quoted as in C, with a time or a revision behind, or bare. */
import { PatchRefused } from "../patch-refused";

/** `exists` is false where the header says that the file is not there on its side. */
export type HeaderName = { name: string; exists: boolean };

/** No file system takes longer paths, and with a time behind them. */
const MAX_NAME_CHARS = 5_000;

const NOTHING = "/dev/null";

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
/** A time or a revision that stands behind blanks instead of a tab. */
const STAMP = new RegExp(
  `[ ]+(?:\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d(?::\\d\\d).*|${DAY} ${MONTH} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d .*|` +
    "\\((?:revision \\d+|working copy|nonexistent)\\))$",
);
/** The time of a missing file: the epoch, in whichever time zone. */
const EPOCH = new RegExp(
  `^(?:1970-01-01 |1969-12-31 |${DAY} Jan +0?1 \\d\\d:\\d\\d:\\d\\d (?:[A-Z]+ )?1970|Wed Dec 31 \\d\\d:\\d\\d:\\d\\d (?:[A-Z]+ )?1969)`,
);

/** The name behind "--- " or "+++ ". Throws PatchRefused for one that is no UTF-8. */
export function readHeaderName(text: string): HeaderName {
  const { name, rest } = splitStamp(bounded(text));
  const stamp = rest.trim();
  return { name, exists: name !== NOTHING && !EPOCH.test(stamp) && !stamp.endsWith("(nonexistent)") };
}

function splitStamp(text: string): { name: string; rest: string } {
  const quoted = readQuoted(text);
  if (quoted) return quoted;
  const tab = text.indexOf("\t");
  if (tab !== -1) return { name: text.slice(0, tab), rest: text.slice(tab + 1) };
  const stamp = STAMP.exec(text);
  if (stamp) return { name: text.slice(0, stamp.index), rest: stamp[0] };
  return { name: text.trimEnd(), rest: "" };
}

/** A name alone on its line, as behind "rename from ". */
export function readBareName(text: string): string {
  const line = bounded(text);
  return readQuoted(line)?.name ?? line;
}

function bounded(text: string): string {
  if (text.length > MAX_NAME_CHARS) throw new PatchRefused("The diff names a file by a name that is too long.");
  return text.replace(/\r$/, "");
}

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A name in quotes, with C's escapes: bytes in octal, which are UTF-8. */
function readQuoted(text: string): { name: string; rest: string } | undefined {
  if (!text.startsWith('"')) return undefined;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 1; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') return { name: decodeUtf8(bytes), rest: text.slice(at + 1) };
    if (char !== "\\") {
      // A name that is only quoted for its quotes may hold letters as they are.
      const point = String.fromCodePoint(text.codePointAt(at) as number);
      bytes.push(...encoder.encode(point));
      at += point.length - 1;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
    const escaped = ESCAPES[text[at + 1] ?? ""];
    if (octal) {
      bytes.push(Number.parseInt(octal[0], 8));
      at += 3;
    } else if (escaped !== undefined) {
      bytes.push(escaped);
      at++;
    } else return undefined;
  }
  return undefined;
}

function decodeUtf8(bytes: readonly number[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    throw new PatchRefused("The diff names a file in an encoding other than UTF-8; such a name can't be used.");
  }
}

/** Both names of "diff --git X Y", in the one way in which they can be parted; undefined where that is not certain. */
export function readGitNames(text: string): { from: string; to: string } | undefined {
  const line = bounded(text);
  const quoted = readQuoted(line);
  if (quoted)
    return quoted.rest.startsWith(" ") ? { from: quoted.name, to: readBareName(quoted.rest.slice(1)) } : undefined;
  const found: { from: string; to: string }[] = [];
  for (let at = line.indexOf(" "); at !== -1; at = line.indexOf(" ", at + 1)) {
    const [from, to] = [line.slice(0, at), readBareName(line.slice(at + 1))];
    if (from === to || (withoutFirst(from) !== undefined && withoutFirst(from) === withoutFirst(to)))
      found.push({ from, to });
  }
  if (found.length === 1) return found[0];
  const [from, to, more] = line.split(" ");
  return found.length === 0 && from && to && more === undefined ? { from, to } : undefined;
}

/** A path without its first folder; undefined where it is in none. */
export function withoutFirst(path: string): string | undefined {
  const slash = path.indexOf("/");
  return slash === -1 || slash === path.length - 1 ? undefined : path.slice(slash + 1);
}
