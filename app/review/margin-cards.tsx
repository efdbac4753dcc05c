import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Redline } from "../editor/redlines";
import { useBrowserLayoutEffect } from "../ui/use-browser-layout-effect";
import { CARD_PX, estimateTops, layoutCards } from "./margin-layout";

/** A margin item beside a line: `node` renders it with the given space above and passes its element to `ref`. */
export type MarginItem = {
  key: string;
  line: number;
  node: (ref: (element: HTMLElement | null) => void, spaceAbove: number) => ReactNode;
};

export type MarginLayout = {
  redlines: readonly Redline[];
  /** Returns a line's top offset in the editor, in px; undefined until the editor is mounted. */
  topOfLine?: (line: number) => number;
  /** Changes whenever lines may have moved. */
  layoutKey: unknown;
};

type MarginCardsProps = MarginLayout & {
  items: readonly MarginItem[];
  /** Key of the card aligned exactly with its line. */
  anchored?: string;
};

/** Lays out cards in line order, each beside its line where there is room. */
export function MarginCards({ items, anchored, redlines, topOfLine, layoutKey }: MarginCardsProps) {
  const ordered = useMemo(() => [...items].sort((a, b) => a.line - b.line), [items]);
  const cards = useRef(new Map<string, HTMLElement>());
  const list = useRef<HTMLDivElement>(null);
  const estimate = useMemo(() => estimateTops(redlines), [redlines]);
  const anchor = Math.max(
    0,
    ordered.findIndex((item) => item.key === anchored),
  );
  const [spaces, setSpaces] = useState<readonly number[]>(() => {
    const tops = ordered.map((item) => ({ top: estimate(item.line), height: CARD_PX }));
    return layoutCards(tops, anchor);
  });
  const place = () => {
    const from = list.current?.offsetTop ?? 0;
    const measured = ordered.map((item) => ({
      top: Math.max(0, (topOfLine ?? estimate)(item.line) - from),
      height: cards.current.get(item.key)?.offsetHeight ?? CARD_PX,
    }));
    const next = layoutCards(measured, anchor);
    setSpaces((before) => (isSame(before, next) ? before : next));
  };
  const latestPlace = useRef(place);
  latestPlace.current = place;
  useBrowserLayoutEffect(place, [ordered, estimate, anchor, topOfLine, layoutKey]);
  // A thread grows while its reply is written; the cards below it stay beside their lines while there is room.
  useEffect(() => {
    if (!list.current) return;
    const observer = new ResizeObserver(() => latestPlace.current());
    observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={list} className="margin-cards">
      {ordered.map((item, index) => (
        <Fragment key={item.key}>
          {item.node((element) => {
            if (element) cards.current.set(item.key, element);
            else cards.current.delete(item.key);
          }, spaces[index] ?? 0)}
        </Fragment>
      ))}
    </div>
  );
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((space, index) => space === b[index]);
