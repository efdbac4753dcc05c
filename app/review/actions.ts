/** The review page's actions: their input schema and results, shared by server and browser. */
import { changeIdSchema } from "@redline/core/changes/schema";
import { draftIdSchema } from "@redline/core/codebases/schema";
import { VERDICTS, verdictId } from "@redline/core/differences/schema";
import { modelReviewIdSchema } from "@redline/core/review/schema";
import { sessionName } from "@redline/core/sessions/schema";
import * as v from "valibot";

const number = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(0));
const identity = v.pipe(v.string(), v.maxLength(100));
const path = v.string();

/** Lines of one file, decided at the version that is shown. The client chooses `key`, which makes resending it idempotent. */
const decidedLines = {
  key: changeIdSchema,
  path,
  version: number,
  /** Changed lines, as `formatLines` writes them. */
  lines: v.string(),
  note: v.optional(v.string()),
};

/** An action by its intent. The client chooses `changeId`, which makes resending it idempotent. */
export const reviewActionSchema = v.variant("intent", [
  v.object({
    intent: v.literal("accept"),
    change: changeIdSchema,
    /** The change's finding: a newer review gives its fix another id. */
    identity: v.optional(identity),
    hunk: v.optional(number),
  }),
  /** With an identity, rejects that finding's fix and closes the finding. */
  v.object({
    intent: v.literal("reject"),
    change: changeIdSchema,
    identity: v.optional(identity),
    hunk: v.optional(number),
  }),
  v.object({ intent: v.literal("dismiss"), identity }),
  v.object({ intent: v.literal("reopen"), identity }),
  v.object({ intent: v.literal("apply-safe-fixes"), changeId: changeIdSchema }),
  v.object({ intent: v.literal("undo"), version: number, changeId: changeIdSchema }),
  v.object({
    intent: v.literal("save"),
    changeId: changeIdSchema,
    base: number,
    files: v.array(v.object({ path, text: v.string() })),
    draftId: v.optional(draftIdSchema),
  }),
  v.object({ intent: v.literal("save-text"), changeId: changeIdSchema, base: number, path, text: v.string() }),
  v.object({ intent: v.literal("save-draft"), changeId: changeIdSchema, draftId: draftIdSchema }),
  v.object({ intent: v.literal("discard-draft"), draftId: draftIdSchema }),
  v.object({ intent: v.literal("review") }),
  v.object({ intent: v.literal("cancel-model-review"), id: modelReviewIdSchema }),
  v.object({
    intent: v.literal("verdict"),
    id: verdictId,
    kind: v.picklist(VERDICTS),
    version: number,
    summary: v.string(),
  }),
  v.object({ intent: v.literal("accept-lines"), ...decidedLines }),
  v.object({ intent: v.literal("reject-lines"), ...decidedLines }),
  v.object({ intent: v.literal("undo-decision"), key: changeIdSchema, number }),
  v.object({ intent: v.literal("end-turn") }),
  v.object({ intent: v.literal("rename"), name: sessionName }),
  v.object({ intent: v.literal("language"), path, language: v.string() }),
  v.object({ intent: v.literal("trash") }),
  v.object({ intent: v.literal("restore") }),
]);

export type ReviewAction = v.InferOutput<typeof reviewActionSchema>;
export type ReviewActionInput = v.InferInput<typeof reviewActionSchema>;
export type ReviewIntent = ReviewAction["intent"];

/** The result of an action that was performed or hit a conflict. */
export type ReviewActionResult = {
  intent: ReviewIntent;
  outcome: "done" | "nothing" | "conflict" | "refused";
  /** The new head version, if the action changed the code. */
  version?: number;
  /** True when newer changes were merged in. */
  merged?: boolean;
  /** Warnings about code that the merge duplicated. */
  repeated?: string[];
  /** Number of the decision that was made. */
  decision?: number;
  /** Number of items affected, for bulk actions. */
  count?: number;
  skipped?: number;
  reason?: string;
  /** URL of the merge page. */
  mergeAt?: string;
};

const pluralize = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Returns the message for an outcome: for the toast, the live region and the page without JavaScript. */
export function outcomeMessage(result: ReviewActionResult): string {
  const { intent, outcome, version, merged, repeated = [], count = 0, skipped = 0, reason } = result;
  const twice = repeated.map((sentence) => ` ${sentence}.`).join("");
  const also = merged ? ` Merged with newer changes.${twice}` : "";
  if (outcome === "conflict") return "The same lines were changed elsewhere. Nothing was overwritten.";
  if (outcome === "refused") return reason ?? "That didn't work. Nothing was changed.";
  switch (intent) {
    case "accept":
      return `Applied. v${version}.${also}`;
    case "reject":
      return "Rejected. No changes were made.";
    case "dismiss":
      return "Dismissed. It stays dismissed in later reviews.";
    case "reopen":
      return "Reopened.";
    case "apply-safe-fixes": {
      const kept =
        skipped > 0
          ? ` ${pluralize(skipped, "other")} no longer ${skipped === 1 ? "applies and was" : "apply and were"} kept as ${skipped === 1 ? "a suggestion" : "suggestions"}.`
          : "";
      if (outcome === "nothing") return `No safe fixes to apply.${kept}`;
      return `${pluralize(count, "safe fix", "safe fixes")} applied. v${version}.${kept}`;
    }
    case "undo":
      return `Undone. v${version}.${also}`;
    case "save":
    case "save-text":
    case "save-draft":
      return outcome === "nothing" ? "Nothing to save." : `Saved. v${version}.${also}`;
    case "discard-draft":
      return "Discarded.";
    case "review":
      return "Reviewing again.";
    case "cancel-model-review":
      return "Cancelled. Findings so far are kept.";
    case "verdict":
      return "Verdict stored.";
    case "accept-lines":
      return "Accepted.";
    case "reject-lines":
      return version === undefined
        ? "Rejected. It takes effect when the agent's turn ends."
        : `Rejected. Reverted in v${version}.`;
    case "undo-decision":
      return "Decision undone.";
    case "end-turn":
      return count === 0
        ? "Turn ended. Nothing was reverted."
        : `Turn ended. Rejected lines of ${pluralize(count, "file")} were reverted.`;
    case "rename":
      return "Renamed.";
    case "language":
      return `Language changed. v${version}.`;
    case "trash":
      return "Moved to trash.";
    case "restore":
      return "Restored.";
  }
}
