import type { Actor } from "@redline/core/auth/schema";
import { applyChange, rejectChange, saveFiles, undoVersion } from "@redline/core/changes/index";
import type { ApplyOutcome } from "@redline/core/changes/schema";
import { compareVersions, discardDraft, getDraft, readFile, saveDraft } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { parse } from "@redline/core/platform/operation";
import {
  answerFinding,
  applyAllSafe,
  cancelModelReview,
  listFindings,
  rejectFix,
  requestReview,
} from "@redline/core/review/index";
import { getSession, renameSession, restoreSession, setLanguage, trashSession } from "@redline/core/sessions/index";
import { Document } from "../editor/document";
import { type Act, type ActResult, actSchema } from "./acts";

/** Carries out one act on a session. Throws AppError; a conflict or a refusal is an answer, not an error. */
export async function perform(actor: Actor, sessionId: string, input: unknown): Promise<ActResult> {
  const act = await parse(actSchema, input);
  const { codebaseId } = await getSession(actor, { id: sessionId });
  const { intent } = act;
  const done: ActResult = { intent, outcome: "done" };
  const target = { actor, sessionId, codebaseId };
  switch (act.intent) {
    case "accept":
      return accept(target, act);
    case "reject":
      if (act.identity) await rejectFix(actor, { sessionId, identity: act.identity, changeId: act.change });
      else {
        const hunks = act.hunk === undefined ? undefined : [act.hunk];
        await rejectChange(actor, { codebaseId, changeId: act.change, hunks });
      }
      return done;
    case "dismiss":
      await answerFinding(actor, { sessionId, identity: act.identity, answer: "dismissed" });
      return done;
    case "reopen":
      await answerFinding(actor, { sessionId, identity: act.identity, answer: null });
      return done;
    case "all-safe": {
      const { outcome, version, applied, left } = await applyAllSafe(actor, { sessionId, changeId: act.changeId });
      const result = { intent, version, count: applied.length, left: left.length };
      if (outcome !== "conflict") return { ...result, outcome: outcome === "applied" ? "done" : "nothing" };
      return {
        ...result,
        outcome: "refused",
        reason: "The code changed at that moment. Nothing was applied; try again.",
      };
    }
    case "undo":
      return undo(target, act);
    case "save":
      return save(target, act, act.files);
    case "save-text": {
      const { text } = await readFile(actor, { codebaseId, path: act.path, version: act.base });
      // Forms send every line end as CRLF; the file keeps its own.
      const typed = new Document(text).restore(act.text.replaceAll("\r\n", "\n"));
      return typed === text ? { intent, outcome: "nothing" } : save(target, act, [{ path: act.path, text: typed }]);
    }
    case "save-draft": {
      const draft = await getDraft(actor, { codebaseId, window: act.window });
      if (!draft) return { intent, outcome: "nothing" };
      return save(target, { ...act, base: draft.base }, draft.files);
    }
    case "discard-draft":
      await discardDraft(actor, { codebaseId, window: act.window });
      return done;
    case "review":
      await requestReview(actor, { sessionId });
      return done;
    case "cancel-model-review":
      await cancelModelReview(actor, { sessionId, id: act.id });
      return done;
    case "rename":
      await renameSession(actor, { id: sessionId, name: act.name });
      return done;
    case "language": {
      const outcome = await setLanguage(actor, { id: sessionId, path: act.path, language: act.language });
      return resultOf(intent, outcome);
    }
    case "trash":
      await trashSession(actor, { id: sessionId });
      return done;
    case "restore":
      await restoreSession(actor, { id: sessionId });
      return done;
  }
}

type Target = { actor: Actor; sessionId: string; codebaseId: string };
type SaveAct = Pick<Extract<Act, { intent: "save" }>, "changeId" | "base" | "window"> & { intent: Act["intent"] };

/**
 * Applies a change. Where a review came in between and proposed the finding's fix anew, on the code as it is now, that
 * one is meant.
 */
async function accept({ actor, sessionId, codebaseId }: Target, act: Extract<Act, { intent: "accept" }>) {
  const hunks = act.hunk === undefined ? undefined : [act.hunk];
  const outcome = await applyChange(actor, { codebaseId, changeId: act.change, hunks });
  const mergeAt = (changeId: string) => `/sessions/${sessionId}/merge?change=${changeId}`;
  if (outcome.outcome !== "refused" || !act.identity) return resultOf(act.intent, outcome, mergeAt(act.change));
  const findings = await listFindings(actor, { sessionId });
  const now = findings.find((finding) => finding.identity === act.identity && !finding.answer)?.fix?.changeId;
  if (!now || now === act.change) return resultOf(act.intent, outcome);
  const again = await applyChange(actor, { codebaseId, changeId: now, hunks });
  return resultOf(act.intent, again, mergeAt(now));
}

async function save(
  { actor, sessionId, codebaseId }: Target,
  { intent, changeId, base, window }: SaveAct,
  files: { path: string; text: string }[],
): Promise<ActResult> {
  const outcome = await saveFiles(actor, { codebaseId, changeId, base, files });
  if (outcome.outcome !== "conflict") {
    if (window && outcome.outcome === "applied") await discardDraft(actor, { codebaseId, window });
    return resultOf(intent, outcome);
  }
  // The merge view works on a draft; what was typed is safe there until it is resolved.
  const kept = window ?? `form-${changeId.slice(-12)}`;
  await saveDraft(actor, { codebaseId, window: kept, base, files });
  return resultOf(intent, outcome, `/sessions/${sessionId}/merge?window=${kept}`);
}

/** An undo that conflicts becomes a draft with what it would have brought back, so that it can be merged by hand. */
async function undo({ actor, sessionId, codebaseId }: Target, act: Extract<Act, { intent: "undo" }>) {
  const outcome = await undoVersion(actor, { codebaseId, version: act.version, changeId: act.changeId });
  if (outcome.outcome !== "conflict") return resultOf(act.intent, outcome);
  const { files } = await compareVersions(actor, { codebaseId, from: act.version, to: act.version - 1 });
  const texts = files.flatMap(({ path, toText }) => (toText === null ? [] : [{ path, text: toText }]));
  if (texts.length < files.length) {
    throw new AppError("VERSION_CONFLICT", `v${act.version} added files that were changed since. Nothing was undone.`);
  }
  const window = `undo-v${act.version}-${act.changeId.slice(-8)}`;
  await saveDraft(actor, { codebaseId, window, base: act.version, files: texts });
  return resultOf(act.intent, outcome, `/sessions/${sessionId}/merge?window=${window}`);
}

function resultOf(intent: Act["intent"], outcome: ApplyOutcome, mergeAt?: string): ActResult {
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
