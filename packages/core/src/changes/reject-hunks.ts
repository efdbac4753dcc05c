import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { derivedId } from "../platform/ids";
import { writeAll } from "../platform/transaction";
import { hunksOf, splitEdits } from "./edits";
import type { Change } from "./schema";
import { createWrite, transitionWrite } from "./store";

/**
 * Says no to the chosen hunks of a change: it is superseded by what is left of it, on the same base. False where nothing
 * would be left, so that the whole is to be rejected. A finding's fix is taken or left as a whole: its id is the
 * finding's, and has no place for a part.
 */
export async function rejectHunks(codebase: Codebase, change: Change, chosen: readonly number[]): Promise<boolean> {
  const hunks = await hunksOf(codebase.teamId, change.edits);
  if (chosen.some((index) => index >= hunks.length)) {
    throw new AppError("INVALID_INPUT", `This change has ${hunks.length} hunks.`, { field: "hunks" });
  }
  if (new Set(chosen).size === hunks.length) return false;
  if (change.origin.kind === "finding") {
    throw new AppError("CHANGE_REFUSED", "A finding's fix is rejected as a whole. Nothing was changed.");
  }
  if (change.status === "superseded") return true;
  const { rest } = splitEdits(change.edits, hunks, new Set(chosen));
  const restId = derivedId("chg", change.id, "without", [...chosen].sort((a, b) => a - b).join(","));
  // The evidence was for the whole change.
  const { evidence: _evidence, supersededBy: _replaced, ...kept } = change;
  const at = nowIso();
  try {
    await writeAll([
      transitionWrite({
        codebaseId: codebase.id,
        id: change.id,
        from: ["proposed", "conflicted"],
        to: "superseded",
        supersededBy: [restId],
      }),
      await createWrite(codebase.teamId, {
        ...kept,
        id: restId,
        edits: rest,
        status: "proposed",
        createdAt: at,
        updatedAt: at,
      }),
    ]);
  } catch (error) {
    // Settled in another tab a moment ago, or by this same action, whose response was lost: the current state says so.
    if (!failedTransactionItems(error)) throw error;
  }
  return true;
}
