import { $remove } from "dynamodb-toolbox/entity/actions/update";
import * as v from "valibot";
import { restoreActor } from "../auth/index";
import { findingChangeId } from "../changes/internal";
import { getCodebase } from "../codebases/index";
import { versionOf } from "../codebases/internal";
import type { Codebase, TreeEntry, Version } from "../codebases/schema";
import { LIMITS } from "../limits";
import { nowIso } from "../platform/clock";
import { count } from "../platform/metrics";
import { getSession } from "../sessions/index";
import { recordReview } from "../sessions/internal";
import type { Session } from "../sessions/schema";
import { defineWork, type WorkContext } from "../work/index";
import { jobIdSchema } from "../work/schema";
import { BaseReview } from "./base-review";
import { BatchReviewer } from "./batch-reviewer";
import { addCounts, countBySeverity, openFindings } from "./counts";
import { findingsBy, storeOutcome } from "./file-outcome";
import { proposeFixes } from "./fixes";
import { reviewId, reviewLogId } from "./ids";
import { type ReviewItem, readReview, reviewItems } from "./items";
import { type FileReview, type Finding, isNewHere, type Review, type ReviewEvent, type ReviewJob } from "./schema";
import { queryFindings } from "./store";

type Loaded = { session: Session; codebase: Codebase };
type Work = WorkContext<ReviewItem, ReviewEvent>;
type OfSession = Loaded & { work: Work };

const INPUT = {
  ...{ sessionId: jobIdSchema, version: v.pipe(v.number(), v.integer(), v.minValue(1)), userId: jobIdSchema },
  again: v.optional(v.literal(true)),
};

/**
 * The review of a version. Idempotent: a finished one stays finished. One of a version that is no longer the head ends
 * at once, as the head has its own job.
 */
export const reviewWork = defineWork<typeof INPUT, ReviewItem, Loaded, ReviewEvent>({
  kind: "review",
  input: v.object(INPUT),
  items: reviewItems,
  keyOf: ({ sessionId, version }) => ({ sessionId, id: reviewId(sessionId, version) }),
  logIdOf: ({ sessionId, version }) => reviewLogId(sessionId, version),
  async load({ sessionId, userId }) {
    const actor = await restoreActor({ userId });
    const session = await getSession(actor, { id: sessionId });
    if (session.trashedAt) return undefined;
    return { session, codebase: await getCodebase(actor, { id: session.codebaseId }) };
  },
  claim: ({ version, userId, again }) => ({
    where: { isNew: true, from: ["queued", "failed"] },
    fields: { version, userId, startedAt: nowIso(), v: 1, ...(again && { again }) },
  }),
  async run(work, { session, codebase }) {
    if (codebase.number > work.item.version) {
      const failure = `Superseded by version ${codebase.number} before the review started.`;
      await work.end("failed", { type: "superseded", version: codebase.number }, { failure });
    } else await reviewFiles({ work, session, codebase });
  },
  failure: (message) => ({ type: "failed", message }),
  labels: {
    name: "Built-in review",
    ifDiscarded: "This version won't be reviewed until someone requests a review again.",
    fault: "The review stopped because of an internal error. Review again.",
    tooManyAttempts: `The review failed ${LIMITS.review.maxAttempts} times. Review again with fewer files.`,
  },
  maxAttempts: LIMITS.review.maxAttempts,
  since: ({ startedAt }) => startedAt,
});

/** Runs one review job. */
export const runReview = (job: ReviewJob): Promise<void> => reviewWork.perform(job);

