import { useEffect, useRef } from "react";

/** Handles text pasted anywhere on the page but in a field, which takes it by itself. */
export function usePagePaste(onText: (text: string) => void): void {
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
      const text = event.clipboardData?.files.length ? "" : event.clipboardData?.getData("text/plain");
      if (event.defaultPrevented || isInField || !text) return;
      event.preventDefault();
      latest.current(text);
    };
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, []);
}
