import { type RefObject, useEffect, useRef } from "react";

/** Moves the focus to the surrounding element when the focused row is removed. */
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
