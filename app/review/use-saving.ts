import { useNavigate, useRevalidator } from "@remix-run/react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useFailureToasts, useToast } from "../ui/toast";
import { outcomeMessage } from "./actions";
import { type Drafts, useSave } from "./use-drafts";

export type SaveState = {
  /** Saves pending edits. Resolves to true when none remain. */
  save: () => Promise<boolean>;
  /** The last saved version, and whether it merged others' edits, which may have moved lines. */
  last: RefObject<{ version: number; merged: boolean } | null>;
  announcement: string;
};

const SAVE = "save";

/** Saves the draft as a version and announces the outcome. */
export function useSaving({ keeper, state }: Pick<Drafts, "keeper" | "state">): SaveState {
  const [announcement, announce] = useState("");
  const last = useRef<{ version: number; merged: boolean } | null>(null);
  const toast = useToast();
  const failures = useFailureToasts();
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const save = useSave(keeper, {
    onResult: (result) => {
      const message = outcomeMessage(result);
      announce(message);
      if (result.version !== undefined) last.current = { version: result.version, merged: result.merged === true };
      // The merge view says itself what stands in the way.
      if (result.mergeAt) return navigate(result.mergeAt);
      failures.clear(SAVE);
      if (result.merged) toast({ message });
      else if (result.outcome !== "done") failures.show(SAVE, message);
      revalidate();
    },
    onFail: (message, isRefused) => {
      announce(message);
      failures.show(SAVE, message);
      if (isRefused) revalidate();
    },
  });
  // What failed has been sent meanwhile: its message is no longer true.
  useEffect(() => {
    if (state.status === "saved") failures.clear(SAVE);
  }, [state.status, failures]);
  return { save, last, announcement };
}
