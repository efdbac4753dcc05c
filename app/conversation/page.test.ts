import { describe, expect, it } from "vitest";
import { anchorLabel, canReply, lineRangeLabel, type PageThread } from "./page";

const thread = (part: Partial<PageThread>): PageThread => ({
  ...{ id: "thr_1", path: "a.ts", status: "open", title: "Why?", count: 1, updatedAt: "" },
  lines: { first: 2, last: 4 },
  anchorState: "exact",
  ...part,
});

describe("a thread in words", () => {
  it("names no lines for an exact anchor, and the certainty of any other", () => {
    expect(anchorLabel(thread({}))).toBeUndefined();
    expect(anchorLabel(thread({ anchorState: undefined, lines: undefined }))).toBeUndefined();
    expect(anchorLabel(thread({ anchorState: "edited" }))).toMatch(/edited/);
    expect(anchorLabel(thread({ anchorState: "moved" }))).toMatch(/moved/);
    expect(anchorLabel(thread({ anchorState: "outdated" }))).toMatch(/no longer exist/);
    expect(anchorLabel(thread({ isFileGone: true }))).toBe("a.ts no longer exists");
  });

  it("names one line, several, or the whole file", () => {
    expect(lineRangeLabel({ first: 3, last: 3 })).toBe("Line 3");
    expect(lineRangeLabel({ first: 3, last: 5 })).toBe("Lines 3 to 5");
    expect(lineRangeLabel(undefined)).toBe("Whole file");
  });
});

describe("who replies", () => {
  it("is a model for every message kind, or the built-in reviewer for its own findings", () => {
    expect(canReply({ hasModel: true }, "test", false)).toBe(true);
    expect(canReply({ hasModel: false }, "explain", true)).toBe(true);
    expect(canReply({ hasModel: false }, "fix", true)).toBe(true);
    expect(canReply({ hasModel: false }, "explain", false)).toBe(false);
    expect(canReply({ hasModel: false }, "ask", true)).toBe(false);
  });
});
