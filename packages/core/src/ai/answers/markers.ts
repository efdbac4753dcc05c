/** The lines by which suggestions are recognised in text. Lines are given without their end. */

/** Whether a text matches: yes, maybe once more text arrives, or no. */
export type Verdict = "yes" | "maybe" | "no";

export type FenceOpening = { mark: "`" | "~"; length: number; indent: number; info: string };

export function fenceOpening(line: string): FenceOpening | undefined {
  const match = /^([ \t]{0,12})(`{3,}|~{3,})[ \t]*(.*?)[ \t\r]*$/.exec(line);
  if (!match) return undefined;
  const [, indent = "", marks = "", info = ""] = match;
  if (marks.startsWith("`") && info.includes("`")) return undefined;
  return { mark: marks.startsWith("`") ? "`" : "~", length: marks.length, indent: indent.length, info };
}

/**
 * Returns whether a line ends a fence. `isExact`: only at the fence's own indentation, where a leading space has a
 * meaning.
 */
export function closesFence(line: string, fence: FenceOpening, isExact: boolean): boolean {
  const match = /^([ \t]*)(`{3,}|~{3,})[ \t\r]*$/.exec(line);
  if (!match) return false;
  const [, indent = "", marks = ""] = match;
  const fits = isExact ? indent.length <= fence.indent : indent.length <= fence.indent + 3;
  return fits && marks.startsWith(fence.mark) && marks.length >= fence.length;
}

/** A line of prose that has only begun: whether it may open a fence or a search block. */
export function opensSomething(begun: string): boolean {
  const text = begun.replace(/^[ \t]{0,12}/, "");
  if (text === "") return true;
  if (text.startsWith("`")) return /^(`{1,2}|`{3,}[^`]*)$/.test(text);
  if (text.startsWith("~")) return /^(~{1,2}|~{3,}.*)$/.test(text);
  return searchMarker(text) !== "no";
}

export const isSearchMarker = (line: string): boolean => /^[ \t]*<{5,9} SEARCH>?[ \t\r]*$/.test(line);
export const isDivider = (line: string): boolean => /^[ \t]*={5,9}[ \t\r]*$/.test(line);
export const isReplaceMarker = (line: string): boolean => /^[ \t]*>{5,9} REPLACE[ \t\r]*$/.test(line);

/** A line that has begun: whether it is, or may become, the opening of a search block. */
export function searchMarker(begun: string): Verdict {
  if (isSearchMarker(begun)) return "yes";
  const text = begun.replace(/^[ \t]*/, "");
  const arrows = /^<*/.exec(text)?.[0].length ?? 0;
  if (arrows > 9) return "no";
  const rest = text.slice(arrows);
  if (rest === "") return "maybe";
  return arrows >= 5 && " SEARCH>".startsWith(rest) ? "maybe" : "no";
}

const DIFF_OPENINGS = [
  "diff --git ",
  "diff --cc ",
  "diff --combined ",
  "diff -r ",
  "--- ",
  "@@ -",
  "@@@ -",
  "Index: ",
  "# HG changeset patch",
];
/** The beginning of a commit as `git log` and `git format-patch` write it. */
const COMMIT_OPENING = /^(?:commit|From) [0-9a-f]{40}/;

/** The beginning of a fence's text: whether it is a unified diff. */
export function diffOpening(text: string): Verdict {
  const line = text.trimStart();
  if (DIFF_OPENINGS.some((opening) => line.startsWith(opening)) || COMMIT_OPENING.test(line)) return "yes";
  if (DIFF_OPENINGS.some((opening) => opening.startsWith(line))) return "maybe";
  return "commit ".startsWith(line) || "From ".startsWith(line) || /^(?:commit|From) [0-9a-f]{0,39}$/.test(line)
    ? "maybe"
    : "no";
}

const JSON_KEYS = ["explanation", "suggested_code", "patch", "confidence", "summary", "edits"];

/** The beginning of a text: whether it is a JSON object that may hold a suggestion. Told by its first key. */
export function jsonOpening(text: string): Verdict {
  const object = text.trimStart();
  if (object === "") return "maybe";
  if (!object.startsWith("{")) return "no";
  const key = object.slice(1).trimStart();
  if (key === "") return "maybe";
  if (!key.startsWith('"')) return "no";
  const name = key.slice(1);
  const end = name.indexOf('"');
  if (end !== -1) return JSON_KEYS.includes(name.slice(0, end)) ? "yes" : "no";
  return JSON_KEYS.some((each) => each.startsWith(name)) ? "maybe" : "no";
}
