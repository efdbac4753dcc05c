/** How far a comment or an attribute before code reaches. Lines are 1-based. */

const isCode = (line: string): boolean => line.trim() !== "" && !/^\s*(?:\/\/|\/?\*|#(?!!?\[)|--|<!--)/.test(line);

/** Returns the first line of code behind a line. */
export function nextCode(lines: readonly string[], line: number): number {
  for (let at = line; at < lines.length; at++) if (isCode(lines[at] ?? "")) return at + 1;
  return line;
}

/** Returns the last line of the statement or block that follows: where its brackets are closed again. */
export function blockEnd(lines: readonly string[], line: number): number {
  let depth = 0;
  for (let at = nextCode(lines, line); at <= lines.length; at++) {
    const text = (lines[at - 1] ?? "").replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$/g, "");
    for (const char of text) {
      if ("{([".includes(char)) depth++;
      else if ("})]".includes(char)) depth--;
    }
    if (depth <= 0 && /[;}]\s*$/.test(text)) return at;
  }
  return lines.length;
}

/** Returns the last line that is indented as a comment of its own is: the rest of its block. */
export function indentedEnd(lines: readonly string[], line: number): number {
  const depth = (text: string) => /^\s*/.exec(text)?.[0].length ?? 0;
  const own = depth(lines[line - 1] ?? "");
  for (let at = line; at < lines.length; at++) {
    const text = lines[at] ?? "";
    if (text.trim() !== "" && depth(text) < own) return at;
  }
  return lines.length;
}
