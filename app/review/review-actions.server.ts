import type { Actor } from "@redline/core/auth/schema";
import { applyChange, rejectChange, saveFiles, undoVersion } from "@redline/core/changes/index";
import type { ApplyOutcome } from "@redline/core/changes/schema";
import { compareVersions, discardDraft, getDraft, readFile, saveDraft } from "@redline/core/codebases/index";
import { giveVerdict } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { parse } from "@redline/core/platform/operation";
import {
  applySafeFixes,
  cancelModelReview,
  listFindings,
  rejectFix,
  requestReview,
  setFindingDecision,
} from "@redline/core/review/index";
import { getSession, renameSession, restoreSession, setLanguage, trashSession } from "@redline/core/sessions/index";
import { performDecision } from "../difference/decision-actions.server";
import { Document } from "../editor/document";
import { type ReviewAction, type ReviewActionResult, reviewActionSchema } from "./actions";

/** Performs one action on a session. Throws AppError; a conflict or refusal is a result, not an error. */
export async function performReviewAction(
  actor: Actor,
  sessionId: string,
  input: unknown,
): Promise<ReviewActionResult> {
  const action = await parse(reviewActionSchema, input);
  const { codebaseId } = await getSession(actor, { id: sessionId });
  const { intent } = action;
  const done: ReviewActionResult = { intent, outcome: "done" };
  const target = { actor, sessionId, codebaseId };
  switch (action.intent) {
    case "accept":
      return accept(target, action);
    case "reject":
      if (action.identity) await rejectFix(actor, { sessionId, identity: action.identity, changeId: action.change });
      else {
        const hunks = action.hunk === undefined ? undefined : [action.hunk];
        await rejectChange(actor, { codebaseId, changeId: action.change, hunks });
      }
      return done;
    case "dismiss":
      await setFindingDecision(actor, { sessionId, identity: action.identity, decision: "dismissed" });
      return done;
    case "reopen":
      await setFindingDecision(actor, { sessionId, identity: action.identity, decision: null });
      return done;
    case "apply-safe-fixes": {
      const { outcome, version, applied, skipped } = await applySafeFixes(actor, {
        sessionId,
        changeId: action.changeId,
      });
      const result = { intent, version, count: applied.length, skipped: skipped.length };
      if (outcome !== "conflict") return { ...result, outcome: outcome === "applied" ? "done" : "nothing" };
      return {
        ...result,
        outcome: "refused",
        reason: "The code changed while applying. Nothing was applied; try again.",
      };
    }
    case "undo":
      return undo(target, action);
    case "save":
      return save(target, action, action.files);
    case "save-text": {
      const { text } = await readFile(actor, { codebaseId, path: action.path, version: action.base });
      // Forms send every line end as CRLF; the file keeps its own.
      const typed = new Document(text).restore(action.text.replaceAll("\r\n", "\n"));
      return typed === text
        ? { intent, outcome: "nothing" }
        : save(target, action, [{ path: action.path, text: typed }]);
    }
    case "save-draft": {
      const draft = await getDraft(actor, { codebaseId, draftId: action.draftId });
      if (!draft) return { intent, outcome: "nothing" };
      return save(target, { ...action, base: draft.base }, draft.files);
    }
    case "discard-draft":
      await discardDraft(actor, { codebaseId, draftId: action.draftId });
      return done;
    case "review":
      await requestReview(actor, { sessionId });
      return done;
    case "cancel-model-review":
      await cancelModelReview(actor, { sessionId, id: action.id });
      return done;
    case "verdict":
      await giveVerdict(actor, { sessionId, ...verdictOf(action) });
      return done;
    case "accept-lines":
    case "reject-lines":
    case "undo-decision":
    case "end-turn":
      return performDecision(actor, sessionId, action);
    case "rename":
      await renameSession(actor, { id: sessionId, name: action.name });
      return done;
    case "language": {
      const outcome = await setLanguage(actor, { id: sessionId, path: action.path, language: action.language });
      return toActionResult(intent, outcome);
    }
    case "trash":
      await trashSession(actor, { id: sessionId });
      return done;
    case "restore":
      await restoreSession(actor, { id: sessionId });
      return done;
  }
}

