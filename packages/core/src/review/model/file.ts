/** One file of a review by a model: asked about, its result stored, and then what follows from it carried out. */
import { type ContextFinding, generateBoundary, holdsBoundary, roomFor } from "../../ai/internal";
import { readText } from "../../codebases/internal";
import type { ErrorCode } from "../../errors";
import { LIMITS } from "../../limits";
import { getJson, putJson } from "../../platform/blobs";
import { errorFields, log } from "../../platform/log";
import { reviewerClient } from "../../reviewer-client/index";
import { findingsBy, storeOutcome } from "../file-outcome";
import { reviewId } from "../ids";
import { readReview } from "../items";
import { locateFindings } from "../place";
import type { PlacedFinding } from "../schema";
import { noteAlsoSeen, queryFindings } from "../store";
import { askAboutFile, type ModelOutcome } from "./ask";
import { Spent } from "./call";
import { type FileResult, resultOf } from "./findings";
import { requireReviewModel } from "./plan";
import type { AskedFile } from "./reports";
import type { StoredStep } from "./store";
import { type ModelWork, saveSteps } from "./work";

/** Errors after which no later call would succeed either. */
const HOPELESS: ErrorCode[] = ["QUOTA_EXCEEDED", "MODEL_REQUIRED", "MODEL_UNAVAILABLE", "RATE_LIMIT_EXCEEDED"];

/** `isNothing`: the answer contains nothing about the file. */
type StoredResult = FileResult & { isNothing: boolean };

/**
 * Reviews one file. Returns its step's changes, or *unfinished* when the work was stopped before there was a result.
 */
export async function reviewFile(
  work: ModelWork,
  step: StoredStep,
  roomTokens: number,
): Promise<Partial<StoredStep> | "unfinished"> {
  if (step.result) {
    step.settled = step.attempts;
    return carryOut(work, step, await getJson<StoredResult>(work.codebase.teamId, step.result));
  }
  const entry = work.tree.find((each) => each.path === step.path);
  if (!entry) return { state: "skipped", reason: "it is not in this version" };
  const text = await readText(work.codebase, entry);
  const { path, hash, language } = entry;
  const file: AskedFile = { path, text, hash, language, only: step.only };
  const { findings } = await queryFindings(work.session.id);
  const own = findings.filter((finding) => finding.path === path);
  const known = await locateFindings(work.codebase.teamId, [entry], own);
  const evidence = await contextFindingsOf(work, file, known);
  const decided = known
    .filter((finding) => finding.decision && finding.anchorState !== "outdated")
    .map(({ title }) => title);
  const said = [...evidence.flatMap(({ rule, title }) => [rule, title]), ...decided];

  const spent = new Spent();
  const outcome = await askAboutFile(
    {
      actor: work.actor,
      teamId: work.session.teamId,
      about: { kind: "review", sessionId: work.session.id, reviewId: work.review.id, path },
      signal: work.lease.signal,
    },
    {
      file,
      findings: evidence,
      decided,
      instructions: work.instructions,
      boundary: boundaryOf(work.review.boundary, [path, language, text, ...said]),
      room: await roomFor(requireReviewModel(), LIMITS.modelReview.outputTokens),
      roomTokens,
    },
    spent,
    (count) => work.lease.events.append({ type: "reported", path, findings: count }),
  );
  spent.addTo(step);
  step.settled = (step.settled ?? 0) + 1;
  if (outcome.isAborted) return stopped(work, step);
  if (outcome.error && outcome.reports.length === 0) return afterError(work, step, outcome);
  const result = await resultOf(
    {
      ...{ session: work.session, codebase: work.codebase, tree: work.tree, file, known },
      version: work.review.version,
      reviewId: work.review.id,
      attempt: step.attempts,
      model: spent.model ?? work.review.model,
      isComplete: outcome.isComplete,
      signal: work.lease.signal,
    },
    outcome.reports,
  );
  const { kind, startLine, endLine } = outcome.context ?? { kind: "full", startLine: 1, endLine: 1 };
  const isPart = !outcome.isComplete || kind === "local";
  const isNothing = !outcome.isComplete && outcome.reports.length === 0;
  const reason = outcome.reason ?? (kind === "local" && !step.only ? "only a part of it was shown" : undefined);
  Object.assign(step, {
    result: await putJson(work.codebase.teamId, { ...result, isNothing } satisfies StoredResult),
    reason: isPart ? (reason ?? `only lines ${startLine} to ${endLine} were shown`) : undefined,
  });
  await saveSteps(work);
  return carryOut(work, step, { ...result, isNothing });
}

/**
 * Returns the review's boundary, so that its calls share a prefix, or another one when this file's texts contain it.
 */
const boundaryOf = (boundary: string | undefined, texts: readonly string[]): string =>
  boundary !== undefined && !holdsBoundary(texts, boundary) ? boundary : generateBoundary(texts);

/** Applies a stored result. Idempotent. */
async function carryOut(work: ModelWork, step: StoredStep, result: StoredResult): Promise<Partial<StoredStep>> {
  const { session, codebase, review } = work;
  await Promise.all(result.alsoSeen.map((identity) => noteAlsoSeen(session.id, identity, review.model)));
  await storeOutcome(codebase, result);
  const { new: newCount, open, decided, alsoSeen, resolved } = result;
  const counts = { new: newCount, open, decided, resolved: resolved.length, repeated: alsoSeen.length };
  return { state: result.isNothing ? "skipped" : step.reason ? "partly" : "covered", ...counts };
}

/** Returns the built-in reviewer's findings; reviews the text now where it has not done so yet. */
async function contextFindingsOf(
  { review }: ModelWork,
  file: AskedFile,
  known: PlacedFinding[],
): Promise<ContextFinding[]> {
  const builtin = findingsBy("builtin", known);
  const isCurrent =
    builtin.length > 0
      ? builtin.every((finding) => finding.anchorState === "exact")
      : await isCovered({ sessionId: review.sessionId, version: review.version }, file);
  const problems = isCurrent ? builtin : await problemsOf(file);
  return problems.map(({ path, startLine, endLine, severity, rule, title }) => ({
    ...{ path, startLine, endLine, severity, rule, title },
  }));
}

/** Returns whether the built-in review of the version covers this text without findings: the engines need not run. */
async function isCovered({ sessionId, version }: { sessionId: string; version: number }, { path, hash }: AskedFile) {
  const own = await readReview(sessionId, reviewId(sessionId, version));
  return own?.coverage.some((each) => each.path === path && each.hash === hash && each.state === "covered") ?? false;
}

async function problemsOf({ path, text, language }: AskedFile) {
  try {
    return (await reviewerClient.check({ path, text, language })).problems;
  } catch (error) {
    log.warn("no evidence for the model", errorFields(error));
    return [];
  }
}

/** Cancelled, the file was not reviewed; near the end of this worker's time, the next one begins anew. */
function stopped({ lease }: ModelWork, step: StoredStep): Partial<StoredStep> | "unfinished" {
  if (!lease.isCancelled) return "unfinished";
  return { state: "skipped", reason: "the review was cancelled", attempts: step.attempts };
}

function afterError(work: ModelWork, step: StoredStep, { error, reason }: ModelOutcome): Partial<StoredStep> {
  if (error && HOPELESS.includes(error.code)) {
    for (const each of work.review.steps) {
      if (each.state === "pending" && each !== step) Object.assign(each, { state: "skipped", reason });
    }
  }
  return { state: "skipped", reason };
}
