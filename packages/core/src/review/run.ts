import { restoreActor } from "../auth/index";
import { findingChangeId } from "../changes/index";
import { getCodebase, versionOf } from "../codebases/index";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import type { Job } from "../platform/announce";
import { EventLogWriter, readLog } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import { count } from "../platform/metrics";
import { getSession, recordReview } from "../sessions/index";
import type { Session } from "../sessions/schema";
import { addCounts, countBySeverity, openFindings } from "./counts";
import { proposeFixes, supersedeFixes } from "./fixes";
import { reviewId, reviewLogId } from "./ids";
import { InBatches } from "./in-batches";
import type { FileReview, Finding, Review, ReviewEvent } from "./schema";
import { claimReview, finishReview, queryFindings, readReview, renewReview, writeFindings } from "./store";

type Work = {
  session: Session;
  codebase: Codebase;
  key: { sessionId: string; id: string };
  log: EventLogWriter<ReviewEvent>;
  /** Look at every file again, also those that have not changed. */
  again: boolean;
};

/**
 * Carries out one review job. Delivering a job again does nothing: a review is claimed, a done one stays done. A review
 * of a version that is no longer the head ends at once, because the head has a job of its own.
 */
export async function runReview(job: Job<"review">): Promise<void> {
  const work = await begin(job);
  if (!work) return;
  const renewal = setInterval(
    () => void renewReview(work.key).catch((error) => log.warn("lease not renewed", errorFields(error))),
    LIMITS.lease.renewSeconds * 1000,
  );
  try {
    await reviewFiles(work);
  } catch (error) {
    // Another worker has taken the log over, and with it the review: what became of it is for that one to say.
    if (work.log.isLost) return log.warn("review taken over", { sessionId: job.sessionId, version: job.version });
    const message =
      error instanceof AppError ? error.message : "The review stopped because of a fault on our side. Review again.";
    await finishReview(work.key, { failure: message });
    await work.log.end({ type: "failed", message }).catch((lost) => {
      if (!work.log.isLost) throw lost;
    });
    log.error("review failed", { sessionId: job.sessionId, version: job.version, ...errorFields(error) });
  } finally {
    clearInterval(renewal);
  }
}

/** What the job is about, claimed; undefined when there is nothing to do for it. */
async function begin(job: Job<"review">): Promise<Work | undefined> {
  const actor = await restoreActor({ userId: job.userId });
  const key = { sessionId: job.sessionId, id: reviewId(job.sessionId, job.version) };
  const session = await getSession(actor, { id: job.sessionId });
  if (session.trashedAt) return undefined;
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  if (!(await claimReview(key, job.version, job.userId))) return undefined;
  const logId = reviewLogId(session.id, job.version);
  const before = await readLog<ReviewEvent>(logId);
  const writer = new EventLogWriter<ReviewEvent>(logId, before.at(-1)?.sequence ?? 0);
  if (codebase.number > job.version) {
    await finishReview(key, { failure: `Version ${codebase.number} came before the review of this one began.` });
    await writer.end({ type: "superseded", version: codebase.number });
    return undefined;
  }
  return { session, codebase, key, log: writer, again: job.again === true };
}

