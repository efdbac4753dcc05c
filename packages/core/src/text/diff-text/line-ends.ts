/** The line ends of a diff's new lines: the file's, unless the diff shows that it means others. */
import type { TextEdit } from "../edits";
import { PatchRefused } from "../patch-refused";
import type { UnifiedHunk } from "./hunks";

/** The edits in a file's line ends. Throws PatchRefused where neither the file nor the diff tells them. */
export function inOwnLineEnds(
  base: string,
  edits: readonly TextEdit[],
  { hunks, isMadeHere }: { hunks: readonly UnifiedHunk[]; isMadeHere: boolean },
): TextEdit[] {
  if (isCrlf(base) && !hunks.some(quotesCr)) return edits.map(withCrlf);
  const hasLineFeeds = base.includes("\n") && !base.includes("\r\n");
  return isMadeHere || !hasLineFeeds ? [...edits] : inLineFeeds(edits, hunks);
}

/** Edits of a text whose lines end in LF: new lines have it where the diff shows that old ones have none. */
function inLineFeeds(edits: readonly TextEdit[], hunks: readonly UnifiedHunk[]): TextEdit[] {
  if (!edits.some(({ text }) => text.includes("\r\n"))) return [...edits];
  const old = hunks.flatMap(({ lines, oldEndsWithoutNewline }) => {
    const quoted = lines.filter(({ kind }) => kind !== "added");
    return oldEndsWithoutNewline ? quoted.slice(0, -1) : quoted;
  });
  // Line ends that the file does not have were added on the diff's way here.
  if (old.some(({ text }) => text.endsWith("\r")))
    return edits.map((edit) => ({ ...edit, text: edit.text.replaceAll("\r\n", "\n") }));
  if (old.length > 0) return [...edits];
  throw new PatchRefused("The diff writes CRLF into a file without, and shows no line end of it: add context lines.");
}

const isCrlf = (text: string): boolean => text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);

/** A diff that shows the file's "\r" means the line ends it writes; one that shows none was made or passed on without. */
const quotesCr = ({ lines }: UnifiedHunk): boolean => lines.some(({ text }) => text.endsWith("\r"));

const withCrlf = (edit: TextEdit): TextEdit => ({ ...edit, text: edit.text.replace(/\r?\n/g, "\r\n") });
