import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { merge } from "./index";
import { mergeTriple, textArbitrary } from "./text.test-arbitraries";

const RUNS = { numRuns: 500 };

describe("merge", () => {
  it("takes the one side that changed", () => {
    fc.assert(
      fc.property(textArbitrary, textArbitrary, (base, changed) => {
        expect(merge(base, changed, base)).toMatchObject({ clean: true, text: changed });
        expect(merge(base, base, changed)).toMatchObject({ clean: true, text: changed });
        expect(merge(base, changed, changed)).toMatchObject({ clean: true, text: changed });
      }),
      RUNS,
    );
  });

  it("gives the same verdict, and the same text when clean, with the sides exchanged", () => {
    fc.assert(
      fc.property(mergeTriple, ([base, ours, theirs]) => {
        const one = merge(base, ours, theirs);
        const two = merge(base, theirs, ours);
        expect(one.clean).toBe(two.clean);
        if (one.clean) expect(one.text).toBe(two.text);
      }),
      RUNS,
    );
  });

  it("has regions that join to the three texts, each of its stated kind", () => {
    fc.assert(
      fc.property(mergeTriple, ([base, ours, theirs]) => {
        const { regions } = merge(base, ours, theirs);
        const joined = (side: "base" | "ours" | "theirs") => regions.map((region) => region[side]).join("");
        expect([joined("base"), joined("ours"), joined("theirs")]).toEqual([base, ours, theirs]);
        for (const region of regions) {
          if (region.kind === "same") expect(region).toMatchObject({ ours: region.base, theirs: region.base });
          if (region.kind === "ours") expect(region.theirs).toBe(region.base);
          if (region.kind === "theirs") expect(region.ours).toBe(region.base);
          if (region.kind === "both") expect(region.ours).toBe(region.theirs);
        }
      }),
      RUNS,
    );
  });

  it("conflicts where both sides changed a line, and shows both in markers with their labels", () => {
    const result = merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n", { ours: "mine", theirs: "saved" });
    expect(result).toMatchObject({ clean: false, conflicts: 1 });
    expect(result.text).toBe("a\n<<<<<<< mine\nours\n=======\ntheirs\n>>>>>>> saved\nc\n");
    expect(result.regions.map((region) => region.kind)).toEqual(["same", "conflict", "same"]);
  });

  it("keeps CRLF, a byte order mark and a missing final newline", () => {
    const base = "\ufeffa\r\nb\r\nc\r\nd\r\ne";
    expect(merge(base, base.replace("a", "A"), base.replace("e", "E"))).toMatchObject({
      clean: true,
      text: "\ufeffA\r\nb\r\nc\r\nd\r\nE",
    });
  });

  it("round-trips through JSON, with its regions", () => {
    expect(JSON.parse(JSON.stringify(merge("a\n", "a\n", "b\n")))).toEqual({
      clean: true,
      text: "b\n",
      regions: [{ kind: "theirs", base: "a\n", ours: "a\n", theirs: "b\n" }],
    });
  });
});

describe("merge, against git merge-file", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "redline-merge-"));
    if (spawnSync("git", ["--version"]).status !== 0) {
      throw new Error("git is not on this machine: this test compares merges with git merge-file and cannot run.");
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const gitMerge = (base: string, ours: string, theirs: string) => {
    const paths = ["ours", "base", "theirs"].map((name) => join(folder, name));
    for (const [at, text] of [ours, base, theirs].entries()) writeFileSync(paths[at] ?? "", text);
    const git = spawnSync("git", ["merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", ...paths]);
    return { conflicts: git.status, text: git.stdout.toString("utf8") };
  };
  // A lone surrogate has no bytes in UTF-8, so git could not be given it.
  const wellFormed = mergeTriple.filter((texts) => texts.every((text) => !/\p{Surrogate}/u.test(text)));

  it("gives the same conflicts and the same bytes on generated texts", () => {
    fc.assert(
      fc.property(wellFormed, ([base, ours, theirs]) => {
        const result = merge(base, ours, theirs);
        const conflicts = result.clean ? 0 : result.conflicts;
        expect({ conflicts, text: result.text }).toEqual(gitMerge(base, ours, theirs));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["repeated lines", "a\nb\n".repeat(300), "b\na\n".repeat(280), "a\nb\nb\n".repeat(210)],
    ["blank lines", "\n".repeat(400), `${"\n".repeat(200)}x\n${"\n".repeat(190)}`, `${"\n".repeat(380)}y`],
    ["a large move", numbered(0, 3000), numbered(1000, 3000) + numbered(0, 1000), numbered(0, 2990)],
    ["texts far apart", shuffled(3000, 7), shuffled(3000, 11), shuffled(3000, 13)],
    ["empty sides", "a\nb\n", "", "a\nc\n"],
    ["conflicts in CRLF", "a\r\nb\r\nc\r\n", "a\r\nx\r\nc\r\n", "a\r\ny\r\nc\r\n"],
  ])("gives the same on %s", (_, base, ours, theirs) => {
    const result = merge(base, ours, theirs);
    expect({ conflicts: result.clean ? 0 : result.conflicts, text: result.text }).toEqual(gitMerge(base, ours, theirs));
  });
});

describe("merge of 5 MB", () => {
  const size = 5_000_000;
  it.each([
    ["of two lines that alternate", "a\nb\n".repeat(size / 4), "b\na\n".repeat(size / 4), "a\nb\nb\n".repeat(size / 6)],
    ["of one line", "x".repeat(size), `${"x".repeat(size - 1)}y`, `z${"x".repeat(size - 1)}`],
    ["of equal lines", "a\n".repeat(size / 2), "a\n".repeat(size / 2 - 1000), "a\n".repeat(size / 2 - 7)],
    ["in shuffled order", shuffled(400_000, 7), shuffled(400_000, 11), shuffled(400_000, 13)],
  ])("is bounded: %s, and loses nothing", (_, base, ours, theirs) => {
    const { regions } = merge(base, ours, theirs);
    expect(regions.map((region) => region.ours).join("") === ours).toBe(true);
    expect(regions.map((region) => region.theirs).join("") === theirs).toBe(true);
  });
});

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join("");
}

/** Returns the same lines for every seed, in an order of its own. */
function shuffled(count: number, seed: number): string {
  const lines = Array.from({ length: count }, (_, at) => `line ${at}\n`);
  let state = seed;
  for (let at = count - 1; at > 0; at--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (at + 1);
    [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
  }
  return lines.join("");
}
