import { newChangeId } from "@redline/core/changes/schema";
import type { ErrorShape } from "@redline/core/errors";
import { useNavigate, useRevalidator } from "@remix-run/react";
import { useCallback, useMemo, useRef, useState } from "react";
import { useToast } from "../ui/toast";
import { type ActInput, type ActResult, type Intent, outcomeMessage } from "./acts";

/** What went wrong with a request, as a person reads it; `isOffline` when it never reached the server. */
export class ActFailed extends Error {
  constructor(
    message: string,
    readonly isOffline = false,
    /** Nothing could be stored at that moment, as on a full disk. */
    readonly isTemporary = false,
  ) {
    super(message);
  }

  static from({ code, message }: ErrorShape["error"]): ActFailed {
    return new ActFailed(message, false, code === "DATABASE_ERROR");
  }
}

/** Sends one act and gives its result. Throws ActFailed. */
export async function sendAct(sessionId: string, input: ActInput, signal?: AbortSignal): Promise<ActResult> {
  const body = JSON.stringify(input);
  let response: Response;
  try {
    const headers = { "content-type": "application/json" };
    response = await fetch(`/sessions/${sessionId}/act`, { method: "POST", body, headers, signal });
  } catch {
    throw new ActFailed("Redline can't be reached. Nothing was changed.", true);
  }
  const answer = (await response.json().catch(() => null)) as ActResult | ErrorShape | null;
  if (answer === null) throw new ActFailed("The server gave no answer. Reload to see what is there.");
  if ("error" in answer) throw ActFailed.from(answer.error);
  return answer;
}

export type Acts = {
  /** Carries out an act, says what became of it, and shows the page anew. Null when it failed. */
  perform: (input: ActInput) => Promise<ActResult | null>;
  /** Findings with an act under way. */
  pending: ReadonlyMap<string, Intent>;
  /** The latest outcome, for the live region. */
  announcement: string;
  announce: (message: string) => void;
};

/**
 * Acts go one after another, so that two quick ones never meet; `before` runs ahead of those that change the code, and
 * stops them by giving false.
 */
export function useActs(sessionId: string, before: () => Promise<boolean>): Acts {
  const [pending, setPending] = useState<ReadonlyMap<string, Intent>>(new Map());
  const [announcement, announce] = useState("");
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const latestBefore = useRef(before);
  latestBefore.current = before;
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const toast = useToast();

  const perform = useCallback(
    (input: ActInput): Promise<ActResult | null> => {
      const key = ("identity" in input && input.identity) || ("change" in input && input.change) || input.intent;
      setPending((map) => new Map(map).set(key, input.intent));
      const run = async (): Promise<ActResult | null> => {
        try {
          if (changesCode(input.intent) && !(await latestBefore.current())) return null;
          const result = await sendAct(sessionId, input);
          const message = outcomeMessage(result);
          announce(message);
          // The merge view says itself what stands in the way.
          if (result.mergeAt) {
            navigate(result.mergeAt);
            return result;
          }
          toast({ message, tone: result.outcome === "done" ? "success" : "error", action: takeBack(input, result) });
          if (input.intent === "trash") navigate("/sessions");
          else revalidate();
          return result;
        } catch (error) {
          if (!(error instanceof ActFailed)) throw error;
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
      const takeBack = (act: ActInput, { outcome, version }: ActResult) => {
        if (outcome !== "done") return undefined;
        const undo = undoOf(act, version);
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

const CODE_INTENTS = new Set<Intent>(["accept", "all-safe", "undo", "review"]);
const changesCode = (intent: Intent): boolean => CODE_INTENTS.has(intent);

function undoOf(act: ActInput, version: number | undefined): ActInput | undefined {
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
