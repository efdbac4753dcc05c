import { useCallback, useState } from "react";
import type { Pane } from "./pane-tabs";

/** Returns the pane that narrow screens show, and functions that switch to it. */
export function usePanes() {
  const [pane, setPane] = useState<Pane>("code");
  const showCode = useCallback(() => setPane("code"), []);
  /** Shows the margin, unless it is beside the code anyway. */
  const showMargin = useCallback(() => setPane((now) => (isWide() ? now : "findings")), []);
  return { pane, setPane, showCode, showMargin };
}

const isWide = (): boolean => matchMedia("(min-width: 1000px)").matches;
