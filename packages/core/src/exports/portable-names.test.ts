import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portableNames } from "./portable-names";

const names = (...paths: string[]) => portableNames(paths).map(({ name }) => name);

describe("names in a zip", () => {
  it("are the files' own where every system takes them", () => {
    const paths = ["README.md", "src/a.ts", "src/größe.ts", ".env", "a b/c.d.ts", "console.ts", "com10.txt", "nulls/x"];
    expect(names(...paths)).toEqual(paths);
  });

  it("are changed where Windows rejects them or reads them as something else", () => {
    expect(names("CON", "aux.c", "lib/nul.txt", "COM1.tar.gz", "lpt9")).toEqual([
      ...["CON_", "aux_.c", "lib/nul_.txt", "COM1_.tar.gz", "lpt9_"],
    ]);
    expect(names("a:b.ts", 'w"h?.ts', "<x>|*.ts", "end.", "end ", "dir./x.ts", "...")).toEqual([
      ...["a_b.ts", "w_h_.ts", "_x___.ts", "end_", "end_-2", "dir_/x.ts", "___"],
    ]);
  });

  it("differ for files that differ in case or Unicode composition, the first one's unchanged", () => {
    expect(names("A.ts", "a.ts", "B/x.ts", "b/X.ts")).toEqual(["A.ts", "a-2.ts", "B/x.ts", "b/X-2.ts"]);
    expect(names("\u00e9.ts", "e\u0301.ts", "stra\u00dfe", "STRASSE")).toEqual([
      ...["\u00e9.ts", "e\u0301-2.ts", "stra\u00dfe", "STRASSE-2"],
    ]);
  });

  it("are never the folder of another file, whatever its case", () => {
    expect(names("src", "src/a.ts", "Lib.d/x", "lib.d")).toEqual(["src-2", "src/a.ts", "Lib.d/x", "lib-2.d"]);
  });

  it("never take a name from a file that can keep its own", () => {
    expect(names("a:b.ts", "a_b.ts", "a", "A", "A-2")).toEqual(["a_b-2.ts", "a_b.ts", "a", "A-3", "A-2"]);
  });

  it("are no longer than systems take, with their ending", () => {
    const [name = ""] = names(`${"字".repeat(200)}.ts`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
    expect(name).toMatch(/^字+\.ts$/);
    expect(new Set(names(`${"字".repeat(200)}.ts`, `${"字".repeat(201)}.ts`)).size).toBe(2);
  });

  it("are distinct to every system for whatever paths there are", () => {
    const segment = fc.oneof(
      fc.constantFrom(
        "a",
        "A",
        "con",
        "CON.ts",
        "x.",
        "x ",
        "x_",
        "\u00e9",
        "e\u0301",
        "a:b",
        "a_b",
        "...",
        "nul.tar",
        "-2",
        "a-2",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }).map((text) => text.replace(/[/\0]/g, "_")),
    );
    const paths = fc.uniqueArray(
      fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(paths, (given) => {
        const made = names(...given);
        const same = made.map((name) => name.normalize("NFKD").toUpperCase().toLowerCase());
        expect(new Set(same).size).toBe(given.length);
        for (const name of same) expect(same.some((other) => other.startsWith(`${name}/`))).toBe(false);
        for (const part of made.flatMap((name) => name.split("/")))
          expect(part).toMatch(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[^<>:"|?*\\]*[^<>:"|?*\\. ]$/iu);
      }),
      { numRuns: 2_000 },
    );
  });
});
