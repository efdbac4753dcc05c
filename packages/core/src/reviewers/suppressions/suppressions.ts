/** Comments in which a person told another tool that a place is as it should be: what they answered is not asked again. */
import { lineAt } from "../positions";
import { isAlike, isNamed } from "./names";
import { blockEnd, indentedEnd, nextCode } from "./ranges";

/** Lines are 1-based, both ends included. */
type Suppression = { from: number; to: number; accepts: (rule: string) => boolean };

export type Suppressed = (finding: { rule: string; start: number }) => boolean;

type Place = { line: number; lines: readonly string[]; isAlone: boolean };

type Directive = {
  /** Group 1 is the names of rules, if any. */
  pattern: RegExp;
  /** Where it holds. */
  range: (place: Place) => [from: number, to: number];
  accepts?: (names: readonly string[]) => (rule: string) => boolean;
};

const isSecret = (rule: string): boolean => /^redline\/(?:possible-)?secret$/.test(rule);
/** Findings of tools for taste and mistakes; secrets and errors have comments of their own. */
const isLint = (rule: string): boolean =>
  !isSecret(rule) && !/^redline\/(?:parse-error|early-error|merge-marker|hidden-character|other-dialect)$/.test(rule);

const named = (names: readonly string[]) => (rule: string) =>
  names.length === 0 ? isLint(rule) : names.some((name) => isNamed(rule, name));
/** For tools whose names for rules are not ours: on one line, whatever it names. */
const anyLint = () => isLint;
const alike = (names: readonly string[]) => (rule: string) =>
  isLint(rule) && names.some((name) => isNamed(rule, name) || isAlike(rule, name));
const secrets = () => isSecret;
const banditNames = (names: readonly string[]) => (rule: string) =>
  names.length === 0
    ? /^ruff\/S\d/.test(rule) || isSecret(rule)
    : named(names)(rule) || (isSecret(rule) && names.some(isPasswordCheck));
const isPasswordCheck = (name: string): boolean => /^[BS]10[567]$/.test(name);
/** What TypeScript itself says of a line. */
const typeChecked =
  /\/(?:noInvalidUseBeforeDeclaration|noUnusedVariables|noUnusedImports|noUnreachable|noConstAssign|noGlobalAssign|noImportAssign|noDuplicateObjectKeys|noSelfCompare|useValidTypeof|noClassAssign|noFunctionAssign|noUnassignedVariables|noConstantBinaryExpressions|early-error)$/;
const typeErrors = () => (rule: string) => typeChecked.test(rule);

const sameLine = ({ line }: Place): [number, number] => [line, line];
const nextLine = ({ line, lines }: Place): [number, number] => [line, nextCode(lines, line)];
const toEnd = ({ line, lines }: Place): [number, number] => [line, lines.length];
const wholeFile = ({ lines }: Place): [number, number] => [1, lines.length];
const nextBlock = ({ line, lines }: Place): [number, number] => [line, blockEnd(lines, line)];
const lineOrNext = (place: Place) => (place.isAlone ? nextLine(place) : sameLine(place));
const lineOrBlock = (place: Place) => (place.isAlone ? nextBlock(place) : sameLine(place));
const lineOrIndented = (place: Place): [number, number] =>
  place.isAlone ? [place.line, indentedEnd(place.lines, place.line)] : sameLine(place);
const until =
  (closing: RegExp) =>
  ({ line, lines }: Place): [number, number] => {
    const at = lines.findIndex((text, index) => index >= line && closing.test(text));
    return [line, at < 0 ? lines.length : at + 1];
  };

const names = String.raw`([^\n]*?)(?:\s--\s[^\n]*)?(?:\*\/|-->|$)`;
const rule = (text: string, flags = ""): RegExp => new RegExp(text, `gm${flags}`);

