import type { RawFinding } from "../engine";

/** A conflict that git left behind: its opening and its closing marker, each on a line of its own, in that order. */
export function findMergeMarkers(text: string): RawFinding[] {
  const found: RawFinding[] = [];
  const marker = /^(<{7}|={7}|>{7})(?: [^\r\n]*)?\r?$/gm;
  let open: RegExpMatchArray | undefined;
  let divided = false;
  for (const match of text.matchAll(marker)) {
    if (match[1] === "<<<<<<<") {
      open = match;
      divided = false;
    } else if (match[1] === "=======") divided = open !== undefined;
    else if (open?.index !== undefined && divided) {
      const end = match.index + match[0].replace(/\r$/, "").length;
      found.push({
        rule: "redline/merge-marker",
        start: open.index,
        end,
        title: "A merge conflict was left in the file",
      });
      open = undefined;
    }
  }
  return found;
}
