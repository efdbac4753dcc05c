import { type RefObject, useEffect, useState } from "react";
import type { Lines } from "../editor/code-html";

/** Returns the selected lines of the server-rendered code; null when nothing there is selected. */
export function useStaticLines(scroller: RefObject<HTMLElement>): Lines | null {
  const [lines, setLines] = useState<Lines | null>(null);
  useEffect(() => {
    const onChange = () => {
      const next = staticSelectedLines(scroller.current?.querySelector(".code-static") ?? null);
      setLines((before) => (before?.first === next?.first && before?.last === next?.last ? before : next));
    };
    document.addEventListener("selectionchange", onChange);
    return () => document.removeEventListener("selectionchange", onChange);
  }, [scroller]);
  return lines;
}

function staticSelectedLines(code: Element | null): Lines | null {
  const selection = getSelection();
  if (!code || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!code.contains(range.startContainer) || !code.contains(range.endContainer)) return null;
  const first = lineNumberAt(range.startContainer);
  const last = lineNumberAt(range.endContainer);
  if (first === undefined || last === undefined) return null;
  const endsBefore = range.endOffset === 0 && last > first;
  return { first, last: endsBefore ? last - 1 : last };
}

function lineNumberAt(node: Node): number | undefined {
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest('.code-row[id^="L"]') ?? element?.querySelector('.code-row[id^="L"]');
  return row ? Number(row.id.slice(1)) : undefined;
}