const verdictOf = ({ intent: _intent, ...verdict }: Extract<ReviewAction, { intent: "verdict" }>) => verdict;

type Target = { actor: Actor; sessionId: string; codebaseId: string };
type SaveAct = Pick<Extract<ReviewAction, { intent: "save" }>, "changeId" | "base" | "draftId"> & {
  intent: ReviewAction["intent"];
};

/** Applies a change. If a newer review has proposed the finding's fix under another id, that one is applied. */
async function accept({ actor, sessionId, codebaseId }: Target, action: Extract<ReviewAction, { intent: "accept" }>) {
  const hunks = action.hunk === undefined ? undefined : [action.hunk];
  const outcome = await applyChange(actor, { codebaseId, changeId: action.change, hunks });
  const mergeAt = (changeId: string) => `/sessions/${sessionId}/merge?change=${changeId}`;
  if (outcome.outcome !== "refused" || !action.identity)
    return toActionResult(action.intent, outcome, mergeAt(action.change));
  const findings = await listFindings(actor, { sessionId });
  const now = findings.find((finding) => finding.identity === action.identity && !finding.decision)?.fix?.changeId;
  if (!now || now === action.change) return toActionResult(action.intent, outcome);
  const retried = await applyChange(actor, { codebaseId, changeId: now, hunks });
  return toActionResult(action.intent, retried, mergeAt(now));
}

async function save(
  { actor, sessionId, codebaseId }: Target,
  { intent, changeId, base, draftId }: SaveAct,
  files: { path: string; text: string }[],
): Promise<ReviewActionResult> {
  const outcome = await saveFiles(actor, { codebaseId, changeId, base, files });
  if (outcome.outcome !== "conflict") {
    if (draftId && outcome.outcome === "applied") await discardDraft(actor, { codebaseId, draftId });
    return toActionResult(intent, outcome);
  }
  // The merge view works on a draft; what was typed is safe there until it is resolved.
  const kept = draftId ?? `form-${changeId.slice(-12)}`;
  await saveDraft(actor, { codebaseId, draftId: kept, base, files });
  return toActionResult(intent, outcome, `/sessions/${sessionId}/merge?draftId=${kept}`);
}

/** Undoes a version. A conflicting undo is saved as a draft to be merged manually. */
async function undo({ actor, sessionId, codebaseId }: Target, action: Extract<ReviewAction, { intent: "undo" }>) {
  const outcome = await undoVersion(actor, { codebaseId, version: action.version, changeId: action.changeId });
  if (outcome.outcome !== "conflict") return toActionResult(action.intent, outcome);
  const { files } = await compareVersions(actor, { codebaseId, from: action.version, to: action.version - 1 });
  const texts = files.flatMap(({ path, toText }) => (toText === null ? [] : [{ path, text: toText }]));
  if (texts.length < files.length) {
    throw new AppError(
      "VERSION_CONFLICT",
      `v${action.version} added files that have changed since. Nothing was undone.`,
    );
  }
  const draftId = `undo-v${action.version}-${action.changeId.slice(-8)}`;
  await saveDraft(actor, { codebaseId, draftId, base: action.version, files: texts });
  return toActionResult(action.intent, outcome, `/sessions/${sessionId}/merge?draftId=${draftId}`);
}

function toActionResult(intent: ReviewAction["intent"], outcome: ApplyOutcome, mergeAt?: string): ReviewActionResult {
  switch (outcome.outcome) {
    case "applied":
      return {
        ...{ intent, outcome: "done", version: outcome.version, merged: outcome.merged },
        ...(outcome.repeated && { repeated: outcome.repeated }),
      };
    case "conflict":
      return { intent, outcome: "conflict", version: outcome.version, mergeAt };
    case "refused":
      return { intent, outcome: "refused", reason: outcome.reason };
  }
}
