/** Turns a model's reports on a file into findings: anchored, matched with earlier ones, and deduplicated. */
import { proposeChange } from "../../changes/internal";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import { LIMITS } from "../../limits";
import { derivedId } from "../../platform/ids";
import { reviewerClient } from "../../reviewer-client/index";
import { identify } from "../../reviewers/index";
import type { Session } from "../../sessions/schema";
import { splitLines } from "../../text/index";
import { type FileOutcome, findingsBy } from "../file-outcome";
import type { Finding, FindingFix, PlacedFinding } from "../schema";
import { isDuplicateFinding } from "./dedupe-findings";
import type { AskedFile, Report } from "./reports";

/** The effects of a model's answer about one file; stored as a whole before any of it is applied. */
export type FileResult = FileOutcome & {
  /** Findings of the built-in reviewer that the model reported too. */
  alsoSeen: string[];
  new: number;
  open: number;
  decided: number;
};

export type ResultOf = {
  session: Session;
  codebase: Codebase;
  version: number;
  tree: TreeEntry[];
  reviewId: string;
  attempt: number;
  model: string;
  file: AskedFile;
  /** All of the file's findings as they stand in the text that was reviewed. */
  known: PlacedFinding[];
  /** The model said all it had to say: what it reported before and not now is gone. */
  isComplete: boolean;
  signal: AbortSignal;
};

export async function resultOf(about: ResultOf, reports: readonly Report[]): Promise<FileResult> {
  const { known, session, file, model, version } = about;
  const builtin = findingsBy("builtin", known).filter((finding) => finding.anchorState !== "outdated");
  const before = findingsBy("model", known);
  const current = before.filter((finding) => finding.anchorState !== "outdated");
  const alsoSeen = new Set<string>();
  const now = new Map<string, Finding>();
  for (const { report, place, identity } of await identified(file, reports)) {
    const twin = builtin.find((finding) => isDuplicateFinding(finding, place));
    if (twin) {
      alsoSeen.add(twin.identity);
      continue;
    }
    const old =
      current.find((finding) => finding.identity === identity) ??
      current.find((finding) => !now.has(finding.identity) && isDuplicateFinding(finding, place));
    const name = old?.identity ?? identity;
    if (now.has(name)) continue;
    const { fix, leftOut } = await proposeFix(about, name, report, old);
    now.set(name, {
      identity: name,
      ...place,
      severity: report.severity,
      confidence: report.confidence,
      explanation: leftOut === undefined ? report.explanation : `${report.explanation}\n\n${withoutFix(leftOut)}`,
      path: file.path,
      sessionId: session.id,
      fileHash: file.hash,
      firstVersion: old?.firstVersion ?? before.find((each) => each.identity === name)?.firstVersion ?? version,
      source: "model",
      model,
      fix,
      decision: old?.decision,
    });
  }
  return difference(about, before, now, [...alsoSeen]);
}

/** The place and the identity of each report, by the scheme of all findings. */
async function identified(file: AskedFile, reports: readonly Report[]) {
  const kept = reports.slice(0, LIMITS.review.maxFindingsPerFile);
  const sorted = [...kept].sort((a, b) => a.startLine - b.startLine || a.endLine - b.endLine);
  const ranges = rangesOf(file.text, sorted);
  const { path, text, language } = file;
  const places = await reviewerClient.locate({ path, text, language }, ranges);
  const rules = sorted.map(({ rule }) => `model/${slugOf(rule)}`);
  const identities = identify(
    sorted.map((_, at) => ({ rule: rules[at] ?? "", path, ...(places[at] ?? { symbol: "", context: "" }) })),
  );
  return sorted.map((report, at) => {
    const { startLine, endLine, title } = report;
    const range = ranges[at] ?? { start: 0, end: 0 };
    const place = { rule: rules[at] ?? "", title, startLine, endLine, ...range, symbol: places[at]?.symbol ?? "" };
    return { report, identity: identities[at] ?? "", place };
  });
}

