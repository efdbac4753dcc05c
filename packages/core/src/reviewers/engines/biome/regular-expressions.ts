/** Regular expressions that no engine takes: the parsers pass over what stands between the slashes. */
import type { Syntax } from "../../syntax";
import type { ParseError } from "../engine";

/** Flags and groups that an engine newer than this process may know. */
const newerGroup = /\(\?[a-z]*-?[a-z]*:/;
const knownFlags = /^[dgimsuvy]*$/;

/** Each is compiled, which reads it and runs nothing. */
export function findBrokenRegularExpressions(syntax: Syntax): ParseError[] {
  const errors: ParseError[] = [];
  syntax.tree.iterate({
    enter: ({ name, from, to }) => {
      if (name !== "RegExp") return;
      const [, pattern = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(syntax.text.slice(from, to)) ?? [];
      const reason = objection(pattern, flags);
      if (reason) errors.push({ message: `This regular expression can't be read: ${reason}`, start: from, end: to });
    },
  });
  return errors;
}

function objection(pattern: string, flags: string): string | undefined {
  if (pattern === "" || !knownFlags.test(flags) || newerGroup.test(pattern)) return undefined;
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    const message = error instanceof SyntaxError ? error.message : "";
    if (!message.startsWith("Invalid regular expression") || /too large|overflow|Duplicate capture/.test(message))
      return;
    return message.slice(message.lastIndexOf(": ") + 2);
  }
}
