import { useNavigate, useRevalidator } from "@remix-run/react";
import { type RefObject, useRef, useState } from "react";
import { useToast } from "../ui/toast";
import { outcomeMessage } from "./actions";
import type { DraftKeeper } from "./draft-keeper";
import { useSave } from "./use-drafts";

export type SaveState = {
  /** Saves pending edits. Resolves to true when none remain. */
  save: () => Promise<boolean>;
  /** The last saved version, and whether it merged others' edits, which may have moved lines. */
  last: RefObject<{ version: number; merged: boolean } | null>;
  announcement: string;
};

/** Saves the draft as a version and announces the outcome. */
export function useSaving(keeper: DraftKeeper | null): SaveState {
  const [announcement, announce] = useState("");
  const last = useRef<{ version: number; merged: boolean } | null>(null);
  const toast = useToast();
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const save = useSave(keeper, {
    onResult: (result) => {
      const message = outcomeMessage(result);
      announce(message);
      if (result.version !== undefined) last.current = { version: result.version, merged: result.merged === true };
      // The merge view says itself what stands in the way.
      if (result.mergeAt) return navigate(result.mergeAt);
      if (result.outcome !== "done" || result.merged) toast({ message, tone: result.merged ? "success" : "error" });
      revalidate();
    },
    onFail: (message) => {
      announce(message);
      toast({ message, tone: "error" });
    },
  });
  return { save, last, announcement };
}