const slugOf = (rule: string): string =>
  rule
    .replace(/^model\//, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60) || "problem";

/** From the first character that is no white space to the last, as offsets. */
function rangesOf(text: string, reports: readonly Report[]): { start: number; end: number }[] {
  const lines = splitLines(text);
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length;
  }
  starts.push(at);
  return reports.map(({ startLine, endLine }) => {
    const from = starts[startLine - 1] ?? 0;
    const to = starts[endLine] ?? at;
    const block = text.slice(from, to);
    if (block.trim() === "") return { start: from, end: Math.max(from, from + block.replace(/\r?\n$/, "").length) };
    return { start: from + block.length - block.trimStart().length, end: from + block.trimEnd().length };
  });
}

const withoutFix = (reason: string): string => `The fix that came with it is left out, as it does not apply: ${reason}`;

/**
 * The redline of a finding: the one it has while its code is the same, else a new one that provably applies. `leftOut`
 * says why there is none where the model wrote one.
 */
async function proposeFix(
  about: ResultOf,
  identity: string,
  report: Report,
  old: PlacedFinding | undefined,
): Promise<{ fix?: FindingFix; leftOut?: string }> {
  if (old?.decision) return {};
  if (old?.fix && old.anchorState === "exact") return { fix: old.fix };
  if (!report.edits) return { leftOut: report.refusal };
  const { session, codebase, version, tree, reviewId, attempt, model, file, signal } = about;
  const proposed = await proposeChange(
    {
      id: derivedId("chg", reviewId, String(attempt), identity),
      codebase,
      tree,
      base: version,
      edits: [{ path: file.path, baseHash: file.hash, edits: report.edits }],
      summary: report.title,
      author: { kind: "reviewer", id: model, name: model },
      origin: { kind: "finding", sessionId: session.id, reviewId, identity },
    },
    signal,
  );
  if (!proposed.ok) return { leftOut: proposed.reason };
  const { id, summary, safety, evidence } = proposed.change;
  const problems = [
    ...(evidence?.parses === false
      ? [`The result does not parse: ${evidence.parseError ?? "no reason was given"}`]
      : []),
    ...(evidence?.added ?? []).map(({ title, line }) => `It adds a problem in line ${line}: ${title}`),
    ...(evidence?.notChecked ? [`It could not be checked: ${evidence.notChecked}`] : []),
  ];
  return { fix: { changeId: id, safety, summary, edits: report.edits, ...(problems.length > 0 && { problems }) } };
}

function difference(
  { file, isComplete, version }: ResultOf,
  before: PlacedFinding[],
  now: Map<string, Finding>,
  alsoSeen: string[],
): FileResult {
  const isLookedAt = (finding: PlacedFinding) =>
    file.only?.some((range) => finding.startLine <= range.endLine && finding.endLine >= range.startLine) ?? true;
  const notReported = before.filter((finding) => !now.has(finding.identity));
  // A decision stays while its code is there, whether or not the model reports the finding again.
  const resolved = notReported.filter(
    (finding) => finding.anchorState === "outdated" || (isComplete && isLookedAt(finding) && !finding.decision),
  );
  const put = [...now.values()];
  const stays = notReported.filter((finding) => !resolved.includes(finding));
  const open = [...put, ...stays].filter((finding) => !finding.decision);
  const known = new Set(before.map((finding) => finding.identity));
  const newCount = open.filter((finding) => !known.has(finding.identity) && finding.firstVersion === version).length;
  const formerFixes = before.filter((old) => now.get(old.identity)?.fix?.changeId !== old.fix?.changeId);
  return {
    put,
    resolved,
    alsoSeen,
    formerFixes: formerFixes.filter((old) => resolved.includes(old) || now.has(old.identity)),
    new: newCount,
    open: open.length - newCount,
    decided: put.length + stays.length - open.length,
  };
}
