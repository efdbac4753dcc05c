import { describe, expect, it } from "vitest";
import { layoutCards } from "./margin-layout";

/** The tops that spaces above lead to. */
function topsOf(cards: { top: number; height: number }[], anchor?: number): number[] {
  let at = 0;
  return layoutCards(cards, anchor).map((space, i) => {
    const top = at + space;
    at = top + (cards[i]?.height ?? 0);
    return top;
  });
}

describe("cards in the margin", () => {
  it("are beside their lines where there is room", () => {
    const cards = [
      { top: 10, height: 30 },
      { top: 100, height: 30 },
    ];
    expect(topsOf(cards)).toEqual([10, 100]);
  });

  it("push those below down rather than cover them", () => {
    const cards = [
      { top: 0, height: 30 },
      { top: 5, height: 30 },
      { top: 6, height: 30 },
    ];
    expect(topsOf(cards)).toEqual([0, 36, 72]);
  });

  it("keep the anchored one beside its line and move the others around it", () => {
    const cards = [
      { top: 100, height: 30 },
      { top: 105, height: 30 },
      { top: 110, height: 90 },
      { top: 115, height: 30 },
    ];
    expect(topsOf(cards, 2)).toEqual([38, 74, 110, 206]);
  });

  it("never leave the page at its top", () => {
    const cards = [
      { top: 0, height: 30 },
      { top: 0, height: 30 },
      { top: 0, height: 30 },
    ];
    expect(topsOf(cards, 2)).toEqual([0, 36, 72]);
  });
});
