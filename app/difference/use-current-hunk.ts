import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { showChange } from "../compare/change-steps";
import { useBrowserLayoutEffect } from "../ui/use-browser-layout-effect";

/** The hunk that keys act on: the one that was stepped to, or whose buttons have the focus. */
export type CurrentHunk = {
  /** Remembers a change that was stepped to. */
  onStep: (change: HTMLElement) => void;
  /** Returns the current hunk's number; undefined where there is none. */
  read: () => number | undefined;
  /** Makes the next undecided hunk of the file the current one; false where all are decided. */
  showUndecided: () => boolean;
  /** Once the code is drawn anew, the next undecided hunk is the current one. */
  advance: () => void;
};

const numberOf = (element: Element | null | undefined, name: "changeStart" | "hunk"): number | undefined => {
  const value = element instanceof HTMLElement ? element.dataset[name] : undefined;
  return value === undefined || value === "" ? undefined : Number(value);
};

/** Keeps the current hunk, and the focus on its buttons, while the code is drawn anew. */
export function useCurrentHunk(code: RefObject<HTMLElement>, html: string): CurrentHunk {
  const current = useRef<number>();
  const shouldAdvance = useRef(false);
  const focused = useRef<number>();
  const startOf = useCallback(
    (hunk: number) => code.current?.querySelector<HTMLElement>(`[data-change-start="${hunk}"]`),
    [code],
  );
  const show = useCallback((change: HTMLElement) => {
    current.current = numberOf(change, "changeStart");
    showChange(change);
  }, []);
  const showUndecided = useCallback(
    (isAfter = true): boolean => {
      const bars = [...(code.current?.querySelectorAll<HTMLElement>(".hunk-bar[data-hunk]") ?? [])];
      const open = bars
        .filter(({ dataset }) => dataset.state === "undecided" || dataset.state === "partly")
        .map((bar) => Number(bar.dataset.hunk));
      const from = current.current ?? -1;
      const next = open.find((hunk) => (isAfter ? hunk > from : hunk >= from)) ?? open[0];
      const change = next === undefined ? undefined : startOf(next);
      if (change) show(change);
      return change !== undefined;
    },
    [code, startOf, show],
  );
  useEffect(() => {
    const element = code.current;
    const onFocus = (event: FocusEvent) => {
      focused.current = numberOf((event.target as Element).closest(".hunk-bar"), "hunk");
    };
    element?.addEventListener("focusin", onFocus);
    return () => element?.removeEventListener("focusin", onFocus);
  }, [code]);
  // Rows that are drawn anew have lost mark and focus: they are back before another key is handled.
  useBrowserLayoutEffect(() => {
    const lost = focused.current;
    if (shouldAdvance.current) {
      shouldAdvance.current = false;
      showUndecided(false);
    } else if (current.current !== undefined) startOf(current.current)?.setAttribute("data-current-change", "");
    if (lost === undefined || document.activeElement !== document.body) return;
    const bars = [...(code.current?.querySelectorAll(".hunk-bar[data-hunk]") ?? [])];
    const bar = bars.find((each) => (numberOf(each, "hunk") ?? 0) >= lost) ?? bars.at(-1);
    bar?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, [html]);
  return useMemo(
    () => ({
      onStep: (change) => {
        current.current = numberOf(change, "changeStart");
      },
      read: () => numberOf(document.activeElement?.closest(".hunk-bar"), "hunk") ?? current.current,
      showUndecided: () => showUndecided(),
      advance: () => {
        shouldAdvance.current = true;
      },
    }),
    [showUndecided],
  );
}
