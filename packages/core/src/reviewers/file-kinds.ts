/** Tells files that people wrote from those that they did not, and tests from what they test. */
import { LIMITS } from "../limits";

const testFolder =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|testing|test[-_](?:utils?|helpers?|support|data)|testdata|specs?|e2e|fixtures?|mocks?|bench(?:marks?)?|examples?|demos?|samples?|docs?(?:_src)?|playground|[\w.-]+[-_]tests?)\//i;
const testName =
  /(?:^|\/)(?:test_[^/]*|conftest)\.pyi?$|[._-](?:test|tests|spec|e2e|bench|benchmark|stories|fixture)s?\.[^/]+$|[^/](?:Tests?|TestCase|Spec|IT)\.(?:java|kt|cs|scala|php|swift)$|_(?:test|spec)\.\w+$/;

/** Returns whether a file is there to check others: a test, its data and helpers, a benchmark, or to show: an example. */
export const isTest = (path: string): boolean => testFolder.test(path) || testName.test(path);

/** Where the code of others is kept. */
const vendored = /(?:^|\/)(vendor|vendored|_vendor|third[-_]?party|node_modules|bower_components|Pods)\//i;
/** What a test tool wrote down to compare with. */
const snapshot = /(?:^|\/)__snapshots__\/|\.snap$|[.-]snapshot\.\w+$/i;
const minifiedName = /[.-]min\.(?:js|mjs|cjs|css)$|\.bundle\.js$/i;

/** Lines at a file's head in which generators speak of themselves. */
const headLines = 25;
const marker =
  /^\s*(?:\/\/|\/\*+|\*|#+|--|;|<!--|"""|%|REM\b)[^\n]*?(@generated\b|<auto-?generated|\b(?:auto-?|automatically )generated\b|\bgenerated (?:by|from|with|using|code|file)\b|\bdo not (?:edit|modify|change)\b)[^\n]*/gim;
/** Of these words one alone may be prose about something else. */
const isSure = (words: string, line: string) =>
  /^(?:@generated|<auto)/i.test(words) ||
  (/generated/i.test(line) && /\b(?:auto|automatic|not (?:edit|modify|change)|hand|manual|overwritten)/i.test(line));

/**
 * Returns why linters should not judge a text, as words that follow its name; undefined for code that people wrote.
 * Findings in the others help no one: they come back with the next build.
 */
export function unlintedReason({ path, text }: { path: string; text: string }): string | undefined {
  const folder = vendored.exec(path)?.[1];
  if (folder) return `is kept in ${folder}/ for others`;
  if (snapshot.test(path)) return "is a snapshot of a test";
  if (minifiedName.test(path) || looksMinified(text)) return "looks minified or generated";
  const generated = generatedMarker(text);
  if (generated) return `says that it is generated ("${generated}")`;
  return longLine(text);
}

/** The words in which a text says that a program wrote it. */
function generatedMarker(text: string): string | undefined {
  const head = text
    .split("\n", headLines)
    .join("\n")
    .slice(0, headLines * 200);
  for (const { 0: line, 1: words = "", index } of head.matchAll(marker)) {
    const next = head.slice(index + line.length).split("\n", 2)[1] ?? "";
    if (isSure(words, `${line} ${/^\s*(?:\/\/|\*|#|--)/.test(next) ? next : ""}`)) return words.replace(/^</, "");
  }
  return undefined;
}

function longLine(text: string): string | undefined {
  const { maxLineChars } = LIMITS.review;
  for (let start = 0; start <= text.length; ) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    if (end - start > maxLineChars) return `has a line longer than ${maxLineChars.toLocaleString("en")} characters`;
    start = end + 1;
  }
  return undefined;
}

/** Returns whether lines have hundreds of characters on average: programs wrote them, and findings there help no one. */
export function looksMinified(text: string): boolean {
  const minChars = 2_000;
  const meanLineChars = 220;
  return text.length >= minChars && text.length / text.split("\n").length > meanLineChars;
}