async function reviewFiles(of: OfSession): Promise<void> {
  const { work, session, codebase } = of;
  const { findings, decisions } = await queryFindings(session.id);
  const known = findingsBy("builtin", findings);
  const previous = session.review ? await readReview(session.id, session.review.id) : undefined;
  const { tree: stored, version } = await versionOf(codebase, codebase.number);
  const base = await BaseReview.open(session, codebase);
  const tree = base ? base.reviewable(stored) : stored;
  work.events.append({ type: "started", version: codebase.number, files: tree.length });

  const lookedAt = new Map(tree.map((entry) => [entry, work.item.again ? undefined : unchanged(previous, entry)]));
  const changed = tree.filter((entry) => !lookedAt.get(entry));
  const engines = new BatchReviewer(codebase.teamId, changed, tree);
  const coverage: FileReview[] = [];
  const current: Finding[] = known.filter((finding) => !tree.some((entry) => entry.path === finding.path));
  const resolved = current.splice(0);
  let newCount = 0;
  for (const entry of tree) {
    work.requireLease();
    const before = known.filter((finding) => finding.path === entry.path);
    const looked = lookedAt.get(entry);
    const reviewed = looked ? { review: looked, now: before } : await reviewFile(of, engines, entry, before);
    const result = base ? await base.compare(entry, reviewed) : reviewed;
    const identities = new Set(result.now.map((finding) => finding.identity));
    const removed = before.filter((finding) => !identities.has(finding.identity));
    if (!looked) {
      await storeOutcome(codebase, {
        put: result.now.filter((finding) => differs(finding, before)),
        resolved: removed,
        formerFixes: before.filter((finding) => isFixReplaced(finding, result.now)),
      });
    } else if (base) {
      const put = result.now.filter((finding) => differs(finding, before));
      await storeOutcome(codebase, { put, resolved: [], formerFixes: [] });
    }
    resolved.push(...removed);
    newCount += result.now.filter(
      (each) => !decisions.has(each.identity) && each.firstVersion === codebase.number,
    ).length;
    current.push(...result.now);
    coverage.push(result.review);
    const { path, state } = result.review;
    const findings = result.now.filter((each) => !decisions.has(each.identity)).length;
    work.events.append({ type: "file", path, done: coverage.length, files: tree.length, state, findings });
  }
  const orphans = resolved.filter((finding) => !tree.some((entry) => entry.path === finding.path));
  await storeOutcome(codebase, { put: [], resolved: orphans, formerFixes: orphans });

  const open = current.filter((finding) => !decisions.has(finding.identity));
  const counts = countBySeverity(open.filter(isNewHere));
  const result = {
    coverage,
    duplicates: (await engines.duplicates()).slice(0, MAX_DUPLICATES_LISTED),
    counts,
    ...(bringsBack(version) ? { new: 0, back: newCount } : { new: newCount, back: 0 }),
    open: open.length - newCount,
    decided: current.length - open.length,
    resolved: resolved.length,
    ...(base && { difference: base.counts(open) }),
  };
  const finishedAt = await work.endItem("done", { result, again: $remove() });
  count("ReviewsDone");
  count("FindingsFound", newCount);
  const byModel = await openFindings(codebase.teamId, tree, findingsBy("model", findings));
  const summary = addCounts(counts, countBySeverity(byModel.filter(isNewHere)));
  await recordReview(
    session,
    { id: work.item.id, version: codebase.number, status: "done", counts: summary, finishedAt },
    tree,
  );
  await work.events.end({ type: "done", counts, new: result.new, resolved: resolved.length });
}

/** Returns whether a version only brings back code that was there before: what is found in it is not new. */
const bringsBack = ({ kind }: Version): boolean => kind === "undo" || kind === "restore";

/** Returns the last review's result for exactly this content; undefined when it never read it, or could not. */
function unchanged(previous: Review | undefined, entry: TreeEntry): FileReview | undefined {
  return previous?.coverage.find(
    (each) =>
      each.path === entry.path &&
      each.hash === entry.hash &&
      each.language === entry.language &&
      each.state !== "skipped",
  );
}

/**
 * Stores the fixes of a file that hold as changes; what it returns is not stored yet. Where the engines failed, nothing is
 * known to be resolved: the findings stay as they were.
 */
async function reviewFile(
  { work, session, codebase }: OfSession,
  engines: BatchReviewer,
  entry: TreeEntry,
  before: Finding[],
) {
  const { report, isWhole, ...proof } = await engines.of(entry);
  const proven = new Set(proof.proven);

  const reviewed = report.problems.map((problem): Finding => {
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
  const { coverage, metrics } = report;
  const now = coverage.isFailed ? before : reviewed;
  if (!coverage.isFailed) await proposeFixes({ session, codebase, reviewId: work.item.id }, entry, now, before);
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
  if (!old || old.fileHash !== finding.fileHash || old.onBase !== finding.onBase) return true;
  return old.fix?.changeId !== finding.fix?.changeId;
}

const isFixReplaced = ({ fix }: Finding, now: Finding[]): boolean =>
  fix !== undefined && !now.some((finding) => finding.fix?.changeId === fix.changeId);

const MAX_DUPLICATES_LISTED = 20;
