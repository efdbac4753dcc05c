/**
 * Blanks are spaces and tabs, and nothing else is: a byte order mark, a no-break space, a form feed or a line separator is
 * text, which `trim()` would take away. One "\r" before the "\n" belongs to the line's end. Loops, not expressions: a line
 * may be megabytes of blanks.
 */

const TAB = 0x09;
const SPACE = 0x20;

const isBlankAt = (line: string, at: number): boolean => {
  const code = line.charCodeAt(at);
  return code === SPACE || code === TAB;
};

/** Returns `line` without the "\r" of its end. */
export function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** Returns whether `line` holds nothing but blanks. */
export function isBlank(line: string): boolean {
  return indentOf(line).length === withoutReturn(line).length;
}

/** Returns the blanks that `line` begins with. */
export function indentOf(line: string): string {
  let end = 0;
  while (isBlankAt(line, end)) end++;
  return line.slice(0, end);
}

/** Returns `line` without its line end and the blanks before that. */
export function withoutTrailingBlanks(line: string): string {
  let end = withoutReturn(line).length;
  while (end > 0 && isBlankAt(line, end - 1)) end--;
  return line.slice(0, end);
}

/** Returns what `line` holds between its indentation and the blanks at its end. */
export function contentOf(line: string): string {
  const text = withoutTrailingBlanks(line);
  return text.slice(indentOf(text).length);
}

/** A line as words and the blanks around them: `gaps[i]` stands before `words[i]`, the last one behind all of them. */
export type SplitLine = { words: string[]; gaps: string[] };

/** Splits a line (without its end) at its blanks. */
export function splitAtBlanks(line: string): SplitLine {
  const words: string[] = [];
  const gaps: string[] = [];
  let at = 0;
  for (;;) {
    const gap = at;
    while (isBlankAt(line, at)) at++;
    gaps.push(line.slice(gap, at));
    if (at >= line.length) return { words, gaps };
    const word = at;
    while (at < line.length && !isBlankAt(line, at)) at++;
    words.push(line.slice(word, at));
  }
}

export function joinAtBlanks({ words, gaps }: SplitLine): string {
  return words.reduce((text, word, at) => text + (gaps[at] ?? "") + word, "") + (gaps[words.length] ?? "");
}

/** Returns the content of `line` with one space for each run of blanks. */
export function collapseBlanks(line: string): string {
  const content = contentOf(line);
  return content.includes("\t") || content.includes("  ") ? splitAtBlanks(content).words.join(" ") : content;
}
