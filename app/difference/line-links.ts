import { type MouseEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";

type LineRange = { first: number; last: number };

/** Parses "#L12" and "#L12-L18". */
export function parseLineHash(hash: string): LineRange | null {
  const found = /^#L(\d{1,8})(?:-L?(\d{1,8}))?$/.exec(hash);
  if (!found) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return first <= last ? { first, last } : { first: last, last: first };
}

export const lineHash = ({ first, last }: LineRange): string => (first === last ? `#L${first}` : `#L${first}-L${last}`);

/**
 * Links to lines: a click on a number names it in the address, with Shift the lines up to it, and copies the address. The
 * named lines are marked.
 */
export function useLineLinks(code: RefObject<HTMLElement>) {
  const [announcement, announce] = useState("");
  const anchor = useRef<number>();
  const mark = useCallback(() => {
    const range = parseLineHash(location.hash);
    for (const row of code.current?.querySelectorAll<HTMLElement>("[data-linked]") ?? []) delete row.dataset.linked;
    if (!range) return;
    for (let line = range.first; line <= range.last; line++) {
      const row = code.current?.querySelector<HTMLElement>(`#L${line}`);
      if (row) row.dataset.linked = "";
    }
  }, [code]);
  useEffect(() => {
    const range = parseLineHash(location.hash);
    anchor.current = range?.first;
    mark();
    if (range) code.current?.querySelector(`#L${range.first}`)?.scrollIntoView({ block: "center" });
    addEventListener("hashchange", mark);
    return () => removeEventListener("hashchange", mark);
  }, [mark, code]);
  // Rows that were drawn anew have lost their marks.
  useEffect(mark);
  const onClick = useCallback(
    (event: MouseEvent): boolean => {
      const number = (event.target as Element).closest<HTMLAnchorElement>("a.diff-number");
      const range = number && parseLineHash(new URL(number.href).hash);
      if (!range) return false;
      event.preventDefault();
      const from = event.shiftKey ? (anchor.current ?? range.first) : range.first;
      if (!event.shiftKey) anchor.current = range.first;
      const named = { first: Math.min(from, range.first), last: Math.max(from, range.first) };
      const hash = lineHash(named);
      history.replaceState(history.state, "", hash);
      mark();
      const words = named.first === named.last ? `line ${named.first}` : `lines ${named.first} to ${named.last}`;
      navigator.clipboard?.writeText(location.href).then(
        () => announce(`Link to ${words} copied.`),
        () => announce(`The address names ${words}.`),
      );
      return true;
    },
    [mark],
  );
  return { onClick, announcement };
}
