/** The forms in which models write that they left code out: comments of all languages, dots, brackets. */

/** The certainty that a line stands for code: `certain` by its form alone, `likely` where code goes with it. */
export type PlaceholderCertainty = "certain" | "likely";

/** Words that say that something stands for what was there. */
const OMISSION_WORDS = wordSet(`
  elided etc existing omitted original previous remainder remaining rest same snip snipped truncated unchanged unmodified
  untouched
`);
/** Words that go with them in a placeholder, and say nothing of their own. */
const PLAIN_WORDS = wordSet(`
  above all and are arguments args as attributes before below block blocks body bottom brevity cases change changed changes
  class classes code component components config configuration constants content contents continue continues current
  declarations definitions elements else end entries everything fields file for from function functions goes go handler
  handlers here html impl implementation implementations import imports in is it items jobs jsx keep keeps kept line lines
  logic markup members method methods middle more no not of old on options other others params parameters part parts
  properties props recipes remain remains rules section sections setup shown so start state statements stay stays steps
  styles stuff targets test tests the things this to top types up until values variables was were with your
`);

const OPENERS = [
  "{/*",
  "{{!--",
  "{{!",
  "<%--",
  "<%#",
  "<!--",
  "/*",
  "//",
  "--[[",
  "--",
  "(*",
  "{-",
  "{#",
  "#",
  ";",
  "%",
  "*",
  "'",
  "@rem ",
  "rem ",
];
const CLOSERS = ["*/}", "--}}", "}}", "--%>", "%>", "-->", "*/", "]]", "*)", "-}", "#}"];
/** Code that a placeholder may stand behind on one line, being the whole body with it. */
const EMPTY_BODY = /^(?:pass|\.\.\.|return|[{}()[\];,\s]*)$/;
/** Words that a comment of a few words hardly has but in place of code. */
const STRONG_WORDS = wordSet("elided omitted snip snipped unchanged unmodified untouched");
/** The last words of "same loop as before", "keep it as is", "the loop stays the same", "rest of the code". */
const STAYS =
  /(?:^|\b(?:as|like|same|the same|was|is) )(?:as )?(?:before|above|is|it was|it is|was)$|\b(?:stays?|remains?|keeps?|is) the same$|^(?:the )?same(?: \w+){1,2}$|\b(?:code|function|file|rest) continues?$|^(?:todo )?(?:the )?rest of (?:the |this |your )?\w+$/;
const STRUCTURES = /(?:^|\b(?:for|while|if|else|try|switch|the) )(?:loop|block|body|logic|implementation)$/;
/** Placeholders in other languages than English, as models answer in the question's language. */
const STAYS_ELSEWHERE =
  /inchang\u00e9|sans changement|unver\u00e4ndert|bleibt (?:gleich|unver|so)|wie (?:bisher|zuvor|oben)|sin cambios|se mantiene igual|sem altera|inalterad|invariat|senza modifiche|ongewijzigd|\u0431\u0435\u0437 \u0438\u0437\u043c\u0435\u043d\u0435\u043d\u0438\u0439|\u043e\u0441\u0442\u0430\u043b\u044c\u043d\u043e\u0439 \u043a\u043e\u0434|\u4e0d\u53d8|\u7701\u7565|\u5176\u4f59|\u540c\u4e0a|\u5909\u66f4\u306a\u3057|\u305d\u306e\u307e\u307e|\ub3d9\uc77c|\uc0dd\ub7b5|\ubcc0\uacbd \uc5c6/i;
const MAX_PHRASE_WORDS = 8;
const MAX_LENGTH = 200;
const MAX_WORDS = 12;

/** Returns how sure it is that `line` stands for code left out; undefined where nothing says so. */
export function readPlaceholder(line: string): PlaceholderCertainty | undefined {
  if (line.length > MAX_LENGTH) return undefined;
  const text = line.trim();
  const comment = commentOf(text);
  if (comment !== undefined) return readComment(comment);
  return readBare(text) ?? readTrailing(text);
}

