/** One finding as a SARIF result. */
import { LineIndex, type TextEdit } from "../text/index";
import type { Reported } from "./index";
import { FINGERPRINT, LEVELS } from "./schema";

const CONTEXT_LINES = 2;
const MAX_SNIPPET_CHARS = 2_000;

/** Returns a finding as a result; `ruleIndex` is its rule's among those of the log, where that is one of ours. */
export function result({ finding, file }: Reported, ruleIndex: number | undefined) {
  const { rule, severity, confidence, title, path, identity, isNew, fix } = finding;
  const lines = indexOf(file.text ?? "");
  const artifactLocation = { uri: uriOf(path), uriBaseId: "SRCROOT" };
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: `${title}.` },
    locations: [{ physicalLocation: { artifactLocation, ...regions(finding, lines) } }],
    partialFingerprints: { [FINGERPRINT]: identity },
    baselineState: isNew ? "new" : "unchanged",
    ...(fix && {
      fixes: [
        {
          description: { text: `${fix.summary} (${fix.safety === "safe" ? "safe" : "review first"}).` },
          artifactChanges: [{ artifactLocation, replacements: fix.edits.map((edit) => replacement(edit, lines)) }],
        },
      ],
    }),
    properties: { severity, confidence },
  };
}

/** Relative to the root, each name percent-encoded. */
export const uriOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

let latest: LineIndex | undefined;

/** Findings come file by file. */
function indexOf(text: string): LineIndex {
  if (latest?.text !== text) latest = new LineIndex(text);
  return latest;
}

function regions({ line, column, endLine, endColumn, start, end }: Reported["finding"], lines: LineIndex) {
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.count, endLine + CONTEXT_LINES);
  const context = lines.text.slice(lines.startOf(first), lines.startOf(last + 1));
  const snippet = lines.text.slice(start, end);
  return {
    region: { ...region, ...(snippet.length <= MAX_SNIPPET_CHARS && { snippet: { text: snippet } }) },
    ...(context.length <= MAX_SNIPPET_CHARS && {
      contextRegion: { startLine: first, endLine: last, snippet: { text: context } },
    }),
  };
}

function replacement({ start, end, text }: TextEdit, lines: LineIndex) {
  const [startLine, startColumn] = lines.placeOf(start);
  const [endLine, endColumn] = lines.placeOf(end);
  return {
    deletedRegion: { startLine, startColumn, endLine, endColumn },
    ...(text !== "" && { insertedContent: { text } }),
  };
}
