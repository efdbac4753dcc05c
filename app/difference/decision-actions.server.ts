import type { Actor } from "@redline/core/auth/schema";
import { acceptLines, endTurn, rejectLines, undoDecision } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { derivedId } from "@redline/core/platform/ids";
import type { ReviewAction, ReviewActionResult } from "../review/actions";
import { parseLines } from "./decision-lines";

type DecisionAction = Extract<ReviewAction, { intent: "accept-lines" | "reject-lines" | "undo-decision" | "end-turn" }>;

/** Performs a decision on lines of a difference. Throws AppError. */
export async function performDecision(
  actor: Actor,
  sessionId: string,
  action: DecisionAction,
): Promise<ReviewActionResult> {
  const { intent } = action;
  const done = { intent, outcome: "done" as const };
  if (action.intent === "end-turn") {
    const { reverted } = await endTurn(actor, { sessionId });
    return { ...done, count: reverted.length };
  }
  if (action.intent === "undo-decision") {
    const { number, key } = action;
    await undoDecision(actor, { sessionId, number, id: derivedId("dec", key, `undo ${number}`) });
    return done;
  }
  const lines = parseLines(action.lines);
  if (!lines) throw new AppError("INVALID_INPUT", "Those are not lines of this file.", { field: "lines" });
  const { key, path, version, note } = action;
  const decided = { sessionId, path, version, lines, note };
  // Forms of one page share its key, so a decision is told from the others by what it is about.
  const id = derivedId("dec", key, intent, path, action.lines);
  if (action.intent === "accept-lines") {
    const { number } = await acceptLines(actor, { ...decided, id });
    return { ...done, decision: number };
  }
  const { number, version: reverted } = await rejectLines(actor, { ...decided, id });
  return { ...done, decision: number, ...(reverted !== undefined && { version: reverted }) };
}
