/** Operations on reviews by a model. */
import * as v from "valibot";
import { generateBoundary } from "../../ai/internal";
import { getCodebase } from "../../codebases/index";
import { AppError } from "../../errors";
import { nowIso } from "../../platform/clock";
import { EventLogWriter, followLog, readLog } from "../../platform/event-log";
import { operation } from "../../platform/operation";
import { getSession } from "../../sessions/index";
import { recordModelReview } from "../../sessions/internal";
import { type Session, sessionId } from "../../sessions/schema";
import { getQuota } from "../../usage/index";
import {
  type ModelEstimate,
  type ModelReview,
  type ModelReviewEvent,
  modelReviewIdSchema,
  modelReviewLogId,
  modelReviewLogSchema,
  modelScopeSchema,
  type PlannedFile,
} from "../schema";
import { maxCostOf, maxTokens, planReview, requireReviewModel } from "./plan";
import { modelReviewItems, type StoredModelReview, type StoredStep } from "./store";

const named = { sessionId, id: modelReviewIdSchema };
const scoped = { sessionId, scope: modelScopeSchema };

/**
 * Estimates a review: the files it would read and leave out, and its highest cost. Throws MODEL_REQUIRED without a
 * model.
 */
export const estimateModelReview = operation(
  "modelReviews.estimate",
  "models.use",
  v.object(scoped),
  async (actor, input): Promise<ModelEstimate> => {
    const session = await getSession(actor, { id: input.sessionId });
    const route = requireReviewModel();
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const { version, files } = await planReview(actor, codebase, input.scope, route);
    const inputTokens = files.reduce((sum, file) => sum + file.inputTokens, 0);
    const outputTokens = files.reduce((sum, file) => sum + file.outputTokens, 0);
    const { leftTokens } = await getQuota(actor, { teamId: session.teamId });
    return {
      ...{ version, files, inputTokens, outputTokens },
      model: route.name,
      budgetTokens: files.reduce((sum, file) => sum + maxTokens(file), 0),
      costMicroUsd: maxCostOf(route, 2 * inputTokens, outputTokens),
      leftToday: leftTokens,
    };
  },
);

/**
 * Requests a model review. Idempotent by `id`. It uses at most `budgetTokens`: the estimate's, unless fewer are given.
 */
export const requestModelReview = operation(
  "modelReviews.request",
  "reviews.request",
  v.object({ ...named, ...scoped, budgetTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) }),
  async (actor, { sessionId: id, id: reviewId, scope, budgetTokens }): Promise<ModelReview> => {
    const session = await getSession(actor, { id });
    const before = await modelReviewItems.read({ sessionId: id, id: reviewId });
    if (before) return shown(before);
    const underWay = await newestOf(session);
    if (underWay && (underWay.status === "queued" || underWay.status === "running")) {
      throw new AppError(
        "INVALID_INPUT",
        "A model review of this session is already running. Wait for it or cancel it.",
      );
    }
    const route = requireReviewModel();
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const { version, files } = await planReview(actor, codebase, scope, route);
    if (files.every((file) => file.skipped !== undefined)) {
      const why = files[0] ? `${files[0].path}: ${files[0].skipped}.` : "These versions are identical.";
      throw new AppError("INVALID_INPUT", `There is nothing here that the model could review. ${why}`);
    }
    const needed = files.reduce((sum, file) => sum + maxTokens(file), 0);
    const review = {
      ...{ id: reviewId, sessionId: id, version, scope, model: route.name },
      steps: files.map(stepOf),
      budgetTokens: Math.min(needed, budgetTokens ?? needed),
      userId: actor.userId,
      epoch: 0,
      boundary: generateBoundary([]),
      requestedAt: nowIso(),
    };
    await recordModelReview(session, reviewId);
    if (await modelReviewItems.queue(review, { isNew: true, from: [] })) return shown({ ...review, status: "queued" });
    return shown((await modelReviewItems.read(review)) ?? { ...review, status: "queued" });
  },
);

function stepOf({ path, hash, language, only, context, skipped, inputTokens, outputTokens }: PlannedFile): StoredStep {
  return {
    ...{ path, hash, language, inputTokens, outputTokens },
    ...(only && { only }),
    ...(context && { context }),
    state: skipped === undefined ? "pending" : "skipped",
    ...(skipped !== undefined && { reason: skipped }),
    ...{ new: 0, open: 0, decided: 0, resolved: 0, repeated: 0, attempts: 0 },
    usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false },
    costMicroUsd: 0,
  };
}

/** Cancels a model review; its findings so far stay. Does nothing to one that has ended. */
export const cancelModelReview = operation(
  "modelReviews.cancel",
  "reviews.stop",
  v.object(named),
  async (actor, input) => {
    await getSession(actor, { id: input.sessionId });
    await requireReview(input);
    if ((await modelReviewItems.cancel(input)) === "ended") {
      const logId = modelReviewLogId(input.sessionId, input.id);
      const last = (await readLog<ModelReviewEvent>(logId)).at(-1);
      if (!last?.last) await new EventLogWriter<ModelReviewEvent>(logId, last?.sequence).end({ type: "cancelled" });
    }
    return shown(await requireReview(input));
  },
);

/** Returns the newest model review, in any state; null before the first. */
export const latestModelReview = operation(
  "modelReviews.latest",
  "sessions.read",
  v.object({ sessionId }),
  async (actor, input) => {
    return newestOf(await getSession(actor, { id: input.sessionId }));
  },
);

/** Returns the newest review of a session that was already loaded through an actor. */
export async function newestOf(session: Session): Promise<ModelReview | null> {
  const { id: sessionId, modelReviewId: id } = session;
  const newest = id === undefined ? undefined : await modelReviewItems.read({ sessionId, id });
  return newest ? shown(newest) : null;
}

/** Yields a model review's events after a sequence number, until it ends or the signal aborts. */
export const followModelReview = operation(
  "modelReviews.follow",
  "sessions.read",
  v.object({
    logId: modelReviewLogSchema,
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (actor, { logId, after, signal }) => {
    const [session = "", id = ""] = logId.split(".");
    await getSession(actor, { id: session });
    await requireReview({ sessionId: session, id });
    return followLog<ModelReviewEvent>(logId, after, signal);
  },
);

async function requireReview(key: { sessionId: string; id: string }): Promise<StoredModelReview> {
  const review = await modelReviewItems.read(key);
  if (!review) throw new AppError("REVIEW_NOT_FOUND", "That review was not found.");
  return review;
}

/** Without what only its worker needs. */
function shown({ id, sessionId, version, scope, model, status, steps, ...rest }: StoredModelReview): ModelReview {
  const { budgetTokens, requestedAt, finishedAt, failure } = rest;
  return {
    ...{ id, sessionId, version, scope, model, status, budgetTokens, requestedAt, finishedAt, failure },
    steps: steps.map(({ hash: _h, inputTokens: _i, outputTokens: _o, attempts: _a, result: _b, ...step }) => step),
  };
}
