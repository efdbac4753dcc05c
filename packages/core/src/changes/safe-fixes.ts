import type { Actor } from "../auth/schema";
import type { Codebase, FileEdit } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { reviewerClient } from "../reviewer-client/index";
import { diffEdits } from "../text/index";
import { applyDirectly } from "./apply";
import { rebaseEdits } from "./edits";
import type { Change, SafeFixesOutcome } from "./schema";
import { readChange, transition } from "./store";

type SkippedChange = { id: string; reason: string };

/**
 * Composes safe changes, in order, into one change, proves it again at the head, and commits it as one version. What no
 * longer applies stays proposed and is listed. Retrying with the same `changeId` has one effect.
 */
export async function composeAndApply(
  actor: Actor,
  codebase: Codebase,
  changes: Change[],
  changeId: string,
): Promise<SafeFixesOutcome> {
  const before = await readChange(codebase.teamId, codebase.id, changeId);
  if (before?.appliedAs !== undefined && before.origin.kind === "safe-fixes") {
    return { outcome: "applied", version: before.appliedAs, changeId, applied: before.origin.changes, skipped: [] };
  }
  const { edits, applied, skipped } = await compose(codebase, changes);
  if (applied.length === 0) return { outcome: "nothing", version: codebase.number, applied, skipped };
  const summary = applied.length === 1 ? "Apply 1 safe fix" : `Apply ${applied.length} safe fixes`;
  const outcome = await applyDirectly(actor, codebase, {
    changeId,
    base: codebase.number,
    edits,
    kind: "apply",
    summary,
    origin: { kind: "safe-fixes", changes: applied },
  });
  if (outcome.outcome !== "applied") {
    const reason = "The code just changed.";
    return {
      outcome: "conflict",
      version: codebase.number,
      applied: [],
      skipped: changes.map(({ id }) => ({ id, reason })),
    };
  }
  await Promise.all(
    applied.map((id) =>
      transition({ codebaseId: codebase.id, id, from: ["proposed"], to: "applied", appliedAs: outcome.version }),
    ),
  );
  return { outcome: "applied", version: outcome.version, changeId, applied, skipped };
}

async function compose(codebase: Codebase, changes: Change[]) {
  const byPath = new Map<string, { id: string; edits: FileEdit["edits"] }[]>();
  const skipped: SkippedChange[] = [];
  for (const change of changes) {
    const rebased = await rebaseEdits(codebase.teamId, change.edits, codebase.tree);
    const only = rebased?.[0];
    if (!rebased || !only) skipped.push({ id: change.id, reason: "It no longer applies to the code." });
    else if (rebased.length > 1 || only.delete || only.baseHash === null) {
      skipped.push({ id: change.id, reason: "It touches more than the text of one file." });
    } else {
      const list = byPath.get(only.path) ?? [];
      byPath.set(only.path, [...list, { id: change.id, edits: only.edits }]);
    }
  }
  const edits: FileEdit[] = [];
  const applied: string[] = [];
  for (const [path, proposals] of byPath) {
    const entry = codebase.tree.find((each) => each.path === path);
    if (!entry) continue;
    const text = await getText(codebase.teamId, entry.hash);
    const result = await reviewerClient.compose({ path, text, language: entry.language }, proposals);
    skipped.push(...result.skipped);
    if (result.kept.length === 0 || result.text === text) continue;
    applied.push(...result.kept);
    edits.push({ path, baseHash: entry.hash, edits: diffEdits(text, result.text) });
  }
  return { edits, applied, skipped };
}
