import { useNavigate, useRevalidator } from "@remix-run/react";
import { useState } from "react";
import { useToast } from "../ui/toast";
import { outcomeMessage } from "./acts";
import type { DraftKeeper } from "./draft-keeper";
import { useSave } from "./use-drafts";

/** Saving what was typed, and saying what became of it. `save` gives true when nothing typed stands in the way. */
export function useSaving(keeper: DraftKeeper | null): { save: () => Promise<boolean>; announcement: string } {
  const [announcement, announce] = useState("");
  const toast = useToast();
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const save = useSave(keeper, {
    onResult: (result) => {
      const message = outcomeMessage(result);
      announce(message);
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
  return { save, announcement };
}
