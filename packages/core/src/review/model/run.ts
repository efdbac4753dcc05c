/** The job of a review by a model: claimed, resumed where it ended, and fenced against a worker that was taken for dead. */
import { restoreActor } from "../../auth/index";
import type { Actor } from "../../auth/schema";
import { getCodebase, versionOf } from "../../codebases/index";
import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import type { Job } from "../../platform/announce";
import { nowMs } from "../../platform/clock";
import { EventLogWriter, readLog } from "../../platform/event-log";
import { errorFields, log } from "../../platform/log";
import { getSession } from "../../sessions/index";
import { settingsOf } from "../../settings/index";
import { runReview } from "../run";
import { type ModelReviewEvent, modelReviewLogId } from "../schema";
import { reviewFile } from "./file";
import { needOf } from "./plan";
import {
  claimModelReview,
  endModelReview,
  handOver,
  type StoredModelReview,
  type StoredStep,
  writeSteps,
} from "./store";
import { recordOpenFindings } from "./summary";
import { Watch } from "./watch";
import type { ModelWork } from "./work";

/** The review was given to somebody else: whatever is still to be said of it, they say. */
class Lost extends Error {}

/** Carries out a review by a model. Delivered again, it goes on where it ended or does nothing. */
export async function runModelReview(job: Job<"model-review">, remainingMs = 300_000): Promise<void> {
  const endsAt = nowMs() + remainingMs;
  const actor = await restoreActor({ userId: job.userId });
  const session = await getSession(actor, { id: job.sessionId });
  const review = await claimModelReview({ sessionId: session.id, id: job.reviewId });
  if (!review) return;
  const logId = modelReviewLogId(session.id, review.id);
  const stored = await readLog<ModelReviewEvent>(logId);
  const writer = new EventLogWriter<ModelReviewEvent>(logId, stored.at(-1)?.sequence ?? 0);
  const watch = new Watch(review, endsAt - LIMITS.modelReview.leaveMs);
  try {
    const work = await prepare(actor, review, { writer, watch, endsAt, isFirst: stored.length === 0 });
    await (session.trashedAt ? end(work, { status: "cancelled" }) : reviewFiles(work));
  } catch (error) {
    await failed(review, writer, error);
  } finally {
    watch.end();
  }
}

type Started = { writer: EventLogWriter<ModelReviewEvent>; watch: Watch; endsAt: number; isFirst: boolean };

async function prepare(actor: Actor, review: StoredModelReview, started: Started): Promise<ModelWork> {
  const session = await getSession(actor, { id: review.sessionId });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const [{ tree }, { instructions }] = await Promise.all([
    versionOf(codebase, review.version),
    settingsOf(actor.userId),
  ]);
  if (started.isFirst) started.writer.append({ type: "started", files: review.steps.length, model: review.model });
  return { actor, session, codebase, tree, review, instructions, ...started };
}

async function reviewFiles(work: ModelWork): Promise<void> {
  const { review, watch, codebase } = work;
  if (codebase.number === review.version) await builtinFirst(work);
  for (const step of review.steps) {
    if (step.state !== "pending") continue;
    if (watch.isCancelled) break;
    if (watch.isLeaving || work.endsAt - nowMs() < LIMITS.modelReview.lastStartMs) return passOn(work);
    const reason = reasonToLeaveOut(review, step);
    if (reason) await settle(work, step, { state: "skipped", reason });
    else await ask(work, step);
    if (watch.isLost) throw new Lost();
    if (step.state === "pending" && !watch.isCancelled) return passOn(work);
  }
  if (watch.isCancelled) return end(work, { status: "cancelled" });
  const asked = review.steps.filter((step) => step.state !== "skipped");
  const failure = asked.length === 0 ? review.steps.find((step) => step.attempts > 0)?.reason : undefined;
  await end(work, failure ? { status: "failed", failure } : { status: "done" });
}

/** The model is given what the built-in reviewer found; where its own job is at it already, what that has so far. */
async function builtinFirst({ review, session, actor }: ModelWork): Promise<void> {
  const job = { kind: "review", sessionId: session.id, version: review.version, userId: actor.userId } as const;
  await runReview(job).catch((error) => log.warn("no built-in review before the model's", errorFields(error)));
}

/** What one file uses at most is set aside before it is asked about; an attempt that died may have used all of it. */
function reasonToLeaveOut(review: StoredModelReview, step: StoredStep): string | undefined {
  if (step.attempts >= LIMITS.modelReview.maxAttempts) {
    return `reviewing it was begun ${step.attempts} times and never came to an end`;
  }
  return spentTokens(review) + leastOf(step) > review.budgetTokens
    ? `the budget of ${review.budgetTokens.toLocaleString("en")} tokens was used up`
    : undefined;
}

