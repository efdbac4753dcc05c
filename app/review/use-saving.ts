import { useNavigate, useRevalidator } from "@remix-run/react";
import { type RefObject, useRef, useState } from "react";
import { useToast } from "../ui/toast";
import { outcomeMessage } from "./actions";
import type { DraftKeeper } from "./draft-keeper";
import { useSave } from "./use-drafts";

export type SaveState = {
  /** Gives true when nothing typed stands in the way. */
  save: () => Promise<boolean>;
  /** The version that the last save made, and whether others' edits are in it: then lines may stand elsewhere. */
  last: RefObject<{ version: number; merged: boolean } | null>;
  announcement: string;
};

/** Saving what was typed, and saying what became of it. */
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
