/** The review by a model: resumed where it ended, file by file. */
import { $set } from "dynamodb-toolbox/entity/actions/update";
import * as v from "valibot";
import { restoreActor } from "../../auth/index";
import type { Actor } from "../../auth/schema";
import { getCodebase } from "../../codebases/index";
import { versionOf } from "../../codebases/internal";
import { LIMITS } from "../../limits";
import { errorFields, log } from "../../platform/log";
import { getSession } from "../../sessions/index";
import type { Session } from "../../sessions/schema";
import { settingsOf } from "../../settings/internal";
import { defineWork } from "../../work/index";
import { type Allowance, jobIdSchema } from "../../work/schema";
import { runReview } from "../run";
import { type ModelReviewEvent, type ModelReviewJob, modelReviewLogId } from "../schema";
import { reviewFile } from "./file";
import { maxTokens } from "./plan";
import { modelReviewItems, type StoredModelReview, type StoredStep } from "./store";
import { recordOpenFindings } from "./summary";
import { type ModelWork, saveSteps } from "./work";

type Loaded = { actor: Actor; session: Session };

const INPUT = { sessionId: jobIdSchema, reviewId: jobIdSchema, userId: jobIdSchema };

export const modelReviewWork = defineWork<typeof INPUT, StoredModelReview, Loaded, ModelReviewEvent>({
  kind: "model-review",
  input: v.object(INPUT),
  items: modelReviewItems,
  keyOf: ({ sessionId, reviewId }) => ({ sessionId, id: reviewId }),
  logIdOf: ({ sessionId, id }) => modelReviewLogId(sessionId, id),
  async load({ sessionId, userId }) {
    const actor = await restoreActor({ userId });
    return { actor, session: await getSession(actor, { id: sessionId }) };
  },
  claim: () => ({ where: { from: ["queued"] } }),
  async run(lease, loaded, isResumed) {
    const work = await prepare(lease, loaded);
    if (!isResumed) lease.events.append({ type: "started", files: work.review.steps.length, model: work.review.model });
    await (loaded.session.trashedAt ? end(work, { status: "cancelled" }) : reviewFiles(work));
  },
  failure: (message) => ({ type: "failed", message }),
  labels: {
    name: "Review by a model",
    ifDiscarded: "The model review won't run; its author has to request it again.",
    fault: "The review stopped because of an internal error. Findings so far are kept. Start it again.",
  },
  isCancellable: true,
  reserveMs: LIMITS.modelReview.leaveMs,
  // With what its calls have used by then.
  handsOnItself: true,
  since: ({ requestedAt }) => requestedAt,
});

/** Runs a model review. Delivered again, it resumes or does nothing. */
export const runModelReview = (job: ModelReviewJob, allowance?: Allowance): Promise<void> =>
  modelReviewWork.perform(job, allowance);

async function prepare(lease: ModelWork["lease"], { actor, session }: Loaded): Promise<ModelWork> {
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const [{ tree }, { instructions }] = await Promise.all([
    versionOf(codebase, lease.item.version),
    settingsOf(actor.userId),
  ]);
  return { actor, session, codebase, tree, review: lease.item, instructions, lease };
}

async function reviewFiles(work: ModelWork): Promise<void> {
  const { review, lease, codebase } = work;
  if (codebase.number === review.version) await runBuiltinReview(work);
  for (const step of review.steps) {
    if (step.state !== "pending") continue;
    if (lease.isCancelled) break;
    if (lease.isLeaving || lease.remainingMs < LIMITS.modelReview.lastStartMs) return handOn(work);
    const reason = skipReason(review, step);
    if (reason) await settle(work, step, { state: "skipped", reason });
    else await reviewStep(work, step);
    lease.requireLease();
    if (step.state === "pending" && !lease.isCancelled) return handOn(work);
  }
  if (lease.isCancelled) return end(work, { status: "cancelled" });
  const attempted = review.steps.filter((step) => step.state !== "skipped");
  const failure = attempted.length === 0 ? review.steps.find((step) => step.attempts > 0)?.reason : undefined;
  await end(work, failure ? { status: "failed", failure } : { status: "done" });
}

/** The model is given what the built-in reviewer found; where its own job is at it already, what that has so far. */
async function runBuiltinReview({ review, session, actor }: ModelWork): Promise<void> {
  const job = { kind: "review", sessionId: session.id, version: review.version, userId: actor.userId } as const;
  await runReview(job).catch((error) => log.warn("built-in review before model review failed", errorFields(error)));
}