async function reviewFiles(work: Work): Promise<void> {
  const { session, codebase, key } = work;
  const { findings, answers } = await queryFindings(session.id);
  // What a model reported is its own to say again or to let go.
  const known = findings.filter((finding) => finding.source === "builtin");
  const previous = session.review ? await readReview(session.id, session.review.id) : undefined;
  const { tree } = await versionOf(codebase, codebase.number);
  work.log.append({ type: "started", version: codebase.number, files: tree.length });

  const lookedAt = new Map(tree.map((entry) => [entry, work.again ? undefined : unchanged(previous, entry)]));
  const changed = tree.filter((entry) => !lookedAt.get(entry));
  const engines = new InBatches(codebase.teamId, changed, tree);
  const coverage: FileReview[] = [];
  const standing: Finding[] = known.filter((finding) => !tree.some((entry) => entry.path === finding.path));
  const gone = standing.splice(0);
  let fresh = 0;
  for (const entry of tree) {
    const before = known.filter((finding) => finding.path === entry.path);
    const looked = lookedAt.get(entry);
    const result = looked ? { review: looked, now: before } : await reviewFile(work, engines, entry, before);
    const identities = new Set(result.now.map((finding) => finding.identity));
    const left = before.filter((finding) => !identities.has(finding.identity));
    if (!looked) {
      await writeFindings(
        result.now.filter((finding) => differs(finding, before)),
        left,
      );
      await supersedeFixes(codebase, before, result.now);
    }
    gone.push(...left);
    fresh += result.now.filter((each) => !answers.has(each.identity) && each.firstVersion === codebase.number).length;
    standing.push(...result.now);
    coverage.push(result.review);
    const { path, state } = result.review;
    const findings = result.now.filter((each) => !answers.has(each.identity)).length;
    work.log.append({ type: "file", path, done: coverage.length, files: tree.length, state, findings });
  }
  const orphans = gone.filter((finding) => !tree.some((entry) => entry.path === finding.path));
  await writeFindings([], orphans);
  await supersedeFixes(codebase, orphans, []);

  const open = standing.filter((finding) => !answers.has(finding.identity));
  const counts = countBySeverity(open);
  const result = {
    coverage,
    duplicates: (await engines.duplicates()).slice(0, MAX_DUPLICATES_LISTED),
    counts,
    fresh,
    stillOpen: open.length - fresh,
    answered: standing.length - open.length,
    gone: gone.length,
  };
  const finishedAt = await finishReview(key, { result });
  count("ReviewsDone");
  count("FindingsFound", fresh);
  const byModel = findings.filter((finding) => finding.source === "model");
  const summary = addCounts(counts, countBySeverity(await openFindings(codebase.teamId, tree, byModel)));
  await recordReview(
    session,
    { id: key.id, version: codebase.number, status: "done", counts: summary, finishedAt },
    tree,
  );
  await work.log.end({ type: "done", counts, fresh, gone: gone.length });
}

/** What the last review said of this very content; nothing when it never saw it, or could not look. */
function unchanged(previous: Review | undefined, entry: TreeEntry): FileReview | undefined {
  return previous?.coverage.find(
    (each) =>
      each.path === entry.path &&
      each.hash === entry.hash &&
      each.language === entry.language &&
      each.state !== "skipped",
  );
}

/** Stores the fixes of a file that hold as changes; what it returns is not stored yet. */
async function reviewFile(work: Work, engines: InBatches, entry: TreeEntry, before: Finding[]) {
  const { session, codebase } = work;
  const { report, isWhole, ...proof } = await engines.of(entry);
  const proven = new Set(proof.proven);

  const now = report.problems.map((problem): Finding => {
    const old = before.find((each) => each.identity === problem.identity);
    const { fix, ...rest } = problem;
    const changeId = findingChangeId(session.id, problem.identity, entry.hash);
    return {
      ...rest,
      sessionId: session.id,
      fileHash: entry.hash,
      firstVersion: old?.firstVersion ?? codebase.number,
      source: "builtin",
      ...(old?.alsoSeenBy && { alsoSeenBy: old.alsoSeenBy }),
      fix: fix && proven.has(problem.identity) ? { ...fix, changeId } : undefined,
    };
  });
  await proposeFixes({ session, codebase, reviewId: work.key.id }, entry, now, before);
  const { coverage, metrics } = report;
  const reason = isWhole ? coverage.reason : `only the first ${report.problems.length} findings are kept`;
  const state = isWhole ? coverage.state : ("partly" as const);
  const review: FileReview = {
    ...coverage,
    state,
    reason,
    hash: entry.hash,
    language: entry.language,
    metrics,
    findings: now.length,
  };
  return { review, now };
}

function differs(finding: Finding, before: Finding[]): boolean {
  const old = before.find((each) => each.identity === finding.identity);
  return !old || old.fileHash !== finding.fileHash || old.fix?.changeId !== finding.fix?.changeId;
}

const MAX_DUPLICATES_LISTED = 20;
