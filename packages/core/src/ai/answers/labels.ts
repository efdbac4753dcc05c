/** Paths as models write them on the line before a suggestion: bare, in backticks, bold, as a heading or a comment. */

const DECORATION = /^(?:[ \t]*(?:#{1,6}|\*{3}|[-*+>]|\d{1,2}[.)]|\/\/|--|;|\/\*|<!--)[ \t]+)*/;
const LEAD =
  /^(?:\*\*|__)?(?:(?:update|add|delete|edit|modify|change|create|new|in)[ \t]+)?(?:the[ \t]+)?(?:file(?:name|path)?|path)?(?:\*\*|__)?[ \t]*:?(?:\*\*|__)?[ \t]*/i;
const WRAPPING = /^["'`*_(]+|["'`*_):,]+$/g;
const PATH = /^(?:[\w@.+\-[\]()$~]+[/\\])*[\w@.+\-[\]()$~]*[\w\])]\.[A-Za-z0-9]{1,10}$/;
/** Paths that may not be used are paths: what stands under one is meant for no other file. */
const OUTSIDE =
  /^(?:[A-Za-z]:[/\\]|[/\\]{1,2}|~[/\\]|(?:\.{1,2}[/\\])+|\.[\w-]+[/\\])(?:[\w@.+\-[\]()$~]+[/\\]+)*[\w@.+\-[\]()$~]*[\w\])]$/;
const DOUBLED = /^(?:[\w@.+\-[\]()$~]+[/\\]+)+[\w@.+\-[\]()$~]*[\w\])]\.[A-Za-z0-9]{1,10}$/;
const BARE_NAME = /^(?:[\w@.+-]+\/)*(?:Dockerfile|Makefile|Gemfile|Rakefile|LICENSE|\.[a-z][\w.-]*)$/;

/** The path a line names, or undefined for a line that is words. `paths` are known to exist. */
export function pathOfLabel(line: string, paths: readonly string[]): string | undefined {
  const plain = line.replace(/[ \t\r]*(?:\*\/|-->)?[ \t\r]*$/, "").replace(DECORATION, "");
  for (const candidate of [plain, plain.replace(LEAD, "")]) {
    const bare = candidate.trim().replace(WRAPPING, "").trim();
    if (paths.includes(bare)) return bare;
    if ([PATH, BARE_NAME, OUTSIDE, DOUBLED].some((path) => path.test(bare))) return bare;
  }
  return onlyKnownPath(line, paths);
}

/** "In `src/cart.ts`, change:" names a file too, when it names just one. */
function onlyKnownPath(line: string, paths: readonly string[]): string | undefined {
  const quoted = [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  const known = [...new Set(quoted.filter((each) => paths.includes(each)))];
  return known.length === 1 ? known[0] : undefined;
}

/** Returns whether a line names a file and contains nothing else. */
export const isLabel = (line: string, paths: readonly string[]): boolean =>
  line.length <= 300 && pathOfLabel(line, paths) !== undefined;

/** A line in a fence that has only begun: whether it may be a path that stands before the first block. */
export const mayBePath = (begun: string): boolean =>
  begun.length <= 300 && /^[ \t]*(?:(?:\/\/|#|--|;)[ \t]*)?(?:[A-Za-z]:[/\\])?[\w@.+\-[\]$~/\\]*:?\r?$/.test(begun);
