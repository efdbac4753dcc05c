import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { getCodebase, getDraft } from "../codebases/index";
import { cleanPath, mergedFile, mergeSides, repeatedPath, repeatedSentence, versionOf } from "../codebases/internal";
import type { Codebase, FileConflict, FileEdit } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { getText } from "../platform/blobs";
import { operation } from "../platform/operation";
import type { MergedFile } from "../reviewers/schema";
import { applyEdits } from "../text/index";
import { applyDirectly, applyHunks, applyWhole, readOutcome } from "./apply";
import { editsBetween, editsOfTexts, hunksOf } from "./edits";
import { repeatsInTime } from "./evidence";
import { acceptedHunksId } from "./ids";
import { rejectHunks } from "./reject-hunks";
import { changeIdSchema } from "./schema";
import { readChange, transition } from "./store";

const codebaseId = v.string();
const versionNumber = v.pipe(v.number(), v.integer(), v.minValue(1));
const inCodebase = { codebaseId, changeId: changeIdSchema };
/** Hunk numbers as in `getChange`; all hunks when absent. */
const hunks = v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))));

async function load(actor: Actor, input: { codebaseId: string; changeId: string }) {
  const codebase = await getCodebase(actor, { id: input.codebaseId });
  const change = await readChange(codebase.teamId, codebase.id, input.changeId);
  if (!change) throw new AppError("CHANGE_NOT_FOUND", "That change was not found.");
  return { codebase, change };
}

/** Returns a change with its hunks, numbered as `applyChange` takes them. Throws CHANGE_NOT_FOUND. */
export const getChange = operation("changes.get", "code.read", v.object(inCodebase), async (actor, input) => {
  const { codebase, change } = await load(actor, input);
  return { ...change, hunks: await hunksOf(codebase.teamId, change.edits) };
});

/**
 * Saves edited files as a version, merged three-way when the head moved since `base`. Idempotent by `changeId`. A text
 * of null deletes the file; `resolves` names the conflicted change this settles.
 */
export const saveFiles = operation(
  "changes.save",
  "code.edit",
  v.object({
    ...inCodebase,
    base: versionNumber,
    files: v.pipe(
      v.array(v.object({ path: v.pipe(v.string(), v.transform(cleanPath)), text: v.nullable(v.string()) })),
      v.minLength(1, "Nothing to save."),
      v.maxLength(LIMITS.session.maxFiles),
      v.check(
        (files) => repeatedPath(files) === null,
        ({ input }) => repeatedSentence(repeatedPath(input)),
      ),
    ),
    message: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))),
    kind: v.optional(v.picklist(["save", "merge"]), "save"),
    resolves: v.optional(changeIdSchema),
  }),
  async (actor, input) => {
    const codebase = await getCodebase(actor, { id: input.codebaseId });
    for (const { path, text } of input.files) {
      if (text !== null && Buffer.byteLength(text) > LIMITS.file.maxBytes) {
        throw new AppError("FILE_TOO_LARGE", `${path} is over 5 MB; it was not saved.`, { field: path });
      }
      if (text?.includes("\0")) {
        throw new AppError("INVALID_INPUT", `${path} holds NUL bytes; it was not saved.`, { field: path });
      }
    }
    const { tree } = await versionOf(codebase, input.base);
    const edits = await editsOfTexts(codebase.teamId, tree, input.files);
    const names = input.files.map((file) => file.path).join(", ");
    const summary = input.message || `${input.kind === "merge" ? "Merge" : "Edit"} ${names}`.slice(0, 200);
    return applyDirectly(actor, codebase, {
      changeId: input.changeId,
      base: input.base,
      edits,
      kind: input.kind,
      summary,
      origin: input.kind === "merge" ? { kind: "merge", of: input.resolves } : { kind: "editor" },
      resolves: input.resolves,
    });
  },
);

/** Applies a proposed change, whole or by hunk. Returns applied, conflict (nothing written) or refused. */
export const applyChange = operation(
  "changes.apply",
  "code.edit",
  v.object({ ...inCodebase, hunks }),
  async (actor, input) => {
    const { codebase, change } = await load(actor, input);
    const chosen = input.hunks;
    if (chosen && change.status === "superseded") {
      const accepted = await readOutcome(codebase, acceptedHunksId(change.id, chosen));
      if (accepted) return accepted;
    }
    const settled = await readOutcome(codebase, change.id);
    if (settled) return settled;
    return chosen ? applyHunks(actor, codebase, change, chosen) : applyWhole(actor, codebase, change);
  },
);

/**
 * Rejects a proposed change, or some of its hunks, in which case the rest is proposed in its place. Idempotent. Throws
 * ALREADY_APPLIED for an applied one.
 */
