import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Anchor, carryAnchor, carryAnchors, createAnchor, createAnchors } from "./index";
import { textArbitrary } from "./text.test-arbitraries";

const FIRST = `import { open } from "./store";

export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price;
  return sum;
}

export function print(items) {
  console.log(total(items));
}
`;

/** The anchor carried through each version in turn. */
function carried(anchor: Anchor, ...versions: string[]): Anchor {
  return versions.reduce<[Anchor, string]>(([at, from], to) => [carryAnchor(at, from, to), to], [anchor, FIRST])[0];
}

describe("an anchor", () => {
  it("stays exact when other lines change", () => {
    const moved = carried(createAnchor(FIRST, 5, 5), `// header\n${FIRST}`, `// header\n// two\n${FIRST}`);
    expect(moved).toMatchObject({ startLine: 7, endLine: 7, state: "exact", confidence: 1 });
  });

  it("follows an edited line, as edited", () => {
    const anchor = carried(createAnchor(FIRST, 5, 5), FIRST.replace("item.price;", "item.price * item.count;"));
    expect(anchor).toMatchObject({ startLine: 5, endLine: 5, state: "edited" });
    expect(anchor.confidence).toBeGreaterThan(0.7);
    expect(anchor.confidence).toBeLessThan(1);
  });

  it("is exact again when the edit is undone", () => {
    expect(carried(createAnchor(FIRST, 5, 5), FIRST.replace("item.price", "item.cost"), FIRST)).toMatchObject({
      state: "exact",
      confidence: 1,
    });
  });

  it("follows a line through a new indentation", () => {
    const wrapped = FIRST.replace(
      "  for (const item of items) sum += item.price;",
      "  if (items) {\n    for (const item of items) sum += item.price;\n  }",
    );
    expect(carried(createAnchor(FIRST, 5, 5), wrapped)).toMatchObject({ startLine: 6, endLine: 6, state: "edited" });
  });

  it("is outdated when its line is gone, and keeps its last known place", () => {
    expect(carried(createAnchor(FIRST, 5, 5), FIRST.replace(/ {2}for.*\n/, ""))).toMatchObject({
      startLine: 5,
      state: "outdated",
      confidence: 0,
    });
  });

  it("grows with lines added inside its block", () => {
    expect(
      carried(createAnchor(FIRST, 3, 7), FIRST.replace("  let sum = 0;\n", "  let sum = 0;\n  // all of them\n")),
    ).toMatchObject({ startLine: 3, endLine: 8, state: "edited" });
  });

  it("follows a block that was cut and pasted elsewhere", () => {
    const block = FIRST.slice(FIRST.indexOf("export function total"), FIRST.indexOf("export function print"));
    const anchor = carried(
      createAnchor(FIRST, 3, 7),
      `${FIRST.replace(block, "")}\n${block}`.replace("console.log", "alert"),
    );
    expect(anchor.state === "exact" || anchor.state === "moved").toBe(true);
    expect(anchor.endLine - anchor.startLine).toBe(4);
    expect(anchor.startLine).toBeGreaterThan(5);
  });

  it("comes back when its block does", () => {
    const without = FIRST.replace(/export function total[\s\S]*?\n}\n/, "");
    const gone = carried(createAnchor(FIRST, 3, 7), without);
    expect(gone.state).toBe("outdated");
    expect(carried(createAnchor(FIRST, 3, 7), without, FIRST)).toMatchObject({
      startLine: 3,
      endLine: 7,
      state: "exact",
      confidence: 1,
    });
  });

  it("cannot be made on lines that do not exist", () => {
    expect(() => createAnchor(FIRST, 0, 1)).toThrow(RangeError);
    expect(() => createAnchor(FIRST, 3, 2)).toThrow(RangeError);
    expect(() => createAnchor(FIRST, 1, 99)).toThrow(RangeError);
  });

  it("is small, and round-trips through JSON", () => {
    const anchor = createAnchor("x".repeat(100_000), 1, 1);
    expect(JSON.stringify(anchor).length).toBeLessThan(3_000);
    expect(JSON.parse(JSON.stringify(anchor))).toEqual(anchor);
  });

  it("always names lines of the new text, and an exact one its own text", () => {
    fc.assert(
      fc.property(textArbitrary, textArbitrary, fc.nat(), fc.nat(3), (from, to, place, length) => {
        const lines = from.split("\n");
        const count = lines.length - (from.endsWith("\n") || from === "" ? 1 : 0);
        fc.pre(count > 0);
        const start = (place % count) + 1;
        const end = Math.min(count, start + length);
        const anchor = carryAnchor(createAnchor(from, start, end), from, to);
        if (anchor.state === "outdated") return;
        expect(anchor.endLine).toBeGreaterThanOrEqual(anchor.startLine);
        const now = to
          .split("\n")
          .slice(anchor.startLine - 1, anchor.endLine)
          .join("\n")
          .trimEnd();
        if (anchor.state === "exact")
          expect(now).toBe(
            lines
              .slice(start - 1, end)
              .join("\n")
              .trimEnd(),
          );
      }),
      { numRuns: 500 },
    );
  });

  it("is carried through hostile texts, many at once", () => {
    const from = "a b c d e f g h\ni j k l m n o p\n".repeat(20_000);
    const to = "a b c d e f g x\ni j k l m n o y\n".repeat(20_000);
    const blocks = Array.from({ length: 500 }, (_, at) => ({ startLine: at * 50 + 1, endLine: at * 50 + 20 }));
    const anchors = createAnchors(from, blocks);
    expect(carryAnchors(anchors, from, to)).toHaveLength(500);
  });
});
