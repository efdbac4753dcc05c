import type { Actor } from "@redline/core/auth/schema";
import { restoreVersion } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, listVersions } from "@redline/core/codebases/index";
import { getDifference } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { getSession } from "@redline/core/sessions/index";
import type { Session } from "@redline/core/sessions/schema";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { performReviewAction } from "../review/review-actions.server";

/** Loads a page of a session's versions, newest first. */
export async function loadHistory(actor: Actor, { id, cursor }: { id: string; cursor?: string }) {
  const { name, codebaseId, trashedAt } = await getSession(actor, { id });
  const [codebase, { versions, nextCursor }, difference] = await Promise.all([
    getCodebase(actor, { id: codebaseId }),
    listVersions(actor, { codebaseId, cursor }),
    getDifference(actor, { sessionId: id }),
  ]);
  // Each row's forms name their act, so that sending one twice has one effect.
  const rows = versions.map((version) => ({ ...version, undoId: newChangeId(), restoreId: newChangeId() }));
  const isReadOnly = trashedAt !== undefined;
  return {
    session: { id, name },
    head: codebase.number,
    versions: rows,
    nextCursor,
    isFirst: !cursor,
    isReadOnly,
    verdicts: difference?.verdicts ?? [],
  };
}

/**
 * Undoes or restores a version for the history page's forms; redirects to the history, or to the merge page on a
 * conflict. Throws CHANGE_REFUSED.
 */
export async function performVersionAction(actor: Actor, id: string, request: Request): Promise<Response> {
  const session = await getSession(actor, { id });
  const form = await readTextForm(request);
  const version = Number(form.get("version"));
  const changeId = String(form.get("changeId") ?? "");
  switch (form.get("intent")) {
    case "undo": {
      const done = await performReviewAction(actor, session.id, { intent: "undo", version, changeId });
      if (done.outcome === "conflict" && done.mergeAt) return redirectWithin(request, done.mergeAt);
      if (done.outcome !== "done") throw refusedError(`v${version}`, "undone", done.reason);
      return backToHistory(request, session, `Undid v${version}. Now v${done.version}.`);
    }
    case "restore": {
      const done = await restoreVersion(actor, { codebaseId: session.codebaseId, version, changeId });
      if (done.outcome === "applied")
        return backToHistory(request, session, `Restored v${version}. Now v${done.version}.`);
      throw refusedError(`v${version}`, "restored", done.outcome === "refused" ? done.reason : undefined);
    }
    default:
      throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
  }
}

async function backToHistory(request: Request, { id }: Session, message: string): Promise<Response> {
  return redirectWithin(request, `/sessions/${id}/history`, { headers: await flash({ message }) });
}

const refusedError = (what: string, done: string, reason = "The code just changed. Try again.") =>
  new AppError("CHANGE_REFUSED", `${what} couldn't be ${done}. Nothing was changed. ${reason}`);
