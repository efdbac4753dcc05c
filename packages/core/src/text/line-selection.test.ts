import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines } from "./diff";
import {
  allHunkLines,
  type HunkLines,
  mapReverted,
  revertLines,
  type SelectedLines,
  splitByHunk,
  takeLines,
} from "./line-selection";
import { splitLines } from "./lines";

/** Lines from a small alphabet, so that many of them are equal; the last may have no line end. */
const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "}", ""), { maxLength: 14 }), fc.boolean())
  .map(([lines, isBare]) =>
    lines
      .map((line) => `${line}\n`)
      .join("")
      .slice(0, isBare ? -1 : undefined),
  );

/** Two texts, and for each changed line whether it is chosen. */
const choice = fc.record({ before: text, after: text, chosen: fc.infiniteStream(fc.boolean()) });

type Chosen = { kept: string[]; taken: string[]; selected: HunkLines[] };

/** Both results line by line, the i-th removed line of a hunk before the i-th added one: `kept` is the text after without the chosen changes, `taken` the text before with them. */
function model(before: string, after: string, chosen: Iterator<boolean>): Chosen {
  const [old, now] = [splitLines(before), splitLines(after)];
  const kept: string[] = [];
  const taken: string[] = [];
  const wanted: SelectedLines = { removed: [], added: [] };
  const hunks = diffLines(before, after);
  let at = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    const same = old.slice(at, aStart);
    kept.push(...same);
    taken.push(...same);
    for (let pair = 0; pair < Math.max(aEnd - aStart, bEnd - bStart); pair++) {
      const [a, b] = [aStart + pair, bStart + pair];
      if (a < aEnd) {
        const isChosen = chosen.next().value === true;
        (isChosen ? kept : taken).push(old[a] as string);
        if (isChosen) wanted.removed.push({ first: a + 1, last: a + 1 });
      }
      if (b < bEnd) {
        const isChosen = chosen.next().value === true;
        (isChosen ? taken : kept).push(now[b] as string);
        if (isChosen) wanted.added.push({ first: b + 1, last: b + 1 });
      }
    }
    at = aEnd;
  }
  kept.push(...old.slice(at));
  taken.push(...old.slice(at));
  return { kept, taken, selected: splitByHunk(hunks, wanted) ?? [] };
}

const join = (lines: readonly string[]): string =>
  lines.map((line, at) => (at < lines.length - 1 && !line.endsWith("\n") ? `${line}\n` : line)).join("");

describe("chosen lines of a difference", () => {
  it("are reverted to the text after with only the others, and taken over to the text before with only these", () => {
    fc.assert(
      fc.property(choice, ({ before, after, chosen }) => {
        const { kept, taken, selected } = model(before, after, chosen[Symbol.iterator]());
        expect(revertLines(before, after, selected)).toBe(join(kept));
        expect(takeLines(before, after, diffLines(before, after), selected)).toBe(join(taken));
      }),
      { numRuns: 2_000 },
    );
  });

  it("leave every other line where its number says", () => {
    fc.assert(
      fc.property(choice, ({ before, after, chosen }) => {
        const { selected } = model(before, after, chosen[Symbol.iterator]());
        const { lineOf } = mapReverted(selected);
        const [now, then] = [splitLines(after), splitLines(revertLines(before, after, selected))];
        const places = now.map((_, at) => lineOf(at + 1));
        const still = places.filter((line) => line > 0);
        expect(still).toEqual([...new Set(still)].sort((one, two) => one - two));
        for (const [at, line] of places.entries()) {
          if (line > 0) expect(then[line - 1]?.replace("\n", "")).toBe(now[at]?.replace("\n", ""));
        }
      }),
    );
  });

  it("are all of them: nothing is left of the difference, or it is whole", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const hunks = diffLines(before, after);
        const all = allHunkLines(hunks);
        expect(revertLines(before, after, all)).toBe(before);
        expect(takeLines(before, after, hunks, all)).toBe(after);
        expect(takeLines(before, after, hunks, [])).toBe(before);
        expect(revertLines(before, after, [])).toBe(after);
      }),
    );
  });

  it("are refused where one is no changed line, and joined where they overlap", () => {
    const hunks = diffLines("a\nb\nc\n", "a\nB\nC\n");
    const removed = [
      { first: 2, last: 2 },
      { first: 2, last: 3 },
    ];
    expect(splitByHunk(hunks, { removed, added: [] })).toEqual([
      { at: 2, removed: [{ first: 2, last: 3 }], added: [], places: [2, 3] },
    ]);
    expect(splitByHunk(hunks, { removed: [{ first: 1, last: 2 }], added: [] })).toBeNull();
    expect(splitByHunk(hunks, { removed: [], added: [{ first: 2, last: 5_000_000 }] })).toBeNull();
  });
});
