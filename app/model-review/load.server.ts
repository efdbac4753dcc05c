import type { Actor } from "@redline/core/auth/schema";
import { getCodebase } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { parse } from "@redline/core/platform/operation";
import { estimateModelReview, requestModelReview } from "@redline/core/review/index";
import { type ModelEstimate, type ModelScope, modelScopeSchema, newModelReviewId } from "@redline/core/review/schema";
import { getSession } from "@redline/core/sessions/index";
import { parseChoice, type ReviewScopeChoice } from "./choice";

export type RequestPage = {
  session: { id: string; name: string; isTrashed: boolean };
  head: number;
  paths: string[];
  choice: ReviewScopeChoice;
  estimate: ModelEstimate | null;
  /** The reason there is no estimate, unless the session is in the trash. */
  problem?: { message: string; isModelMissing: boolean };
  /** Id of the review that the form starts, so that resubmitting is idempotent. */
  reviewId: string;
};

/** Loads the model review form with an estimate for the scope in the URL. */
export async function loadRequestPage(actor: Actor, id: string, query: URLSearchParams): Promise<RequestPage> {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const paths = codebase.tree.map(({ path }) => path);
  const choice = parseChoice(query, paths[0] ?? "");
  const page = {
    ...{ session: { id: session.id, name: session.name, isTrashed: session.trashedAt !== undefined } },
    ...{ head: codebase.number, paths, choice, reviewId: newModelReviewId() },
  };
  if (page.session.isTrashed) return { ...page, estimate: null };
  try {
    return { ...page, estimate: await estimateModelReview(actor, { sessionId: id, scope: await parseScope(choice) }) };
  } catch (error) {
    if (!(error instanceof AppError && error.status < 500)) throw error;
    return {
      ...page,
      estimate: null,
      problem: { message: error.message, isModelMissing: error.code === "MODEL_REQUIRED" },
    };
  }
}

/** Starts the review described by the form. Throws AppError. */
export async function startModelReview(actor: Actor, sessionId: string, form: FormData): Promise<void> {
  const budget = Number(form.get("budget")?.toString().replaceAll(/\D/g, ""));
  await requestModelReview(actor, {
    ...{ sessionId, id: form.get("id")?.toString() ?? "", scope: await parseScope(parseChoice(form, "")) },
    ...(budget > 0 && { budgetTokens: budget }),
  });
}

function parseScope({ scope, file, from, to, since }: ReviewScopeChoice): Promise<ModelScope> {
  const scopes = {
    file: { kind: "file", path: file },
    selection: { kind: "selection", path: file, startLine: Number(from), endLine: Number(to || from) },
    session: { kind: "session" },
    difference: { kind: "difference", from: Number(since) },
  }[scope];
  return parse(modelScopeSchema, scopes);
}
