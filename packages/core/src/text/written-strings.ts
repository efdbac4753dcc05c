import { contentOf } from "./blanks";

/** The multi-line string that a line begins inside of; undefined for a line outside of any. */
export type OpenString = { opened: number; isDocstring: boolean; end: string };

/** A line that is a comment and nothing else. JavaScript's private fields begin as one does. */
const COMMENT = /^(?:\/\/|\* |#(?![\w$]+ *[=(;:!?]))/;

const DELIMITERS = ['"""', "'''", "`"] as const;

/**
 * Finds the lines that begin inside a string: their indentation is text. It knows triple quotes, templates and here
 * documents, of whatever language, and would rather see a string too many: nothing but a shift is refused for it.
 * `before` is the string that the first line begins inside of.
 */
export function findOpenStrings(lines: readonly string[], before?: OpenString): (OpenString | undefined)[] {
  const found: (OpenString | undefined)[] = [];
  let open = before && { ...before, opened: -1 };
  for (const [index, line] of lines.entries()) {
    found.push(open);
    if (open && !DELIMITERS.includes(open.end as (typeof DELIMITERS)[number])) {
      if (contentOf(line) === open.end) open = undefined;
      continue;
    }
    // A quotation mark in a comment opens nothing: "// the `name".
    if (!open && COMMENT.test(contentOf(line))) continue;
    let at = 0;
    for (;;) {
      const end: string | undefined = open?.end ?? nextDelimiter(line, at);
      const next = end === undefined ? -1 : line.indexOf(end, at);
      if (end === undefined || next === -1) break;
      at = next + end.length;
      open = open ? undefined : { opened: index, isDocstring: /^[rRuU]?("""|''')/.test(contentOf(line)), end };
    }
    const hereDocument = open ? undefined : /<<[~-]?\s*(["']?)([A-Za-z_]\w*)\1/.exec(line.slice(0, 1000));
    if (hereDocument?.[2]) open = { opened: index, isDocstring: false, end: hereDocument[2] };
  }
  return found;
}

function nextDelimiter(line: string, from: number): string | undefined {
  let first: { at: number; delimiter: string } | undefined;
  for (const delimiter of DELIMITERS) {
    const at = line.indexOf(delimiter, from);
    if (at !== -1 && (!first || at < first.at)) first = { at, delimiter };
  }
  return first?.delimiter;
}