/** The text of a line that is a comment and nothing else. */
function commentOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  const opener = OPENERS.find((each) => lower.startsWith(each));
  if (opener === undefined) return undefined;
  const inside = text.slice(opener.length);
  const closer = CLOSERS.find((each) => inside.endsWith(each));
  const end = closer === undefined ? inside : inside.slice(0, -closer.length);
  return end.replace(/^[/*!#;%\-=~\s]+/, "").replace(/[/*#;%\-=~\s]+$/, "");
}

type Phrase = { words: string[]; opens: boolean; closes: boolean; isBracketed: boolean };

function readPhrase(text: string): Phrase {
  const bare = text.replace(/^[([<{]\s*/, "").replace(/\s*[)\]>}]$/, "");
  const inner = text.length - bare.length >= 2 ? bare : text;
  return {
    words: inner.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [],
    opens: /^[([<{]?\s*(?:\.{3,}|\u2026)/.test(text),
    closes: /(?:\.{3,}|\u2026)\s*[)\]>}]?$/.test(text),
    isBracketed: inner !== text,
  };
}

/** Returns whether all words are typical of placeholders, and at least one means an omission. */
function speaksOfOmission({ words }: Phrase): boolean {
  const isPlain = words.every((word) => OMISSION_WORDS.has(word) || PLAIN_WORDS.has(word));
  const joined = words.join(" ");
  const says =
    words.some((word) => OMISSION_WORDS.has(word)) ||
    /^(?:other|more|no changes?|keep|all other|your) ?/.test(`${joined} `) ||
    /\b(?:code|implementation|logic|body) (?:here|goes here|above|below|stays|remains)$/.test(joined);
  return isPlain && says && words.length > 0 && words.length <= MAX_WORDS;
}

function saysThatItStays({ words }: Phrase): boolean {
  const joined = words.join(" ");
  return (
    words.some((word) => STRONG_WORDS.has(word)) ||
    STAYS.test(joined) ||
    STRUCTURES.test(joined) ||
    STAYS_ELSEWHERE.test(joined)
  );
}

function readComment(text: string): PlaceholderCertainty | undefined {
  const phrase = readPhrase(text);
  const hasDots = phrase.opens || phrase.closes;
  if (phrase.words.length === 0) return hasDots ? "likely" : undefined;
  if (speaksOfOmission(phrase)) return hasDots || phrase.isBracketed ? "certain" : "likely";
  if (phrase.opens && (phrase.closes || phrase.words.length <= MAX_PHRASE_WORDS)) return "likely";
  if (phrase.words.length <= MAX_PHRASE_WORDS && saysThatItStays(phrase)) return "likely";
  const isForeign = phrase.opens && /^\P{ASCII}/u.test(phrase.words[0] ?? "");
  const isOmission = phrase.words.some((word) => OMISSION_WORDS.has(word) || word === "other");
  const isPlain = phrase.words.every((word) => PLAIN_WORDS.has(word));
  return hasDots && (isForeign || isOmission || isPlain) ? "likely" : undefined;
}

/** Without a comment around it, dots may be a spread ("...rest,") and brackets a list. */
function readBare(text: string): PlaceholderCertainty | undefined {
  if (/^(?:\.{3}|\u2026)$/.test(text)) return "likely";
  const phrase = readPhrase(text);
  const isProse = /^[([<{]?\s*(?:\.{3,}|\u2026)?[\p{L}\p{N}\s',-]*(?:\.{3,}|\u2026)?\s*[)\]>}]?$/u.test(text);
  if (!isProse) return undefined;
  if (phrase.opens && phrase.closes)
    return phrase.words.length === 0 || speaksOfOmission(phrase) ? "certain" : "likely";
  const isMarked = phrase.opens || phrase.closes || phrase.isBracketed;
  return isMarked && phrase.words.length > 1 && speaksOfOmission(phrase) ? "certain" : undefined;
}

// "pass  # existing code", "function b() { /* ... */ }", "start(); // ... rest of the function".
function readTrailing(text: string): PlaceholderCertainty | undefined {
  const inline = /\/\*(.*?)\*\//.exec(text);
  if (inline) return readComment((inline[1] ?? "").trim()) && "likely";
  const trailing = /^(.*?)\s*(?:\/\/|#|--|<!--)\s*(.*?)(?:-->)?$/.exec(text);
  if (!trailing) return undefined;
  const certainty = readComment((trailing[2] ?? "").trim());
  const isBody = EMPTY_BODY.test(trailing[1] ?? "") || /[:{]\s*(?:pass|\.\.\.)?$/.test(trailing[1] ?? "");
  return certainty === "certain" || isBody ? certainty && "likely" : undefined;
}

function wordSet(words: string): Set<string> {
  return new Set(words.trim().split(/\s+/));
}