/** A file's highest usage is reserved before its call; an attempt that died may have used all of it. */
function skipReason(review: StoredModelReview, step: StoredStep): string | undefined {
  if (step.attempts >= LIMITS.modelReview.maxAttempts) {
    return `reviewing it was begun ${step.attempts} times and never came to an end`;
  }
  return spentTokens(review) + minTokensOf(step) > review.budgetTokens
    ? `the budget of ${review.budgetTokens.toLocaleString("en")} tokens was used up`
    : undefined;
}

/** The least output tokens for which a file that was begun before is sent once more. */
const LEAST_OUTPUT_TOKENS = 2_000;

/** Returns the tokens that a call about a file needs; one that was begun before has used a part of its own already. */
const minTokensOf = ({ inputTokens, outputTokens, attempts, usage }: StoredStep): number =>
  inputTokens + (attempts > 0 || usage.inputTokens > 0 ? Math.min(outputTokens, LEAST_OUTPUT_TOKENS) : outputTokens);

/**
 * Used so far, with what attempts which never ended may have used. A file's first one is let go: its worker was killed,
 * as at a restart, and a review that goes on must not end for want of what that took. The day's quota counts it.
 */
export const spentTokens = ({ steps }: StoredModelReview): number =>
  steps.reduce((sum, step) => {
    const { usage, attempts, settled = 0, state } = step;
    const died = state === "skipped" ? 0 : Math.max(0, attempts - settled - 1);
    return sum + usage.inputTokens + usage.outputTokens + died * maxTokens(step);
  }, 0);

async function reviewStep(work: ModelWork, step: StoredStep): Promise<void> {
  const { review, lease } = work;
  const done = review.steps.filter((each) => each.state !== "pending").length;
  const others = review.steps.filter((each) => each.state === "pending" && each !== step);
  const room = review.budgetTokens - spentTokens(review);
  // The tokens that later files need for their first call are reserved for them.
  const reserved = others.reduce((sum, each) => sum + each.inputTokens + each.outputTokens, 0);
  const first = minTokensOf(step);
  step.attempts += 1;
  await saveSteps(work);
  lease.events.append({ type: "reading", path: step.path, done, files: review.steps.length });
  // Reading may take a minute; a follower elsewhere sees at once which file it is.
  void lease.events.flush().catch(() => undefined);
  const result = await reviewFile(work, step, Math.max(first, Math.min(room, room - reserved)));
  if (result === "unfinished") {
    if (lease.isLeaving) uncountAttempt(step);
    return;
  }
  await settle(work, step, result);
}

/** Uncounts an attempt that ended with its process, not because of the file. Its usage is kept. */
function uncountAttempt(step: StoredStep): void {
  step.attempts -= 1;
  step.settled = Math.max(0, (step.settled ?? 0) - 1);
}

async function settle(work: ModelWork, step: StoredStep, result: Partial<StoredStep>): Promise<void> {
  Object.assign(step, result);
  await saveSteps(work);
  const { review, lease } = work;
  const { steps } = review;
  const done = steps.filter((each) => each.state !== "pending");
  const costs = done.map((each) => each.costMicroUsd);
  lease.events.append({
    type: "file",
    path: step.path,
    done: done.length,
    files: steps.length,
    state: step.state === "pending" ? "skipped" : step.state,
    new: step.new,
    tokens: steps.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
    costMicroUsd: costs.some((cost) => cost === null)
      ? null
      : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
  });
}

/** Gives the rest to another worker: this one's time is nearly over. */
const handOn = ({ review, lease }: ModelWork): Promise<void> => lease.handOn({ steps: $set(review.steps) });

type End = { status: "done" | "cancelled" } | { status: "failed"; failure: string };

async function end(work: ModelWork, how: End): Promise<void> {
  const { review, lease } = work;
  if (how.status === "cancelled") {
    for (const step of review.steps) {
      if (step.state === "pending") Object.assign(step, { state: "skipped", reason: "the review was cancelled" });
    }
    await saveSteps(work);
  }
  await lease.endItem(how.status, how.status === "failed" ? { failure: how.failure } : {});
  await recordOpenFindings(work);
  await lease.events.end(lastEvent(review, how));
}

function lastEvent({ steps }: StoredModelReview, how: End): ModelReviewEvent {
  if (how.status === "failed") return { type: "failed", message: how.failure };
  if (how.status === "cancelled") return { type: "cancelled" };
  const sum = (what: "new" | "open" | "decided" | "resolved") => steps.reduce((total, step) => total + step[what], 0);
  return {
    ...{ type: "done", new: sum("new"), open: sum("open"), decided: sum("decided"), resolved: sum("resolved") },
  };
}
