import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { applyDirectly } from "./apply";
import { composeAndApply } from "./safe-fixes";
import { type ApplyOutcome, type Change, newChangeId } from "./schema";
import { readChange } from "./store";

export { findingChangeId } from "./ids";
export { type ChangeOnHead, changesOnHead, type FileOnHead } from "./on-head";
export { type Proposal, type ProposalResult, proposeChange } from "./propose";
export { transition, writeChanges } from "./store";

/** Applies every one of `changes` that is proposed and safe, as one version. */
export async function applyAll(actor: Actor, codebase: Codebase, ids: string[], changeId: string) {
  const found = await Promise.all(ids.map((id) => readChange(codebase.teamId, codebase.id, id)));
  const open = found.filter((each): each is Change => each?.status === "proposed" && each.safety === "safe");
  return composeAndApply(actor, codebase, open, changeId);
}

/** Says what language a file is in, as a new version. Throws FILE_NOT_FOUND. */
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