const directives: readonly Directive[] = [
  { pattern: rule(String.raw`\b(?:eslint|oxlint|tslint:)-?disable-line\b:?${names}`), range: sameLine },
  { pattern: rule(String.raw`\b(?:eslint|oxlint|tslint:)-?disable-next-line\b:?${names}`), range: nextLine },
  {
    pattern: rule(String.raw`\b(?:eslint|oxlint|tslint:)-?disable(?!-)\b:?${names}`),
    range: until(/\b(?:eslint|oxlint|tslint:)-?enable\b/),
  },
  { pattern: rule("@ts-(?:expect-error|ignore)()"), range: nextLine, accepts: typeErrors },
  { pattern: rule("@ts-nocheck()"), range: wholeFile, accepts: typeErrors },
  { pattern: rule(String.raw`\bnosec\b:?\s*((?:B\d{3}[\s,]*)*)`), range: sameLine, accepts: banditNames },
  { pattern: rule(String.raw`\bnoqa\b(?::\s*((?:[A-Z]+\d+[\s,]*)+))?`, "i"), range: sameLine, accepts: banditNames },
  { pattern: rule(String.raw`\bpylint:\s*disable\s*=\s*([\w, -]+)`), range: lineOrIndented },
  { pattern: rule(String.raw`\bpylint:\s*disable-next\s*=\s*([\w, -]+)`), range: nextLine },
  { pattern: rule(String.raw`\bpylint:\s*skip-file()`), range: wholeFile },
  { pattern: rule(String.raw`\b(?:gitleaks:allow|trufflehog:ignore|ggignore)()`), range: sameLine, accepts: secrets },
  { pattern: rule(String.raw`\bpragma:\s*allowlist secret()`), range: sameLine, accepts: secrets },
  { pattern: rule(String.raw`\bpragma:\s*allowlist nextline secret()`), range: nextLine, accepts: secrets },
  { pattern: rule(String.raw`\bnosemgrep\b()`), range: lineOrNext, accepts: () => (id) => isLint(id) || isSecret(id) },
  {
    pattern: rule(String.raw`\b(?:NOSONAR|NOLINT|phpcs:ignore|@phpstan-ignore-line)\b()`),
    range: sameLine,
    accepts: anyLint,
  },
  {
    pattern: rule(String.raw`\b(?:NOLINTNEXTLINE|@phpstan-ignore-next-line|@phpstan-ignore)\b()`),
    range: nextLine,
    accepts: anyLint,
  },
  { pattern: rule(String.raw`\bNOLINTBEGIN\b()`), range: until(/\bNOLINTEND\b/), accepts: anyLint },
  { pattern: rule(String.raw`\bnolint\b(?::[\w, -]+)?()`), range: lineOrBlock, accepts: anyLint },
  { pattern: rule(String.raw`\b(?:shellcheck disable|hadolint ignore)\s*=()`), range: nextLine, accepts: anyLint },
  {
    pattern: rule(String.raw`\brubocop:(?:disable|todo)\s+([\w/, ]+)`),
    range: (place) => (place.isAlone ? until(/\brubocop:enable\b/)(place) : sameLine(place)),
    accepts: (list) => (id) => (list.length > 3 ? isLint(id) : alike(list)(id) || (isLint(id) && list.includes("all"))),
  },
  {
    pattern: rule(String.raw`#pragma warning disable\b([\w, ]*)`),
    range: until(/#pragma warning restore\b/),
    accepts: (list) => (list.length === 0 ? isLint : alike(list)),
  },
];

/** Not in comments: attributes of the declaration that follows. */
const attributes: readonly Directive[] = [
  { pattern: rule(String.raw`@(?:file:)?Suppress(?:Warnings)?\(([^)]*)\)`), range: nextBlock, accepts: alike },
  { pattern: rule(String.raw`#\[(?:allow|expect)\(([^)]*)\)\]`), range: nextBlock, accepts: alike },
  { pattern: rule(String.raw`#!\[allow\(([^)]*)\)\]`), range: toEnd, accepts: alike },
];

const comment = /(?:\/\/|\/\*|\*|#|--|<!--|;|%)[^\n]*$/;
const mention =
  /disable|@ts-|noqa|nosec|pylint|allow|ignore|nosemgrep|NOSONAR|nolint|shellcheck|hadolint|rubocop|Suppress|#\[expect/i;

/** Returns a test of findings: whether a comment beside them says that they are meant. */
export function findSuppressions(text: string, starts: Uint32Array): Suppressed {
  if (!mention.test(text)) return () => false;
  const lines = text.split("\n");
  const found = [
    ...directives.flatMap((each) => applied(each, text, lines, starts, true)),
    ...attributes.flatMap((each) => applied(each, text, lines, starts, false)),
  ];
  if (found.length === 0) return () => false;
  return ({ rule: id, start }) => {
    const line = lineAt(starts, start);
    return found.some(({ from, to, accepts }) => from <= line && line <= to && accepts(id));
  };
}

function applied(
  { pattern, range, accepts = named }: Directive,
  text: string,
  lines: readonly string[],
  starts: Uint32Array,
  inComment: boolean,
): Suppression[] {
  return [...text.matchAll(pattern)].flatMap(({ 1: list = "", index }) => {
    const line = lineAt(starts, index);
    const before = text.slice(starts[line - 1] ?? 0, index);
    if (inComment && !comment.test(before) && !/^\s*#pragma/.test(`${before}#pragma`)) return [];
    const isAlone = /^\s*(?:\/\/|\/\*+|\*|#|--|<!--|;|%)?\s*[^\w]*$/.test(before);
    const [from, to] = range({ line, lines, isAlone });
    const named = list.split(/[\s,"'{}]+/).filter((name) => /[a-z0-9]/i.test(name));
    return [{ from, to, accepts: accepts(named) }];
  });
}