/** Output tokens for which a file that was begun before is worth asking about once more. */
const LEAST_OUTPUT_TOKENS = 2_000;

/** The tokens that asking about a file must have left; one that was begun before has used a part of its own already. */
const leastOf = ({ inputTokens, outputTokens, attempts, usage }: StoredStep): number =>
  inputTokens + (attempts > 0 || usage.inputTokens > 0 ? Math.min(outputTokens, LEAST_OUTPUT_TOKENS) : outputTokens);

/**
 * Used so far, with what attempts which never ended may have used. A file's first one is let go: its worker was killed,
 * as at a restart, and a review that goes on must not end for want of what that took. The day's quota counts it.
 */
export const spentTokens = ({ steps }: StoredModelReview): number =>
  steps.reduce((sum, step) => {
    const { usage, attempts, settled = 0, state } = step;
    const died = state === "skipped" ? 0 : Math.max(0, attempts - settled - 1);
    return sum + usage.inputTokens + usage.outputTokens + died * needOf(step);
  }, 0);

async function ask(work: ModelWork, step: StoredStep): Promise<void> {
  const { review, writer } = work;
  const done = review.steps.filter((each) => each.state !== "pending").length;
  const others = review.steps.filter((each) => each.state === "pending" && each !== step);
  const room = review.budgetTokens - spentTokens(review);
  // What the files after it need for their first call is theirs.
  const reserved = others.reduce((sum, each) => sum + each.inputTokens + each.outputTokens, 0);
  const first = leastOf(step);
  step.attempts += 1;
  await save(work);
  writer.append({ type: "reading", path: step.path, done, files: review.steps.length });
  // What is read may take a minute; whoever follows from elsewhere sees at once which file it is.
  void writer.flush().catch(() => undefined);
  const result = await reviewFile(work, step, Math.max(first, Math.min(room, room - reserved)));
  if (result === "left") {
    if (work.watch.isLeaving) takeBack(step);
    return;
  }
  await settle(work, step, result);
}

/** The attempt ended with its process: it says nothing of the file. What it used is kept. */
function takeBack(step: StoredStep): void {
  step.attempts -= 1;
  step.settled = Math.max(0, (step.settled ?? 0) - 1);
}

async function settle(work: ModelWork, step: StoredStep, result: Partial<StoredStep>): Promise<void> {
  Object.assign(step, result);
  await save(work);
  const { review, writer } = work;
  const { steps } = review;
  const done = steps.filter((each) => each.state !== "pending");
  const costs = done.map((each) => each.costMicroUsd);
  writer.append({
    type: "file",
    path: step.path,
    done: done.length,
    files: steps.length,
    state: step.state === "pending" ? "skipped" : step.state,
    fresh: step.fresh,
    tokens: steps.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0),
    costMicroUsd: costs.some((cost) => cost === null)
      ? null
      : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
  });
}

async function save({ review }: ModelWork): Promise<void> {
  if (!(await writeSteps(review, review.steps))) throw new Lost();
}

/** Gives the rest to another worker: this one's time is nearly over. */
async function passOn({ review, writer }: ModelWork): Promise<void> {
  await writer.flush().catch(() => undefined);
  if (!(await handOver(review))) throw new Lost();
}

async function end(work: ModelWork, how: Parameters<typeof endModelReview>[1]): Promise<void> {
  const { review, writer } = work;
  if (how.status === "cancelled") {
    for (const step of review.steps) {
      if (step.state === "pending") Object.assign(step, { state: "skipped", reason: "the review was cancelled" });
    }
    await save(work);
  }
  if (!(await endModelReview(review, how))) throw new Lost();
  await recordOpenFindings(work);
  const sum = (what: "fresh" | "stillOpen" | "answered" | "gone") =>
    review.steps.reduce((total, step) => total + step[what], 0);
  await writer.end(
    how.status === "done"
      ? { type: "done", fresh: sum("fresh"), stillOpen: sum("stillOpen"), answered: sum("answered"), gone: sum("gone") }
      : how.status === "failed"
        ? { type: "failed", message: how.failure ?? "" }
        : { type: "cancelled" },
  );
}

/** A fault ends the review as what it is, with the files that are done. What the table can't take is tried again later. */
async function failed(
  review: StoredModelReview,
  writer: EventLogWriter<ModelReviewEvent>,
  error: unknown,
): Promise<void> {
  if (error instanceof Lost) return;
  const failure =
    error instanceof AppError
      ? error.message
      : "The review stopped because of a fault on our side. What was found is kept. Start it again.";
  log.error("model review failed", { sessionId: review.sessionId, reviewId: review.id, ...errorFields(error) });
  if (!(await endModelReview(review, { status: "failed", failure }))) return;
  await writer.end({ type: "failed", message: failure });
}
