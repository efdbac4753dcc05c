/** False positives: known idioms that rules of Ruff report, as seen in real code. */
import type { RawFinding } from "../engine";
import { isFixture, isForOthers } from "./imports";

type File = { path: string; text: string };
type Test = (finding: RawFinding, file: File) => boolean;

const isStub = (path: string): boolean => path.endsWith(".pyi");

const lineOf = (text: string, at: number): string => {
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const to = text.indexOf("\n", at);
  return text.slice(from, to < 0 ? text.length : to);
};

const tests: Record<string, Test> = {
  "ruff/F401": (finding, file) => isForOthers(finding, file),
  /** A test takes a fixture by a parameter of its name. */
  "ruff/F811": ({ start, end }, { path, text }) => isStub(path) || isFixture(text.slice(start, end), text),
  /** A bare name or attribute asks whether it exists, or runs a property. */
  "ruff/B018": ({ start, end }, { text }) => /^[\w.]+$|\/\s*0$/.test(text.slice(start, end)),
  /** What makes the same value each time may be made once. */
  "ruff/B008": ({ start }, { text }) =>
    !/^[\w.]*\b(?:now|today|utcnow|time|monotonic|perf_counter|uuid\d|random|randint|choice|getenv|urandom|token_\w+)\(/.test(
      text.slice(start, start + 80),
    ),
  "ruff/B020": ({ start, end }, { text }) =>
    !new RegExp(String.raw`^\s*(?:,[^:]*)?\bin\s+${text.slice(start, end)}\s*:`).test(text.slice(end, end + 200)),
  /** Only functions that are kept see the loop's last step: those that are called at once do not. */
  "ruff/B023": ({ start }, { text }) => !isKeptLambda(text, start),
  /** Whatever is caught is reported or raised again. */
  "ruff/E722": ({ start }, { text }) =>
    /^\bexcept\s*:[^\n]*\n(?:[ \t]+[^\n]*\n){0,6}?[ \t]+(?:raise\b|[\w.]*(?:log\w*|exception|print_exc|format_exc)\b)/.test(
      text.slice(start, start + 600),
    ),
  /** Code that writes its globals by name has names that no rule can see. */
  "ruff/F821": (_, { path, text }) => isStub(path) || /\bglobals\(\)|^\s*del \w+|\bexec\(|\bimport \*/m.test(text),
  "ruff/F822": (_, { text }) => /\bglobals\(\)|__getattr__|import \*/.test(text),
  /** A file that an object keeps is closed by the object; one that is handed on, by whoever gets it. */
  "ruff/SIM115": ({ start, end }, { text }) => isClosedElsewhere(start, end, text),
  /** The traceback is handed on by hand, or the report is not for people. */
  "ruff/B904": ({ start, end }, { text }) =>
    /^raise\s+[a-z_]\w*\s*$|\.with_traceback\(|\b(?:SystemExit|StopIteration|StopAsyncIteration|AttributeError|NotImplementedError)\b/.test(
      text.slice(start, end),
    ),
  /** True and 1 are one key, which data about truth has on purpose. */
  "ruff/F601": ({ title }) => title.includes("hashes to the same value"),
  "ruff/B033": ({ title }) => title.includes("has the same value"),
  /** Only a loader that is known to run code. */
  "ruff/S506": ({ title }) => /unsafe loader/.test(title) && !/`(?:yaml\.)?(?:Unsafe|Full|C)?Loader`/.test(title),
  "ruff/B006": (finding, { text }) => !isChanged(finding, text),
  /** Ruff's own words for a command that nobody can change. */
  "ruff/S602": ({ title }) => title.includes("seems safe"),
  "ruff/S605": ({ title }) => title.includes("seems safe"),
  /** Text that the file itself writes out. */
  "ruff/S102": ({ start }, { text }) => /^exec\(\s*(?:[rb]?["'][^{}]*["']|compile\(\s*["'])/i.test(text.slice(start)),
  "ruff/S307": ({ start }, { text }) => /^eval\(\s*["'][^{}]*["']/i.test(text.slice(start)),
  "ruff/S608": ({ start, end }, { text }) => !isStatement(text.slice(start, end)),
  /** Only what comes from a file or from outside: the rest are the program's own values. */
  "ruff/S301": ({ start }, { text }) =>
    !/^[\w.]*\bload\(|^[\w.]*loads\(\s*[\w.]*(?:data|body|payload|request|response|content|message|recv|read|buf|input)/i.test(
      text.slice(start, start + 120),
    ),
  /** __exit__ tells by its values whether there was an error. */
  "ruff/F841": ({ start }, { text }) =>
    (/\bwith\b/.test(lineOf(text, start)) && /\bas\b/.test(lineOf(text, start))) || isDemonstration(text, start),
};

export const isFalsePositive = (finding: RawFinding, file: File): boolean =>
  tests[finding.rule]?.(finding, file) ?? false;

function isClosedElsewhere(start: number, end: number, text: string): boolean {
  const line = lineOf(text, start);
  if (/^\s*(?:return|yield)\b|^\s*(?:self|cls)\.|enter_context\(|ExitStack|closing\(/.test(line)) return true;
  if (/\w\s*\(\s*$/.test(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))) return true;
  const name = /^\s*(\w+)\s*(?::[^=]+)?=/.exec(line)?.[1];
  if (!name) return false;
  const rest = text.slice(end);
  const finallyCloses = new RegExp(String.raw`finally\s*:[\s\S]{0,400}?\b${name}\.(?:close|cleanup)\(`);
  const isKept = new RegExp(
    String.raw`^\s*return\b.*\b${name}\b|[(,]\s*${name}\s*[,)]|(?:self|cls)\.\w+\s*=\s*${name}\b|with\s+${name}\b`,
    "m",
  );
  return finallyCloses.test(rest) || isKept.test(rest);
}

/** Returns whether a place is behind a module's `if __name__ == "__main__":`, where modules show what they do. */
const isDemonstration = (text: string, at: number): boolean => /^if __name__ ==/m.test(text.slice(0, at));

/** Returns whether the lambda around a place is put away, to be called later. */
function isKeptLambda(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const before = line.slice(0, Math.max(0, line.lastIndexOf("lambda")));
  const isPutAway =
    /(?:append|add\w*|connect|bind|register\w*|submit|schedule\w*|call_(?:later|soon)|after|insert)\([^()]*$|[[{:=,]\s*$|\byield\s+$/;
  return line.includes("lambda") && isPutAway.test(before);
}

/** Returns whether a string that is put together is a statement of SQL and no sentence with such a word. */
function isStatement(text: string): boolean {
  const verbs = /\b(?:select\b[\s\S]+?\bfrom\b|insert\s+into\b|update\b[\s\S]+?\bset\b|delete\s+from\b)/i;
  const value = /(?:=|<|>|\blike|\bin\s*\(|\bvalues\s*\()\s*\\?['"]?%?(?:\{(\w*)|%s|["']\s*[+%])/gi;
  const isName = (name = "") => /placeholder|mark|column|table|field|clause|where|param|schema|^[ijn]$/i.test(name);
  return verbs.test(text) && [...text.matchAll(value)].some(([, name]) => !isName(name));
}

/** Returns whether a function changes or hands on its shared default. */
function isChanged({ start }: RawFinding, text: string): boolean {
  const name = /(\w+)\s*(?::[^,=]*)?=\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[1];
  if (!name) return true;
  const indent = /^[ \t]*/.exec(lineOf(text, text.lastIndexOf("def ", start)))?.[0] ?? "";
  const body = text.slice(start).split(new RegExp(String.raw`\n${indent}(?=\S)(?![)\]}])`))[0] ?? "";
  const own = String.raw`(?<![\w.])${name}`;
  const changes = String.raw`${own}\.(?:append|extend|update|add|insert|pop|popitem|setdefault|remove|clear|sort)\(`;
  const writes = String.raw`${own}\[[^\]]*\]\s*[-+*/|]?=(?!=)|${own}\s*[-+|]=|\bdel\s+${name}\[`;
  const leaves = String.raw`\b(?:return|yield)\s+${name}\s*$|=\s*${name}\s*$`;
  return new RegExp(`${changes}|${writes}|${leaves}`, "m").test(body);
}
