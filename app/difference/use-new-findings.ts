import { useSearchParams } from "@remix-run/react";
import { useCallback, useMemo, useState } from "react";
import { isOpen, type PageFinding, type ReviewPage } from "../review/page";

/** Findings that the base has too: how many, and whether they are shown. */
export type OldFindings = { count: number; isShown: boolean; onToggle: () => void };

/** Returns the open file's findings: of a difference those that it brought, and the others on wish. */
export function useNewFindings({ findings, difference }: ReviewPage): { findings: PageFinding[]; old: OldFindings } {
  const [query] = useSearchParams();
  const [isShown, setShown] = useState(query.has("old"));
  const selected = query.get("finding");
  const onToggle = useCallback(() => setShown((is) => !is), []);
  const visible = useMemo(
    () =>
      !difference || isShown ? findings : findings.filter(({ onBase, identity }) => !onBase || identity === selected),
    [findings, difference, isShown, selected],
  );
  const count = findings.filter((finding) => finding.onBase && isOpen(finding)).length;
  return { findings: visible, old: { count, isShown, onToggle } };
}
