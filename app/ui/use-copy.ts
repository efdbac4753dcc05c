import { useCallback, useEffect, useRef, useState } from "react";

const SHOWN_MS = 2_000;

/** Copies text on request, and says for two seconds how that went; empty otherwise. */
export function useCopy(text: string): { outcome: string; copy: () => void } {
  const [outcome, setOutcome] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = useCallback(async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(isCopied ? "Copied" : "Couldn't copy");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOutcome(""), SHOWN_MS);
  }, [text]);
  return { outcome, copy: () => void copy() };
}
