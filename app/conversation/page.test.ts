import { describe, expect, it } from "vitest";
import { canBeAnswered, linesWords, type PageThread, placeWords } from "./page";

const thread = (part: Partial<PageThread>): PageThread => ({
  ...{ id: "thr_1", path: "a.ts", status: "open", title: "Why?", count: 1, updatedAt: "" },
  lines: { first: 2, last: 4 },
  place: "exact",
  ...part,
});

describe("a thread in words", () => {
  it("says nothing of lines that are where they were, and how sure all others are", () => {
    expect(placeWords(thread({}))).toBeUndefined();
    expect(placeWords(thread({ place: undefined, lines: undefined }))).toBeUndefined();
    expect(placeWords(thread({ place: "edited" }))).toMatch(/edited/);
    expect(placeWords(thread({ place: "moved" }))).toMatch(/moved/);
    expect(placeWords(thread({ place: "outdated" }))).toMatch(/no longer in the code/);
    expect(placeWords(thread({ isFileGone: true }))).toBe("a.ts is no longer in the code");
  });

  it("names one line, several, or the whole file", () => {
    expect(linesWords({ first: 3, last: 3 })).toBe("Line 3");
    expect(linesWords({ first: 3, last: 5 })).toBe("Lines 3 to 5");
    expect(linesWords(undefined)).toBe("Whole file");
  });
});

describe("who answers", () => {
  it("is a model for everything, else the built-in reviewer for what it found itself", () => {
    expect(canBeAnswered({ hasModel: true }, "test", false)).toBe(true);
    expect(canBeAnswered({ hasModel: false }, "explain", true)).toBe(true);
    expect(canBeAnswered({ hasModel: false }, "fix", true)).toBe(true);
    expect(canBeAnswered({ hasModel: false }, "explain", false)).toBe(false);
    expect(canBeAnswered({ hasModel: false }, "ask", true)).toBe(false);
  });
});
