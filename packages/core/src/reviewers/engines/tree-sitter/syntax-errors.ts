/**
 * Tells errors of a text from what its grammar does not know. A grammar lags behind its language and sees macros before
 * they are expanded, so what it refuses may be valid. What is never closed is an error in every version of a language:
 * it is looked for in the text itself, as a tree with errors leaves brackets out.
 */
import type { Node } from "web-tree-sitter";
import type { ParseError } from "../engine";

const closing: ReadonlyMap<string, string> = new Map([
  ...([")(", "][", "}{"].map((pair) => [pair[0], pair[1]]) as [string, string][]),
  ...([
    ["fi", "if"],
    ["done", "do"],
    ["esac", "case"],
  ] as [string, string][]),
]);

const comments = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const raw = String.raw`"""[\s\S]*?"""|(?:@\$?|\$@)"(?:""|[^"])*"|\br(#*)"[\s\S]*?"\1|\bu?8?[LUR]*R"(\w*)\([\s\S]*?\)\2"`;
const quoted = String.raw`"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^\n]{1,9}?|[^'\\\n])'`;
const heredoc = String.raw`<<[-~]?\s*(["']?)(\w+)\1[^\n]*\n[\s\S]*?\n\s*\2\b`;

/** What holds no code, by language. */
const opaque = {
  cFamily: new RegExp([comments, raw, quoted].join("|"), "g"),
  go: new RegExp([comments, "`[^`]*`", quoted].join("|"), "g"),
  php: new RegExp(
    [
      String.raw`\?>[\s\S]*?(?:<\?(?:php|=)|$)`,
      `<${heredoc}`,
      comments,
      String.raw`#(?!\[)[^\n]*`,
      String.raw`'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"`,
    ].join("|"),
    "g",
  ),
  ruby: new RegExp(
    [
      heredoc,
      String.raw`^=begin[\s\S]*?^=end`,
      String.raw`(?<=^|\s)#[^\n]*|\?[()[\]{}]`,
      String.raw`'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"`,
    ].join("|"),
    "gm",
  ),
  shell: new RegExp(
    [heredoc, String.raw`\\.|(?<=^|\s)#[^\n]*`, String.raw`'[^']*'|"(?:\\[\s\S]|[^"\\])*"`].join("|"),
    "gm",
  ),
};

export type Opaque = keyof typeof opaque;

/** Returns the first bracket, or word in shells, whose other half is missing; undefined where all are paired. */
export function findUnpaired(text: string, kind: Opaque): ParseError | undefined {
  const blank = (found: string) => found.replace(/[^\n\\]|\\(?!\r?\n)/g, " ");
  const visible = text.replace(opaque[kind], blank);
  const code = kind === "cFamily" ? firstBranches(visible, blank) : visible;
  const pattern = kind === "shell" ? shellWords : /[()[\]{}]/g;
  const open: { word: string; at: number }[] = [];
  for (const { 0: found, index } of code.matchAll(pattern)) {
    const word = found.trim();
    const at = index + found.length - word.length;
    const opener = closing.get(word);
    const last = open.at(-1);
    if (opener === undefined) open.push({ word, at });
    else if (last?.word === opener) open.pop();
    else return unpaired(last && open.some((each) => each.word === opener) ? last : { word, at });
  }
  return unpaired(open.at(-1));
}

/** In place of a command: arguments may be named like them. */
const shellWords =
  /(?<=^|[;&|({!]|\b(?:then|do|else|time)|\bfor[ \t]+\w+)[ \t]*(?:if|case|do|done|fi|esac)(?![\w.=/-])/gm;

function unpaired(found: { word: string; at: number } | undefined): ParseError | undefined {
  if (!found) return undefined;
  const { word, at } = found;
  const message = closing.has(word) ? `This \`${word}\` closes nothing` : `This \`${word}\` is never closed`;
  return { message, start: at, end: at + word.length };
}

const directives =
  /^[ \t]*#[ \t]*(if|elif|else|endif|define|undef|include|pragma|error|warning|region|endregion)(?:[^\n]*\\\r?\n)*[^\n]*/gm;

/** Of conditional compilation only the first branch counts: brackets may open in each and be closed once. */
function firstBranches(code: string, blank: (found: string) => string): string {
  const skipped: boolean[] = [];
  let kept = "";
  let at = 0;
  for (const { 0: found, 1: directive, index } of code.matchAll(directives)) {
    const between = code.slice(at, index);
    kept += (skipped.at(-1) ? blank(between) : between) + blank(found);
    at = index + found.length;
    if (directive === "if") skipped.push(skipped.at(-1) || /^[ \t]*#[ \t]*if[ \t]+0\b/.test(found));
    else if (directive === "endif") skipped.pop();
    else if (/^el/.test(directive ?? "") && skipped.length > 0) skipped[skipped.length - 1] = true;
  }
  return kept + code.slice(at);
}

/** Returns the first place that the grammar can't read. */
export function firstUnknown(node: Node): Node | undefined {
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    const found = child && (child.hasError || child.isMissing) ? firstUnknown(child) : undefined;
    if (found) return found;
  }
  return undefined;
}
