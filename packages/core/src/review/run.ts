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
import {
  type ClaimedReview,
  claimReview,
  finishReview,
  queryFindings,
  readReview,
  releaseReview,
  renewReview,
  writeFindings,
} from "./store";

type Work = {
  session: Session;
  codebase: Codebase;
  userId: string;
  claim: ClaimedReview;
  log: EventLogWriter<ReviewEvent>;
  /** The review is no longer this process's: it was handed back, or another has taken it. */
  isLost: boolean;
};

/** The review was given to another worker: whatever is still to be said of it, that one says. */
class Lost extends Error {}

/** Reviews that this process is at. */
const underWay = new Set<Work>();

/** Gives up every review that this process is at, so that another goes on with it at once: the process is ending. */
export async function handBackReviews(): Promise<void> {
  await Promise.all([...underWay].map(handBack));
}

async function handBack(work: Work): Promise<void> {
  work.isLost = true;
  // What was said so far stays said; whoever goes on counts on from there.
  await work.log.flush().catch(() => undefined);
  const { userId, claim, codebase } = work;
  await releaseReview({ ...claim, version: codebase.number, userId }, { counts: false });
}

/**
 * Carries out one review job. Delivering a job again does nothing: a review is claimed, a done one stays done. A review
 * of a version that is no longer the head ends at once, because the head has a job of its own.
 */
export async function runReview(job: Job<"review">): Promise<void> {
  const work = await begin(job);
  if (!work) return;
  underWay.add(work);
  const renewal = setInterval(() => void renew(work), LIMITS.lease.renewSeconds * 1000);
  try {
    await reviewFiles(work);
  } catch (error) {
    await failed(work, error);
  } finally {
    clearInterval(renewal);
    underWay.delete(work);
  }
}

async function renew(work: Work): Promise<void> {
  try {
    if (!(await renewReview(work.claim))) work.isLost = true;
  } catch (error) {
    log.warn("lease not renewed", errorFields(error));
  }
}

async function failed(work: Work, error: unknown): Promise<void> {
  const about = { sessionId: work.session.id, version: work.codebase.number };
  const message =
    error instanceof AppError ? error.message : "The review stopped because of a fault on our side. Review again.";
  // Whoever has taken the log has taken the review: what became of it is for that one to say.
  const isLost = error instanceof Lost || work.isLost || work.log.isLost;
  if (isLost || !(await finishReview(work.claim, { failure: message }))) return log.warn("review taken over", about);
  await work.log.end({ type: "failed", message }).catch((lost) => {
    if (!work.log.isLost) throw lost;
  });
  log.error("review failed", { ...about, ...errorFields(error) });
}

/** What the job is about, claimed; undefined when there is nothing to do for it. */
async function begin(job: Job<"review">): Promise<Work | undefined> {
  const actor = await restoreActor({ userId: job.userId });
  const key = { sessionId: job.sessionId, id: reviewId(job.sessionId, job.version) };
  const session = await getSession(actor, { id: job.sessionId });
  if (session.trashedAt) return undefined;
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const claim = await claimReview(key, job);
  if (!claim) return undefined;
  const logId = reviewLogId(session.id, job.version);
  const before = await readLog<ReviewEvent>(logId);
  const writer = new EventLogWriter<ReviewEvent>(logId, before.at(-1)?.sequence ?? 0);
  if (codebase.number > job.version) {
    await finishReview(claim, { failure: `Version ${codebase.number} came before the review of this one began.` });
    await writer.end({ type: "superseded", version: codebase.number });
    return undefined;
  }
  if (claim.attempts > LIMITS.review.maxAttempts) {
    const message = `The review was begun ${LIMITS.review.maxAttempts} times and never came to an end. Review again, with fewer files.`;
    if (await finishReview(claim, { failure: message })) await writer.end({ type: "failed", message });
    return undefined;
  }
  return { session, codebase, userId: job.userId, claim, log: writer, isLost: false };
}

async function reviewFiles(work: Work): Promise<void> {
  const { session, codebase, claim } = work;
  const { findings, answers } = await queryFindings(session.id);
  // What a model reported is its own to say again or to let go.
  const known = findings.filter((finding) => finding.source === "builtin");
  const previous = session.review ? await readReview(session.id, session.review.id) : undefined;
  const { tree } = await versionOf(codebase, codebase.number);
  work.log.append({ type: "started", version: codebase.number, files: tree.length });

  const lookedAt = new Map(tree.map((entry) => [entry, work.claim.again ? undefined : unchanged(previous, entry)]));
  const changed = tree.filter((entry) => !lookedAt.get(entry));
  const engines = new InBatches(codebase.teamId, changed, tree);
  const coverage: FileReview[] = [];
  const standing: Finding[] = known.filter((finding) => !tree.some((entry) => entry.path === finding.path));
  const gone = standing.splice(0);
  let fresh = 0;
  for (const entry of tree) {
    if (work.isLost) throw new Lost();
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
  const finishedAt = await finishReview(claim, { result });
  if (!finishedAt) throw new Lost();
  count("ReviewsDone");
  count("FindingsFound", fresh);
  const byModel = findings.filter((finding) => finding.source === "model");
  const summary = addCounts(counts, countBySeverity(await openFindings(codebase.teamId, tree, byModel)));
  await recordReview(
    session,
    { id: claim.id, version: codebase.number, status: "done", counts: summary, finishedAt },
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
  await proposeFixes({ session, codebase, reviewId: work.claim.id }, entry, now, before);
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
