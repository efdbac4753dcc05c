import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { rejectChange } from "../changes/index";
import { applyAll } from "../changes/internal";
import { changeIdSchema } from "../changes/schema";
import { getCodebase } from "../codebases/index";
import { cleanPath, openCodebase } from "../codebases/internal";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { followLog } from "../platform/event-log";
import { operation } from "../platform/operation";
import { reviewerClient } from "../reviewer-client/index";
import { requireLanguage } from "../reviewers/schema";
import { getSession } from "../sessions/index";
import { type Session, sessionId } from "../sessions/schema";
import { reviewId } from "./ids";
import { readReview, reviewItems } from "./items";
import { newestOf } from "./model/index";
import { locateFindings } from "./place";
import {
  FINDING_DECISIONS,
  type Finding,
  isNewHere,
  type PlacedFinding,
  type Review,
  type ReviewEvent,
} from "./schema";
import { queryFindings, removeDecision, writeDecision } from "./store";

export { highlight } from "./highlighting";
export {
  cancelModelReview,
  estimateModelReview,
  followModelReview,
  latestModelReview,
  requestModelReview,
} from "./model/index";

const inSession = v.object({ sessionId });

/**
 * Returns the head's review in any state when there is one, otherwise the latest finished one; null before the first.
 */
export const latestReview = operation("review.latest", "sessions.read", inSession, async (actor, input) => {
  const { session, codebase } = await load(actor, input.sessionId);
  return reviewOf(session, codebase);
});

/** Returns a session's page data except texts and threads, in at most five reads. */
export const openSession = operation("review.openSession", "sessions.read", inSession, async (actor, input) => {
  const session = await getSession(actor, { id: input.sessionId });
  const { codebase, draft } = await openCodebase(actor, { id: session.codebaseId });
  const [review, modelReview, { findings }] = await Promise.all([
    reviewOf(session, codebase),
    newestOf(session),
    queryFindings(session.id),
  ]);
  return { session, codebase, review, modelReview, draft, findings: await locateInOrder(codebase, findings) };
});

async function load(actor: Actor, id: string): Promise<{ session: Session; codebase: Codebase }> {
  const session = await getSession(actor, { id });
  return { session, codebase: await getCodebase(actor, { id: session.codebaseId }) };
}

async function reviewOf(session: Session, codebase: Codebase): Promise<Review | null> {
  const ofHead = await readReview(session.id, reviewId(session.id, codebase.number));
  if (ofHead) return ofHead;
  return (session.review && (await readReview(session.id, session.review.id))) ?? null;
}

async function locateInOrder(codebase: Codebase, findings: Finding[]): Promise<PlacedFinding[]> {
  const placed = await locateFindings(codebase.teamId, codebase.tree, findings);
  return placed.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
}

/**
 * Yields a review's events after a sequence number, until it ends or the signal aborts. Requires access to its session.
 */
export const followReview = operation(
  "review.follow",
  "sessions.read",
  v.object({
    logId: v.pipe(v.string(), v.regex(/^ses_[0-9A-Za-z]{26}\.[1-9]\d{0,8}$/, "That is not a log's id.")),
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (actor, { logId, after, signal }) => {
    await getSession(actor, { id: logId.split(".")[0] ?? "" });
    return followLog<ReviewEvent>(logId, after, signal);
  },
);

/** Returns all findings of a session with their decisions, located on the head, sorted by file and line. */
export const listFindings = operation(
  "review.findings",
  "sessions.read",
  inSession,
  async (actor, input): Promise<PlacedFinding[]> => {
    const { session, codebase } = await load(actor, input.sessionId);
    const { findings } = await queryFindings(session.id);
    return locateInOrder(codebase, findings);
  },
);

/** Stores a decision on a finding, which later reviews keep, or with null removes it. Throws FINDING_NOT_FOUND. */
export const setFindingDecision = operation(
  "review.setDecision",
  "decisions.make",
  v.object({
    sessionId,
    identity: v.pipe(v.string(), v.maxLength(100)),
    decision: v.nullable(v.picklist(FINDING_DECISIONS)),
  }),
  async (actor, input) => {
    const session = await getSession(actor, { id: input.sessionId });
    const { findings } = await queryFindings(session.id);
    const finding = findings.find((each) => each.identity === input.identity);
    if (!finding) throw new AppError("FINDING_NOT_FOUND", "That finding was not found. Its code may have changed.");
    if (input.decision === null) await removeDecision(session.id, finding.identity);
    else await writeDecision(session.id, finding.identity, input.decision, actor.userId);
  },
);

/** Rejects a finding's fix: the change is rejected and the finding gets the decision *rejected*. */
export const rejectFix = operation(
  "review.rejectFix",
  "decisions.make",
  v.object({ sessionId, identity: v.pipe(v.string(), v.maxLength(100)), changeId: changeIdSchema }),
  async (actor, input) => {
    const session = await getSession(actor, { id: input.sessionId });
    await rejectChange(actor, { codebaseId: session.codebaseId, changeId: input.changeId });
    await writeDecision(session.id, input.identity, "rejected", actor.userId);
  },
);

/**
 * Applies every safe fix of the open findings, nits included, as one version; with the same `changeId`, once. Of a
 * difference, only fixes of what it brought.
 */
export const applySafeFixes = operation(
  "review.applySafeFixes",
  "code.edit",
  v.object({ sessionId, changeId: changeIdSchema }),
  async (actor, input) => {
    const session = await getSession(actor, { id: input.sessionId });
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const { findings } = await queryFindings(session.id);
    const isSafe = (each: Finding) => !each.decision && isNewHere(each) && each.fix?.safety === "safe";
    const safe = findings.filter(isSafe);
    const inOrder = safe.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
    const ids = inOrder.flatMap((finding) => finding.fix?.changeId ?? []);
    return applyAll(actor, codebase, ids, input.changeId);
  },
);

/**
 * Requests a review of every file of the head, changed or not. Does nothing while one is queued or running; `queued`
 * tells which.
 */
export const requestReview = operation("review.request", "reviews.request", inSession, async (actor, input) => {
  const session = await getSession(actor, { id: input.sessionId });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const id = reviewId(session.id, codebase.number);
  const review = {
    ...{ sessionId: session.id, id, version: codebase.number, userId: actor.userId },
    ...{ again: true as const, startedAt: nowIso() },
  };
  const queued = await reviewItems.queue(review, { isNew: true, from: ["done", "failed"] });
  return { id, version: codebase.number, queued };
});

/** Returns the problems of a text being typed, with candidate fixes. Stores nothing. Throws INVALID_LANGUAGE. */
export const checkText = operation(
  "review.checkText",
  "sessions.read",
  v.object({ sessionId, path: v.pipe(v.string(), v.transform(cleanPath)), text: v.string(), language: v.string() }),
  async (actor, { sessionId: id, ...file }) => {
    requireLanguage(file.language);
    await getSession(actor, { id });
    return reviewerClient.check(file, { priority: "typing" });
  },
);
