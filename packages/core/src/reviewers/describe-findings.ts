/** Turns what engines report into findings: with their rule's words, their place and their identity. */
import type { TextEdit } from "../text/index";
import type { View } from "./embedded/view";
import { ruleById } from "./engines/catalogue";
import type { EngineInput, RawFinding } from "./engines/engine";
import { isProvenSafe } from "./fix-safety/fix-safety";
import { identify } from "./identity";
import { squeeze } from "./languages/syntax-rules";
import { lineAt, lineStarts } from "./positions";
import type { Fix, Problem } from "./schema";

/** Returns the findings sorted, equal ones once. */
export function describeFindings(
  { path, text, language, syntax, outline, withFixes }: EngineInput,
  findings: readonly RawFinding[],
): Problem[] {
  const starts = lineStarts(text);
  const sorted = distinct(findings);
  const places = sorted.map(({ rule, start, end }) => ({
    rule,
    path,
    symbol: outline?.symbolAt(start, end) ?? "",
    context: outline ? outline.contextAt(start, end) : lineContext(text, starts, start, end),
  }));
  const identities = identify(places);
  const comments = withFixes && outline && sorted.some(({ fix }) => fix) ? outline.comments() : [];
  return sorted.flatMap(({ rule, start, end, title, severity, fix }, index) => {
    const doc = ruleById.get(rule);
    if (!doc) return [];
    const startLine = lineAt(starts, start);
    const endLine = lineAt(starts, Math.max(start, end - 1));
    const { confidence, why } = doc;
    const about = { identity: identities[index] ?? "", rule, severity: severity ?? doc.severity, confidence };
    const place = { path, start, end, startLine, endLine, symbol: places[index]?.symbol ?? "" };
    const kept = fix && keptFix(fix, text, comments);
    const isSafe = kept?.safety === "safe" && isProvenSafe(rule, kept.edits, { text, language, syntax });
    const safety = isSafe ? "safe" : "unsafe";
    return [{ ...about, ...place, title, explanation: why, fix: kept && { ...kept, safety } }];
  });
}

function distinct(findings: readonly RawFinding[]): RawFinding[] {
  const seen = new Set<string>();
  return [...findings]
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .filter((finding) => {
      const key = `${finding.rule} ${finding.start} ${finding.end}`;
      return !seen.has(key) && Boolean(seen.add(key));
    });
}

/** A finding in embedded code, at its place in the file. */
export function inFile(problem: Problem, view: View, text: string): Problem {
  const { start, end } = view.placeOf(problem.start, problem.end);
  const starts = lineStarts(text);
  const edits = problem.fix && view.editsOf(problem.fix.edits);
  const lines = { startLine: lineAt(starts, start), endLine: lineAt(starts, Math.max(start, end - 1)) };
  return { ...problem, start, end, ...lines, fix: problem.fix && edits ? { ...problem.fix, edits } : undefined };
}

/** A finding of a text without its byte order mark, in the text with it. */
export function shift(problem: Problem, by: number): Problem {
  if (by === 0) return problem;
  const moved = (edit: TextEdit) => ({ ...edit, start: edit.start + by, end: edit.end + by });
  const fix = problem.fix && { ...problem.fix, edits: problem.fix.edits.map(moved) };
  return { ...problem, start: problem.start + by, end: problem.end + by, fix };
}

function lineContext(text: string, starts: Uint32Array, start: number, end: number): string {
  const from = starts[lineAt(starts, start) - 1] ?? 0;
  const to = text.indexOf("\n", end);
  return squeeze(text.slice(from, to < 0 ? text.length : to)).slice(0, 400);
}

/**
 * The fix as it may be offered: with the file's own line endings, never safe where it deletes a comment, and not at all
 * where the engine lost characters that UTF-8 cannot carry.
 */
function keptFix(fix: Fix, text: string, comments: readonly { from: number; to: number }[]): Fix | undefined {
  if (fix.edits.some((edit) => edit.text.includes("\uFFFD"))) return undefined;
  const crlf = text.includes("\r\n");
  const edits = fix.edits.map((edit) => (crlf ? { ...edit, text: edit.text.replace(/\r?\n/g, "\r\n") } : edit));
  const inserted = edits.map((edit) => edit.text).join("");
  const losesComment = edits.some(({ start, end }) =>
    comments.some(({ from, to }) => from < end && to > start && !inserted.includes(text.slice(from, to))),
  );
  return { ...fix, edits, safety: losesComment ? "unsafe" : fix.safety };
}
