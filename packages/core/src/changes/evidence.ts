import { LRUCache } from "lru-cache";
import { hashText } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import { errorFields, log } from "../platform/log";
import { reviewerClient } from "../reviewer-client/index";
import type { ReviewOptions } from "../reviewers/index";
import type { Evidence as FileEvidence, MergedFile, SourceFile } from "../reviewers/schema";
import { describeLineEnds } from "./line-ends";
import type { Change, Evidence } from "./schema";

/** A file before and after a change; null where there is none. */
export type ChangedFile = { before: SourceFile | null; after: SourceFile | null };

/** Returns the evidence of a change, checked file by file. An unavailable reviewer is part of the evidence. */
export async function evidenceOf(files: readonly ChangedFile[], options: ReviewOptions = {}): Promise<Evidence> {
  const reports: { path: string; report: FileEvidence }[] = [];
  for (const { before, after } of files) {
    if (after) reports.push({ path: after.path, report: await checked(before, after, options) });
  }
  const all = reports.map(({ report }) => report);
  const listed = (kind: "added" | "removed") =>
    reports.flatMap(({ path, report }) =>
      report[kind].map(({ rule, title, severity, startLine }) => ({ rule, title, severity, path, line: startLine })),
    );
  const lineEnds = files.flatMap(({ before, after }) => {
    const sentence = before && after && describeLineEnds(before.text, after.text);
    return sentence ? (files.length > 1 ? `${after.path}: ${sentence}` : sentence) : [];
  });
  const unparsed = all.find((report) => !report.parses);
  const notChecked = all.find((report) => report.notChecked)?.notChecked;
  return {
    parses: unparsed ? false : notChecked ? "unknown" : true,
    added: listed("added"),
    removed: listed("removed"),
    ...(unparsed?.parseError && { parseError: unparsed.parseError }),
    ...(lineEnds.length > 0 && { lineEnds }),
    ...(notChecked && { notChecked }),
    checkedAt: nowIso(),
  };
}

const NO_ANSWER = "the code checker did not answer";

/** Evidence of an unchecked change: without the engines it is shown all the same. */
async function checked(before: SourceFile | null, after: SourceFile, options: ReviewOptions): Promise<FileEvidence> {
  try {
    return await reviewerClient.evidence(before, after, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    log.warn("change not checked", errorFields(error));
    return { parses: true, added: [], removed: [], notChecked: NO_ANSWER };
  }
}

/** Returns sentences on what clean merges repeat in one scope. Throws what the reviewer throws. */
async function repeatsOf(files: readonly MergedFile[], options: ReviewOptions): Promise<string[]> {
  const sentences: string[] = [];
  for (const file of files) {
    const own = await reviewerClient.repeats(file, options);
    sentences.push(...own.map((sentence) => (files.length > 1 ? `${file.path}: ${sentence}` : sentence)));
  }
  return sentences;
}

const WAIT_MS = 1_500;

/** Returns the same, or nothing when the reviewer times out: the new version is reviewed anyway. */
export async function repeatsInTime(files: readonly MergedFile[]): Promise<string[]> {
  try {
    return await repeatsOf(files, { signal: AbortSignal.timeout(WAIT_MS), priority: "typing" });
  } catch (error) {
    log.warn("evidence on head failed", errorFields(error));
    return [];
  }
}

const onHead = new LRUCache<string, Evidence>({ max: 500 });

/** Pending checks, shared by concurrent callers. */
const pending = new Map<string, Promise<Evidence>>();

/**
 * Evidence of a proposed change whose files were merged with newer code, of what it would do to that code. A page waits
 * for it a moment; past that it says so, and a later page has it.
 */
export async function evidenceOnHead(teamId: string, change: Change, merged: readonly MergedFile[]): Promise<Evidence> {
  const key = JSON.stringify([teamId, change.id, ...merged.map(({ path, theirs }) => [path, hashText(theirs)])]);
  const known = onHead.get(key);
  if (known) return known;
  const checking = pending.get(key) ?? checkOnHead(key, merged);
  pending.set(key, checking);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Evidence>((resolve) => {
    timer = setTimeout(() => resolve(notYetKnown()), WAIT_MS);
  });
  return Promise.race([checking, late]).finally(() => clearTimeout(timer));
}

async function checkOnHead(key: string, merged: readonly MergedFile[]): Promise<Evidence> {
  const files = merged.map(({ path, language, theirs, text }) => ({
    before: { path, language, text: theirs },
    after: { path, language, text },
  }));
  try {
    const repeated = await repeatsOf(merged, { priority: "typing" });
    const evidence = { ...(await evidenceOf(files, { priority: "typing" })), ...(repeated.length > 0 && { repeated }) };
    if (evidence.notChecked !== NO_ANSWER) onHead.set(key, evidence);
    return evidence;
  } catch (error) {
    log.warn("evidence on head failed", errorFields(error));
    return notYetKnown();
  } finally {
    pending.delete(key);
  }
}

const notYetKnown = (): Evidence => ({
  ...{ parses: "unknown", added: [], checkedAt: nowIso() },
  notChecked: "the code has changed since it was",
});
