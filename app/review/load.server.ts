import type { Actor } from "@redline/core/auth/schema";
import { newChangeId } from "@redline/core/changes/schema";
import { readText } from "@redline/core/codebases/internal";
import type { Codebase, TreeEntry } from "@redline/core/codebases/schema";
import { decidedFiles, differenceOf } from "@redline/core/differences/internal";
import { AppError } from "@redline/core/errors";
import { countRenamedInZip } from "@redline/core/exports/internal";
import { LIMITS } from "@redline/core/limits";
import { highlight, openSession } from "@redline/core/review/index";
import { reviewLogId } from "@redline/core/review/internal";
import { isNewHere, type PlacedFinding, type Review } from "@redline/core/review/schema";
import type { FindingCounts } from "@redline/core/sessions/schema";
import { openThreadsOf } from "@redline/core/threads/internal";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { loadOpenThread, loadReplyCapability, loadResolvedThreads, toPageThread } from "../conversation/load.server";
import { listFiles, loadOpenBase, loadPageDifference } from "../difference/load.server";
import type { PageDifference } from "../difference/page";
import { lineStartsOf } from "../editor/document";
import { packOnce } from "../editor/pack-once.server";
import { isOpen, type OpenFile, type PageFinding, type ReviewPage, type ReviewStrip } from "./page";

/** `resolved` is the cursor of a page of resolved threads, empty for the first one. */
export type PageRequest = {
  id: string;
  path?: string;
  line?: number;
  thread?: string;
  resolved?: string;
  /** How a difference is shown. */
  view: PageDifference["view"];
};

