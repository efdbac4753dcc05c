import { type RefObject, useEffect, useRef } from "react";

/** Where a row goes away with the button that was pressed in it, the focus stays near, at what stood around it. */
export function useRestoreFocus(around: RefObject<HTMLElement>, content: unknown): void {
  const isInside = useRef(false);
  useEffect(() => {
    const moved = ({ target }: FocusEvent) => {
      isInside.current = around.current?.contains(target as Node) ?? false;
    };
    document.addEventListener("focusin", moved);
    return () => document.removeEventListener("focusin", moved);
  }, [around]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be looked at whenever the content is another
  useEffect(() => {
    if (isInside.current && document.activeElement === document.body) around.current?.focus({ preventScroll: true });
  }, [around, content]);
}
