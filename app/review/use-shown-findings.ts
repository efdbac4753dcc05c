import { useSearchParams } from "@remix-run/react";
import { useCallback, useMemo, useState } from "react";
import type { PageFinding } from "./page";
import { type ShownFindings, selectShownFindings } from "./shown-findings";

export type FoldedFindings = ShownFindings & {
  isNitsOpen: boolean;
  isRestOpen: boolean;
  onNits: () => void;
  onRest: () => void;
};

/** Returns the findings that have a card, and toggles for those that are folded. */
export function useShownFindings(findings: readonly PageFinding[], selected: string | undefined): FoldedFindings {
  const [query] = useSearchParams();
  const [isNitsOpen, setNitsOpen] = useState(query.has("nits"));
  const [isRestOpen, setRestOpen] = useState(query.has("all"));
  const onNits = useCallback(() => setNitsOpen((is) => !is), []);
  const onRest = useCallback(() => setRestOpen((is) => !is), []);
  const shown = useMemo(
    () => selectShownFindings(findings, { isNitsOpen, isRestOpen, selected }),
    [findings, isNitsOpen, isRestOpen, selected],
  );
  return useMemo(
    () => ({ ...shown, isNitsOpen, isRestOpen, onNits, onRest }),
    [shown, isNitsOpen, isRestOpen, onNits, onRest],
  );
}