/** Loads the review page with one file open: the requested one, else the one with the worst findings. */
export async function loadReviewPage(actor: Actor, request: PageRequest): Promise<ReviewPage> {
  const {
    session,
    codebase,
    review,
    modelReview,
    draft,
    findings: found,
  } = await openSession(actor, { sessionId: request.id });
  const [{ threads, resolved }, resolvedPage, opened] = await Promise.all([
    openThreadsOf(session, codebase),
    request.resolved === undefined
      ? undefined
      : loadResolvedThreads(actor, { sessionId: session.id, cursor: request.resolved || undefined }),
    request.thread ? findOpenThread(actor, codebase, { sessionId: session.id, threadId: request.thread }) : undefined,
  ]);
  const difference = await differenceOf(session, codebase);
  const decided = difference && (await decidedFiles(codebase, session.id, difference.files));
  const listed = difference
    ? await listFiles(codebase, difference, decided?.files ?? new Map())
    : codebase.tree.map((entry) => ({ entry, shown: entry, change: undefined }));
  const fresh = groupBy(found.filter(isNewHere), ({ path }) => path);
  const files = listed.map(({ shown: { path, language, lines, size, hash }, change }) => ({
    ...{ path, language, lines, size, hash, ...(change && { change }) },
    counts: countOpenFindings(fresh.get(path) ?? []),
    threads: threads.filter((thread) => thread.path === path).length,
  }));
  const path = request.path ?? opened?.thread.path ?? findWorstFile(files);
  const open = listed.find(({ shown }) => shown.path === path) ?? listed[0];
  const file = open ? await loadOpenFile(actor, codebase, open, request.line ?? 1) : null;
  const changed = difference?.files.find((each) => each.file.path === file?.path);
  const isReviewed = review?.version === codebase.number && (review.status === "done" || review.status === "failed");
  return {
    session: { id: session.id, name: session.name, teamId: session.teamId, isTrashed: !!session.trashedAt },
    codebaseId: codebase.id,
    head: { number: codebase.number, message: codebase.message },
    files,
    renamedInZip: countRenamedInZip(files.map((each) => each.path)),
    file,
    findings: file && !file.isPart ? found.filter((finding) => finding.path === file.path).map(toPageFinding) : [],
    threads: threads.filter((thread) => thread.isFileGone || thread.path === file?.path).map(toPageThread),
    resolvedThreads: { count: resolved, ...(resolvedPage && { page: resolvedPage }) },
    ...(opened !== undefined && { openThread: opened }),
    replyCapability: await loadReplyCapability(),
    nextThreadId: newThreadId(),
    nextMessageId: newMessageId(),
    safeFixes: found.filter((each) => isOpen(each) && isNewHere(each) && each.fix?.safety === "safe").length,
    review: review && toReviewStrip(review),
    modelReview,
    followLog: isReviewed ? undefined : reviewLogId(session.id, codebase.number),
    draft,
    changeId: newChangeId(),
    ...(difference && {
      difference: await loadPageDifference(session.id, difference, {
        view: request.view,
        open: changed ? await loadOpenBase(actor, codebase, changed, decided?.files.get(changed.file.path)) : null,
        turn: decided?.turn ?? null,
      }),
    }),
  };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Loads a thread; null when it doesn't exist. */
async function findOpenThread(actor: Actor, codebase: Codebase, request: { sessionId: string; threadId: string }) {
  try {
    return await loadOpenThread(actor, codebase, request);
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return null;
    throw error;
  }
}

function countOpenFindings(findings: readonly PlacedFinding[]): FindingCounts {
  const counts = { critical: 0, major: 0, minor: 0, nit: 0 };
  for (const finding of findings) if (isOpen(finding)) counts[finding.severity] += 1;
  return counts;
}

function findWorstFile(files: readonly { path: string; counts: FindingCounts }[]): string | undefined {
  const weight = ({ counts }: { counts: FindingCounts }) =>
    counts.critical * 1e9 + counts.major * 1e6 + counts.minor * 1e3 + counts.nit;
  return [...files].sort((a, b) => weight(b) - weight(a))[0]?.path;
}

/** Loads a file of the head; one that is only on a difference's base is empty. */
async function loadOpenFile(
  actor: Actor,
  codebase: Codebase,
  { entry: stored, shown: entry }: { entry?: TreeEntry; shown: TreeEntry },
  line: number,
): Promise<OpenFile> {
  const text = stored ? await readText(codebase, stored) : "";
  const about = { path: entry.path, language: entry.language, hash: entry.hash };
  const window = LIMITS.highlight.maxLines;
  const starts = lineStartsOf(text);
  const first = Math.min(Math.max(1, line), starts.length);
  const firstLine = first - ((first - 1) % window);
  const lastLine = Math.min(firstLine + window - 1, starts.length);
  const range = { lines: starts.length, firstLine, lastLine };
  if (text.length > LIMITS.review.maxFileBytes) {
    const part = text.slice(starts[firstLine - 1], starts[lastLine]).slice(0, LIMITS.review.maxFileBytes);
    return { ...about, ...range, text: part, packed: { classes: [], spans: "" }, isPart: true };
  }
  const spans = await highlight(actor, { teamId: codebase.teamId, hash: entry.hash, text, language: entry.language });
  return { ...about, ...range, text, packed: packOnce(text, spans), isPart: false };
}

function toPageFinding(finding: PlacedFinding): PageFinding {
  const { identity, rule, severity, confidence, path, start, end, startLine, endLine, symbol, title } = finding;
  const { explanation, anchorState, fix, decision, source, model, alsoSeenBy, onBase } = finding;
  const about = { identity, rule, severity, confidence, path, symbol, title, explanation, anchorState, fix, decision };
  return { ...about, start, end, startLine, endLine, source, model, alsoSeenBy, onBase };
}

function toReviewStrip(review: Review): ReviewStrip {
  const { version, status, counts, failure, difference } = review;
  return {
    ...{ version, status, counts, failure, difference },
    ...{ new: review.new, back: review.back, open: review.open },
    ...{ decided: review.decided, resolved: review.resolved },
    coverage: review.coverage.map(({ path, state, reason, metrics }) => ({ path, state, reason, metrics })),
    duplicates: review.duplicates.map(({ lines, places }) => ({
      lines,
      places: places.map((place) => `${place.path}:${place.startLine}`),
    })),
  };
}
