import { mergeIntoTree, requireWithinLimits } from "../codebases/internal";
import type { Codebase, FileEdit, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { getText } from "../platform/blobs";
import { nowIso } from "../platform/clock";
import type { SourceFile } from "../reviewers/schema";
import { evidenceOf } from "./evidence";
import type { Change } from "./schema";
import { createChange } from "./store";

/** A change that is to be proposed against a version: `tree` is that version's. The id is derived from the request. */
export type Proposal = Pick<Change, "id" | "base" | "edits" | "summary" | "author" | "origin"> & {
  codebase: Codebase;
  tree: TreeEntry[];
};

export type ProposalResult = { ok: true; change: Change } | { ok: false; reason: string };

/**
 * Proposes edits as a change: applies them to a copy of their base, checks the result, and stores it as evidence.
 * Refuses edits that do not apply or exceed its owner's limits. Idempotent by id. For edits by a model or a person: the
 * change is never *safe*, and its evidence may list problems.
 */
export async function proposeChange(proposal: Proposal, signal?: AbortSignal): Promise<ProposalResult> {
  const { codebase, tree, ...wanted } = proposal;
  const { teamId } = codebase;
  const after = await applied(codebase, tree, wanted.edits);
  if (!("tree" in after)) return { ok: false, reason: after.reason };
  const files = wanted.edits.map(async ({ path }) => ({
    before: await fileAt(teamId, tree, path),
    after: await fileAt(teamId, after.tree, path),
  }));
  const evidence = await evidenceOf(await Promise.all(files), { signal });
  const createdAt = nowIso();
  const change: Change = {
    ...wanted,
    codebaseId: codebase.id,
    safety: "unsafe",
    evidence,
    status: "proposed",
    createdAt,
    updatedAt: createdAt,
  };
  await createChange(teamId, change);
  return { ok: true, change };
}

async function applied(
  { teamId, owner }: Codebase,
  tree: TreeEntry[],
  edits: FileEdit[],
): Promise<{ tree: TreeEntry[] } | { reason: string }> {
  try {
    const result = await mergeIntoTree(teamId, tree, edits);
    if (result.conflicts.length > 0) return { reason: `It doesn't apply to ${result.conflicts[0]?.path}.` };
    requireWithinLimits(result.tree, owner);
    const hashes = new Map(tree.map((entry) => [entry.path, entry.hash]));
    const changes = result.tree.some((entry) => hashes.get(entry.path) !== entry.hash);
    if (!changes && result.tree.length === tree.length) return { reason: "It changes nothing." };
    return result;
  } catch (error) {
    if (error instanceof RangeError || (error instanceof AppError && error.status < 500)) {
      return { reason: error.message };
    }
    throw error;
  }
}

async function fileAt(teamId: string, tree: TreeEntry[], path: string): Promise<SourceFile | null> {
  const entry = tree.find((each) => each.path === path);
  return entry ? { path, text: await getText(teamId, entry.hash), language: entry.language } : null;
}
