import { newChangeId } from "@redline/core/changes/schema";
import { useNavigate, useRevalidator } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import { fetchJson, RequestFailed } from "../http/fetch-json";
import { useToast } from "../ui/toast";
import { outcomeMessage, type ReviewActionInput, type ReviewActionResult, type ReviewIntent } from "./actions";

/** Sends one action and returns its result. Throws RequestFailed. */
export function sendReviewAction(sessionId: string, body: ReviewActionInput): Promise<ReviewActionResult> {
  const offlineMessage = "Can't reach Redline. Nothing was changed.";
  return fetchJson(`/sessions/${sessionId}/actions`, { method: "POST", body, offlineMessage });
}

export type ReviewActions = {
  /** Performs an action, announces the outcome and revalidates the page. Null when it failed. */
  perform: (input: ReviewActionInput) => Promise<ReviewActionResult | null>;
  /** Findings and changes with an action in progress. */
  pending: ReadonlyMap<string, ReviewIntent>;
  /** The latest outcome, for the live region. */
  announcement: string;
  announce: (message: string) => void;
};

/**
 * Performs actions one at a time. `before` runs ahead of those that change the code, and cancels them by returning
 * false.
 */
export function useReviewActions(sessionId: string, before: () => Promise<boolean>): ReviewActions {
  const [pending, setPending] = useState<ReadonlyMap<string, ReviewIntent>>(new Map());
  const [announcement, announce] = useState("");
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const latestBefore = useRef(before);
  latestBefore.current = before;
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const toast = useToast();

  const perform = useCallback(
    (input: ReviewActionInput): Promise<ReviewActionResult | null> => {
      const key = ("identity" in input && input.identity) || ("change" in input && input.change) || input.intent;
      setPending((map) => new Map(map).set(key, input.intent));
      const run = async (): Promise<ReviewActionResult | null> => {
        try {
          if (changesCode(input.intent) && !(await latestBefore.current())) return null;
          const result = await sendReviewAction(sessionId, input);
          const message = outcomeMessage(result);
          announce(message);
          // The merge view says itself what stands in the way.
          if (result.mergeAt) {
            navigate(result.mergeAt);
            return result;
          }
          toast({
            message,
            tone: result.outcome === "done" ? "success" : "error",
            action: undoToastAction(input, result),
          });
          if (input.intent === "trash") navigate("/sessions");
          else revalidate();
          return result;
        } catch (error) {
          if (!(error instanceof RequestFailed)) throw error;
          announce(error.message);
          toast({ message: error.message, tone: "error" });
          return null;
        } finally {
          setPending((map) => {
            const rest = new Map(map);
            rest.delete(key);
            return rest;
          });
        }
      };
      const undoToastAction = (action: ReviewActionInput, { outcome, version }: ReviewActionResult) => {
        if (outcome !== "done") return undefined;
        const undo = inverseAction(action, version);
        return undo && { label: "Undo", run: () => void perform(undo) };
      };
      const result = queue.current.then(run);
      queue.current = result.catch(() => null);
      return result;
    },
    [sessionId, toast, revalidate, navigate],
  );
  return useMemo(() => ({ perform, pending, announcement, announce }), [perform, pending, announcement]);
}

const CODE_INTENTS = new Set<ReviewIntent>(["accept", "all-safe", "undo", "review"]);
const changesCode = (intent: ReviewIntent): boolean => CODE_INTENTS.has(intent);

function inverseAction(act: ReviewActionInput, version: number | undefined): ReviewActionInput | undefined {
  switch (act.intent) {
    case "accept":
    case "all-safe":
      return version === undefined ? undefined : { intent: "undo", version, changeId: newChangeId() };
    case "dismiss":
      return { intent: "reopen", identity: act.identity };
    case "trash":
      return { intent: "restore" };
    default:
      return undefined;
  }
}
