import type { Actor } from "@redline/core/auth/schema";
import { newChangeId } from "@redline/core/changes/schema";
import { readText } from "@redline/core/codebases/internal";
import type { Codebase, TreeEntry } from "@redline/core/codebases/schema";
import { AppError } from "@redline/core/errors";
import { countRenamedInZip } from "@redline/core/exports/internal";
import { LIMITS } from "@redline/core/limits";
import { highlight, openSession } from "@redline/core/review/index";
import { reviewLogId } from "@redline/core/review/internal";
import type { PlacedFinding, Review } from "@redline/core/review/schema";
import type { FindingCounts } from "@redline/core/sessions/schema";
import { threadsOf } from "@redline/core/threads/internal";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { loadOpenThread, loadReplyCapability, toPageThread } from "../conversation/load.server";
import { Document, lineStartsOf } from "../editor/document";
import { packSpans } from "../editor/spans";
import { isOpen, type OpenFile, type PageFinding, type ReviewPage, type ReviewStrip } from "./page";

export type PageRequest = { id: string; path?: string; line?: number; thread?: string };

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
  const [threads, opened] = await Promise.all([
    threadsOf(session, codebase),
    request.thread ? findOpenThread(actor, codebase, { sessionId: session.id, threadId: request.thread }) : undefined,
  ]);
  const files = codebase.tree.map(({ path, language, lines, size }) => ({
    path,
    language,
    lines,
    size,
    counts: countOpenFindings(found.filter((finding) => finding.path === path)),
    threads: threads.filter((thread) => thread.path === path && thread.status === "open").length,
  }));
  const path = request.path ?? opened?.thread.path ?? findWorstFile(files);
  const entry = codebase.tree.find((each) => each.path === path) ?? codebase.tree[0];
  const file = entry ? await loadOpenFile(actor, codebase, entry, request.line ?? 1) : null;
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
    ...(opened !== undefined && { openThread: opened }),
    replyCapability: await loadReplyCapability(),
    nextThreadId: newThreadId(),
    nextMessageId: newMessageId(),
    safeFixes: found.filter((finding) => isOpen(finding) && finding.fix?.safety === "safe").length,
    review: review && toReviewStrip(review),
    modelReview,
    followLog: isReviewed ? undefined : reviewLogId(session.id, codebase.number),
    draft,
    changeId: newChangeId(),
  };
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

async function loadOpenFile(actor: Actor, codebase: Codebase, entry: TreeEntry, line: number): Promise<OpenFile> {
  const text = await readText(codebase, entry);
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
  return { ...about, ...range, text, packed: packSpans(new Document(text), spans), isPart: false };
}

function toPageFinding(finding: PlacedFinding): PageFinding {
  const { identity, rule, severity, confidence, path, start, end, startLine, endLine, symbol, title } = finding;
  const { explanation, place, fix, decision, source, model, alsoSeenBy } = finding;
  const about = { identity, rule, severity, confidence, path, symbol, title, explanation, place, fix, decision };
  return { ...about, start, end, startLine, endLine, source, model, alsoSeenBy };
}

function toReviewStrip(review: Review): ReviewStrip {
  const { version, status, counts, failure } = review;
  return {
    ...{ version, status, counts, failure },
    ...{ new: review.new, open: review.open, decided: review.decided, resolved: review.resolved },
    coverage: review.coverage.map(({ path, state, reason, metrics }) => ({ path, state, reason, metrics })),
    duplicates: review.duplicates.map(({ lines, places }) => ({
      lines,
      places: places.map((place) => `${place.path}:${place.startLine}`),
    })),
  };
}
