import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import type { Codebase, FileEdit } from "../codebases/schema";
import { AppError } from "../errors";
import { applyDirectly } from "./apply";
import { hunksOf } from "./edits";
import { composeAndApply } from "./safe-fixes";
import { type ApplyOutcome, type Change, type Hunk, newChangeId } from "./schema";
import { readChange } from "./store";

export { applyDirectly } from "./apply";
export { findingChangeId } from "./ids";
export { type ChangeOnHead, changesOnHead, type FileOnHead } from "./on-head";
export { type Proposal, type ProposalResult, proposeChange } from "./propose";
export { transition, writeChanges } from "./store";

/** Returns a change of a codebase that was loaded through an actor already. */
export const readChangeOf = ({ teamId, id }: Codebase, changeId: string): Promise<Change | undefined> =>
  readChange(teamId, id, changeId);

/** Returns the hunks of such a change. */
export const changeHunks = (teamId: string, { edits }: Pick<Change, "edits">): Promise<Hunk[]> =>
  hunksOf(teamId, edits);

/** Applies all of `changes` that are proposed and safe, as one version. */
export async function applyAll(actor: Actor, codebase: Codebase, ids: string[], changeId: string) {
  const found = await Promise.all(ids.map((id) => readChange(codebase.teamId, codebase.id, id)));
  const open = found.filter((each): each is Change => each?.status === "proposed" && each.safety === "safe");
  return composeAndApply(actor, codebase, open, changeId);
}

/** Saves a file of a work tree: `edits` turn the text that it had there into the one that it has. Merged with the head. */
export const saveFromWorkTree = (
  actor: Actor,
  codebase: Codebase,
  { changeId, edit }: { changeId: string; edit: FileEdit },
): Promise<ApplyOutcome> =>
  applyDirectly(actor, codebase, {
    ...{ changeId, base: codebase.number, edits: [edit], kind: "save" },
    ...{ summary: `${edit.path} from the work tree`.slice(0, 200), origin: { kind: "work-tree" } },
  });

/** Sets a file's language, as a new version. Throws FILE_NOT_FOUND. */
export async function setFileLanguage(
  actor: Actor,
  input: { codebaseId: string; path: string; language: string },
): Promise<ApplyOutcome> {
  const codebase = await getCodebase(actor, { id: input.codebaseId });
  const entry = codebase.tree.find((each) => each.path === input.path);
  if (!entry) throw new AppError("FILE_NOT_FOUND", `There is no file "${input.path.slice(0, 120)}".`);
  return applyDirectly(actor, codebase, {
    changeId: newChangeId(),
    base: codebase.number,
    edits: [{ path: entry.path, baseHash: entry.hash, edits: [], language: input.language }],
    kind: "save",
    summary: `Read ${entry.path} as ${input.language}`,
    origin: { kind: "editor" },
  });
}
