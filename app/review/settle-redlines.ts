import type { Redline } from "../editor/redlines";
import { hunkSubject, type PendingActions, pendingAction } from "./pending-actions";

/**
 * Returns the redlines as the actions in progress leave them: without those rejected whole, and without buttons where
 * one is being decided. A decision on a hunk may number the change's others anew, so they wait for it.
 */
export function settleRedlines(redlines: readonly Redline[], pending: PendingActions): readonly Redline[] {
  if (pending.size === 0) return redlines;
  return redlines.flatMap((redline): Redline[] => {
    const { identity, changeId, hunk, safety } = redline;
    const ids = identity === undefined ? [changeId] : [identity, changeId];
    const whole = ids.map((id) => pending.get(id)).find((intent) => intent !== undefined);
    if (whole === "reject" || whole === "dismiss") return [];
    const isSafeFix = identity !== undefined && safety === "safe";
    if (whole === "accept" || (isSafeFix && pending.has("apply-safe-fixes"))) {
      return [{ ...redline, settling: "Applying…" }];
    }
    const own = ids.map((id) => pending.get(hunkSubject(id, hunk))).find((intent) => intent !== undefined);
    if (own) return [{ ...redline, settling: own === "reject" ? "Rejecting…" : "Applying…" }];
    return [ids.some((id) => pendingAction(pending, id)) ? { ...redline, settling: "Waiting…" } : redline];
  });
}