export const rejectChange = operation(
  "changes.reject",
  "decisions.make",
  v.object({ ...inCodebase, hunks }),
  async (actor, input) => {
    const { codebase, change } = await load(actor, input);
    if (input.hunks && (await rejectHunks(codebase, change, input.hunks))) return change;
    const move = { codebaseId: codebase.id, id: change.id, from: ["proposed", "conflicted"], to: "rejected" } as const;
    if (await transition({ ...move, from: [...move.from] })) return { ...change, status: "rejected" as const };
    const now = await readChange(codebase.teamId, codebase.id, change.id);
    if (now?.status === "applied") {
      throw new AppError("ALREADY_APPLIED", `This change became version ${now.appliedAs}. Undo that version instead.`);
    }
    return now ?? change;
  },
);

/**
 * Undoes a version: merges its inverse into the head as a new version. Returns applied, conflict (nothing written) or
 * refused.
 */
export const undoVersion = operation(
  "changes.undo",
  "code.edit",
  v.object({ ...inCodebase, version: versionNumber }),
  async (actor, input) => {
    const codebase = await getCodebase(actor, { id: input.codebaseId });
    if (input.version === 1) throw new AppError("CHANGE_REFUSED", "Version 1 can't be undone.");
    const [version, before] = await Promise.all([
      versionOf(codebase, input.version),
      versionOf(codebase, input.version - 1),
    ]);
    if (version.version.kind === "base" || version.version.kind === "head") {
      const other = "Restore the version you want instead.";
      throw new AppError("CHANGE_REFUSED", `Version ${input.version} is a side of the difference. ${other}`);
    }
    return applyDirectly(actor, codebase, {
      changeId: input.changeId,
      base: input.version,
      edits: await editsBetween(codebase.teamId, version.tree, before.tree),
      kind: "undo",
      summary: `Undo v${input.version}: ${version.version.message}`.slice(0, 200),
      origin: { kind: "undo", version: input.version },
    });
  },
);

/** Restores an earlier version's content as a new version. */
export const restoreVersion = operation(
  "changes.restore",
  "code.edit",
  v.object({ ...inCodebase, version: versionNumber }),
  async (actor, input) => {
    const codebase = await getCodebase(actor, { id: input.codebaseId });
    const { tree } = await versionOf(codebase, input.version);
    return applyDirectly(actor, codebase, {
      changeId: input.changeId,
      base: codebase.number,
      edits: (head) => editsBetween(codebase.teamId, head, tree),
      kind: "restore",
      summary: `Restore v${input.version}`,
      origin: { kind: "restore", version: input.version },
    });
  },
);

/**
 * Returns a proposal beside the head it conflicts with: a change, or a tab's draft. `mine` is
 * the proposal, `theirs` the head. Nothing is written. `merged` are the files that merge cleanly, `repeated`
 * says what stands twice in them then.
 */
export const mergeView = operation(
  "changes.mergeView",
  "code.read",
  v.object({ codebaseId, change: v.optional(changeIdSchema), draftId: v.optional(v.string()) }),
  async (actor, input) => {
    const codebase = await getCodebase(actor, { id: input.codebaseId });
    const { base, edits } = await loadProposedEdits(actor, codebase, input);
    const conflicts: FileConflict[] = [];
    const merged: { path: string; text: string | null }[] = [];
    const mergedFiles: MergedFile[] = [];
    for (const file of edits) {
      const entry = codebase.tree.find((each) => each.path === file.path);
      const before = file.baseHash === null ? null : await getText(codebase.teamId, file.baseHash);
      const mine = file.delete ? null : applyEdits(before ?? "", file.edits);
      const theirs = entry ? await getText(codebase.teamId, entry.hash) : null;
      const result = mergeSides(before, mine, theirs);
      if (!result.clean) conflicts.push({ path: file.path, base: before, mine, theirs, regions: result.regions });
      else if (result.text !== theirs) {
        const { path } = file;
        merged.push({ path, text: result.text });
        mergedFiles.push(...mergedFile({ path, language: entry?.language, mine, theirs, text: result.text }));
      }
    }
    const repeated = await repeatsInTime(mergedFiles);
    const { version } = await versionOf(codebase, codebase.number);
    return { base, head: codebase.number, headVersion: version, conflicts, merged, repeated };
  },
);

async function loadProposedEdits(
  actor: Actor,
  codebase: Codebase,
  input: { change?: string; draftId?: string },
): Promise<{ base: number; edits: FileEdit[] }> {
  if (input.change) {
    const { change } = await load(actor, { codebaseId: codebase.id, changeId: input.change });
    return change;
  }
  const draft = input.draftId ? await getDraft(actor, { codebaseId: codebase.id, draftId: input.draftId }) : null;
  if (!draft) throw new AppError("DRAFT_NOT_FOUND", "Nothing to merge: that draft was saved or discarded.");
  const { tree } = await versionOf(codebase, draft.base);
  return { base: draft.base, edits: await editsOfTexts(codebase.teamId, tree, draft.files) };
}
