import { splitInsertedLines } from "../editor/inserted-text";
import type { Redline } from "../editor/redlines";

/** Metrics of the styled code (app/editor/editor.css), in px. */
export const LINE_PX = 13 * 1.55;
const ACTS_PX = 30;
const INLINE_ACTS_PX = 24;
const PADDING_PX = 8;
export const CARD_PX = 34;
const GAP_PX = 6;

/** Returns the number of the margin's slot beside a line: each slot holds one collapsed card. */
export const cardSlot = (line: number): number => Math.floor(((line - 1) * LINE_PX) / (CARD_PX + GAP_PX));

/** Returns an estimate of each line's top offset in px, before layout is measured. */
export function estimateTops(redlines: readonly Redline[]): (line: number) => number {
  const additions = redlines.map((redline) =>
    redline.form === "inline"
      ? { above: redline.lastLine + 1, px: INLINE_ACTS_PX - LINE_PX }
      : {
          above: redline.isAbove ? redline.firstLine : redline.lastLine + 1,
          px: splitInsertedLines(redline.parts[0]?.text ?? "").length * LINE_PX + ACTS_PX,
        },
  );
  return (line) => {
    const added = additions.reduce((sum, { above, px }) => sum + (above <= line ? px : 0), 0);
    return PADDING_PX + (line - 1) * LINE_PX + added;
  };
}

export type Card = { top: number; height: number };

/**
 * Lays out cards beside their lines without overlap: the anchored one exactly, later ones pushed down, earlier ones up.
 * Returns the space above each, in order.
 */
export function layoutCards(cards: readonly Card[], anchor = 0): number[] {
  const places: number[] = [];
  let below = 0;
  for (const card of cards) {
    const place = Math.max(card.top, below);
    places.push(place);
    below = place + card.height + GAP_PX;
  }
  const anchored = cards[anchor];
  if (anchored && (places[anchor] ?? 0) > anchored.top) {
    const needed = cards.slice(0, anchor).reduce((sum, card) => sum + card.height + GAP_PX, 0);
    places[anchor] = Math.max(anchored.top, needed);
    for (let i = anchor - 1; i >= 0; i--) {
      const limit = (places[i + 1] ?? 0) - (cards[i]?.height ?? 0) - GAP_PX;
      places[i] = Math.min(places[i] ?? 0, limit);
    }
    for (let i = anchor + 1; i < cards.length; i++) {
      places[i] = Math.max(cards[i]?.top ?? 0, (places[i - 1] ?? 0) + (cards[i - 1]?.height ?? 0) + GAP_PX);
    }
  }
  return places.map((place, i) => (i === 0 ? place : place - (places[i - 1] ?? 0) - (cards[i - 1]?.height ?? 0)));
}
