import { newChangeId } from "@redline/core/changes/schema";
import { useNavigate, useRevalidator } from "@remix-run/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { markHintUsed } from "../hints/used-hints";
import { fetchJson, RequestFailed } from "../http/fetch-json";
import { useFailureToasts, useToast } from "../ui/toast";
import { outcomeMessage, type ReviewActionInput, type ReviewActionResult, type ReviewIntent } from "./actions";
import type { ReviewPage } from "./page";
import { actionSubject, type PendingActions } from "./pending-actions";

/** Sends one action and returns its result. Throws RequestFailed. */
export function sendReviewAction(sessionId: string, body: ReviewActionInput): Promise<ReviewActionResult> {
  const offlineMessage = "Can't reach Redline. Nothing was changed.";
  return fetchJson(`/sessions/${sessionId}/actions`, { method: "POST", body, offlineMessage });
}

export type ReviewActions = {
  /** Performs an action, announces the outcome and revalidates the page. Null when it failed. */
  perform: (input: ReviewActionInput) => Promise<ReviewActionResult | null>;
  pending: PendingActions;
  /** The latest outcome, for the live region. */
  announcement: string;
  announce: (message: string) => void;
};

/**
 * Performs actions one at a time, and each only once: until the page shows its outcome, the same one is ignored.
 * `before` runs ahead of those that change the code, and cancels them by returning false.
 */
export function useReviewActions(page: ReviewPage, before: () => Promise<boolean>): ReviewActions {
  const sessionId = page.session.id;
  const [pending, setPending] = useState<PendingActions>(new Map());
  const started = useRef(new Set<string>());
  const [announcement, announce] = useState("");
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const latestBefore = useRef(before);
  latestBefore.current = before;
  const { revalidate, state } = useRevalidator();
  const settleWhenShown = useRef<(() => void)[]>([]);
  const navigate = useNavigate();
  const toast = useToast();
  const failures = useFailureToasts();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page may come without "loading" having been rendered
  useEffect(() => {
    if (state === "idle") for (const settle of settleWhenShown.current.splice(0)) settle();
  }, [state, page]);

  const perform = useCallback(
    (input: ReviewActionInput): Promise<ReviewActionResult | null> => {
      const subject = actionSubject(input);
      if (started.current.has(subject)) return Promise.resolve(null);
      started.current.add(subject);
      if ("identity" in input) markHintUsed("decide");
      setPending((map) => new Map(map).set(subject, input.intent));
      const settle = () => {
        started.current.delete(subject);
        setPending((map) => {
          const rest = new Map(map);
          rest.delete(subject);
          return rest;
        });
      };
      let isReloading = false;
      const run = async (): Promise<ReviewActionResult | null> => {
        failures.clear(subject);
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
          if (result.outcome === "done") toast({ message, action: undoToastAction(input, result) });
          else failures.show(subject, message);
          if (input.intent === "trash") navigate("/sessions");
          else {
            isReloading = true;
            settleWhenShown.current.push(settle);
            revalidate();
          }
          return result;
        } catch (error) {
          if (!(error instanceof RequestFailed)) throw error;
          announce(error.message);
          failures.show(subject, error.message);
          if (error.isRefused) revalidate();
          return null;
        } finally {
          if (!isReloading) settle();
        }
      };
      const undoToastAction = (action: ReviewActionInput, done: ReviewActionResult) => {
        const undo = inverseAction(action, done);
        return undo && { label: "Undo", run: () => void perform(undo) };
      };
      const result = queue.current.then(run);
      queue.current = result.catch(() => null);
      return result;
    },
    [sessionId, toast, failures, revalidate, navigate],
  );
  return useMemo(() => ({ perform, pending, announcement, announce }), [perform, pending, announcement]);
}

const CODE_INTENTS = new Set<ReviewIntent>([
  "accept",
  "apply-safe-fixes",
  "undo",
  "reject-lines",
  "undo-decision",
  "end-turn",
  "review",
]);
const changesCode = (intent: ReviewIntent): boolean => CODE_INTENTS.has(intent);

function inverseAction(
  act: ReviewActionInput,
  { version, decision }: ReviewActionResult,
): ReviewActionInput | undefined {
  switch (act.intent) {
    case "accept-lines":
    case "reject-lines":
      return decision === undefined ? undefined : { intent: "undo-decision", number: decision, key: newChangeId() };
    case "accept":
    case "apply-safe-fixes":
      return version === undefined ? undefined : { intent: "undo", version, changeId: newChangeId() };
    case "dismiss":
      return { intent: "reopen", identity: act.identity };
    case "trash":
      return { intent: "restore" };
    default:
      return undefined;
  }
}
