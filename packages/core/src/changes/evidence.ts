import { LRUCache } from "lru-cache";
import { checks } from "../checks/index";
import { hashText } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import { errorFields, log } from "../platform/log";
import type { Evidence as FileEvidence, MergedFile, SourceFile } from "../reviewers/schema";
import type { Change, Evidence } from "./schema";

/** A file before and after a change; null where there is none. */
export type ChangedFile = { before: SourceFile | null; after: SourceFile | null };

/** What a change does to files, checked one after the other. Where nobody answers, that is what it says. */
export async function evidenceOf(files: readonly ChangedFile[], signal?: AbortSignal): Promise<Evidence> {
  const reports: { path: string; report: FileEvidence }[] = [];
  for (const { before, after } of files) {
    if (after) reports.push({ path: after.path, report: await checked(before, after, signal) });
  }
  const all = reports.map(({ report }) => report);
  const listed = (kind: "added" | "removed") =>
    reports.flatMap(({ path, report }) =>
      report[kind].map(({ rule, title, severity, startLine }) => ({ rule, title, severity, path, line: startLine })),
    );
  const unparsed = all.find((report) => !report.parses);
  const notChecked = all.find((report) => report.notChecked)?.notChecked;
  return {
    parses: unparsed ? false : notChecked ? "unknown" : true,
    added: listed("added"),
    removed: listed("removed"),
    ...(unparsed?.parseError && { parseError: unparsed.parseError }),
    ...(notChecked && { notChecked }),
    checkedAt: nowIso(),
  };
}

/** Without the engines a change is shown all the same, as one that nobody checked. */
async function checked(before: SourceFile | null, after: SourceFile, signal?: AbortSignal): Promise<FileEvidence> {
  try {
    return await checks.evidence(before, after, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    log.warn("change not checked", errorFields(error));
    return { parses: true, added: [], removed: [], notChecked: "the code checker did not answer" };
  }
}

/** What clean merges left twice in one scope, in sentences. Throws what the checker throws. */
async function repeatsOf(files: readonly MergedFile[], signal?: AbortSignal): Promise<string[]> {
  const sentences: string[] = [];
  for (const file of files) {
    const own = await checks.repeats(file, { signal });
    sentences.push(...own.map((sentence) => (files.length > 1 ? `${file.path}: ${sentence}` : sentence)));
  }
  return sentences;
}

const WAIT_MS = 1_500;

/** The same, and nothing where the checker does not answer soon: the review of what comes of it is still to come. */
export async function repeatsInTime(files: readonly MergedFile[]): Promise<string[]> {
  try {
    return await repeatsOf(files, AbortSignal.timeout(WAIT_MS));
  } catch (error) {
    log.warn("merge not looked at", errorFields(error));
    return [];
  }
}

const onHead = new LRUCache<string, Evidence>({ max: 500 });

/**
 * Evidence of a proposed change whose files were merged with newer code, of what it would do to that code. A page waits
 * for it a moment; past that it says so, and the next page asks again.
 */
export async function evidenceOnHead(teamId: string, change: Change, merged: readonly MergedFile[]): Promise<Evidence> {
  const key = JSON.stringify([teamId, change.id, ...merged.map(({ path, theirs }) => [path, hashText(theirs)])]);
  const known = onHead.get(key);
  if (known) return known;
  const signal = AbortSignal.timeout(WAIT_MS);
  try {
    const files = merged.map(({ path, language, theirs, text }) => ({
      before: { path, language, text: theirs },
      after: { path, language, text },
    }));
    const repeated = await repeatsOf(merged, signal);
    const evidence = { ...(await evidenceOf(files, signal)), ...(repeated.length > 0 && { repeated }) };
    onHead.set(key, evidence);
    return evidence;
  } catch (error) {
    log.warn("merge not looked at", errorFields(error));
    return { parses: "unknown", added: [], notChecked: "the code has changed since it was", checkedAt: nowIso() };
  }
}
