import type { Actor } from "@redline/core/auth/schema";
import { mergeView, saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { discardDraft, saveDraft } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { getSession } from "@redline/core/sessions/index";
import * as v from "valibot";
import { type MergeFile, mergeFileSchema, resolveMerge, toMergeFile } from "./merge-parts";

/** The merge's source: a conflicting change, or a tab's draft. */
export type MergeTarget = { change?: string; draftId?: string };

export async function loadMerge(actor: Actor, sessionId: string, target: MergeTarget) {
  const session = await getSession(actor, { id: sessionId });
  const { codebaseId } = session;
  const { base, head, headVersion, conflicts, merged, repeated } = await mergeView(actor, { codebaseId, ...target });
  const { authorName, createdAt, message } = headVersion;
  // Files that merge by themselves are saved with the rest.
  const files = conflicts.map(toMergeFile);
  return {
    session: { id: session.id, name: session.name, isTrashed: session.trashedAt !== undefined },
    ...{ base, head, files, merged, repeated },
    headVersion: { authorName, createdAt, message },
    changeId: newChangeId(),
  };
}

const formSchema = v.object({
  head: v.pipe(v.string(), v.transform(Number), v.integer()),
  changeId: v.string(),
  files: v.pipe(v.string(), v.parseJson(), v.array(mergeFileSchema)),
  merged: v.pipe(v.string(), v.parseJson(), v.array(v.object({ path: v.string(), text: v.nullable(v.string()) }))),
  /** Resolves all open conflicts to one side. */
  all: v.optional(v.picklist(["mine", "theirs"])),
});

export type MergeOutcome = { outcome: "saved"; version: number } | { outcome: "moved"; draftId: string };

/**
 * Saves a manual merge on the head that was shown. If the head moved and conflicts again, keeps the result as a draft
 * to be merged again. Throws INVALID_INPUT for a missing choice.
 */
export async function saveMerge(
  actor: Actor,
  sessionId: string,
  target: MergeTarget,
  form: FormData,
): Promise<MergeOutcome> {
  const { codebaseId } = await getSession(actor, { id: sessionId });
  const parsed = v.safeParse(formSchema, Object.fromEntries(form));
  if (!parsed.success) throw new AppError("INVALID_INPUT", "The form was not complete. Reload the page and try again.");
  const { head, changeId, files, merged, all } = parsed.output;
  const texts = [...resolveFiles(files, form, all), ...merged];
  const outcome = await saveFiles(actor, {
    ...{ codebaseId, changeId, base: head, files: texts },
    kind: "merge",
    resolves: target.change,
  });
  if (outcome.outcome === "refused") throw new AppError("CHANGE_REFUSED", outcome.reason);
  if (outcome.outcome === "applied") {
    if (target.draftId) await discardDraft(actor, { codebaseId, draftId: target.draftId });
    return { outcome: "saved", version: outcome.version };
  }
  const draftId = target.draftId ?? `merge-${changeId.slice(-12)}`;
  const kept = texts.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }]));
  await saveDraft(actor, { codebaseId, draftId, base: head, files: kept });
  return { outcome: "moved", draftId };
}

function resolveFiles(files: readonly MergeFile[], form: FormData, all: "mine" | "theirs" | undefined) {
  const fieldOf = (name: string): string | undefined => {
    if (all && name.startsWith("choice.")) return all;
    const value = form.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const { texts, undecided } = resolveMerge(files, fieldOf);
  if (undecided.length > 0) {
    throw new AppError("INVALID_INPUT", `Choose what to keep in ${undecided.join(", ")}. Nothing was saved.`);
  }
  return texts;
}
