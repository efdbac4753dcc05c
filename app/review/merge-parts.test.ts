import { merge } from "@redline/core/text/index";
import { describe, expect, it } from "vitest";
import { choiceName, type MergeFile, manualTextName, resolveMerge, toMergeFile } from "./merge-parts";

const fields = (values: Record<string, string>) => (name: string) => values[name];

function conflictOf(base: string, mine: string, theirs: string): MergeFile {
  return toMergeFile({ path: "a.ts", base, mine, theirs, regions: merge(base, mine, theirs).regions });
}

describe("a merge by hand", () => {
  const file = conflictOf("a\nb\nc\nd\ne\n", "a\nB mine\nc\nd\nE\n", "A\nb\nc\nd\ne\n".replace("b", "B theirs"));
  const open = "parts" in file ? file.parts.findIndex((part) => "mine" in part) : -1;

  it("keeps what only one side changed, whatever is chosen where both did", () => {
    const choose = (choice: string) => resolveMerge([file], fields({ [choiceName(0, open)]: choice })).texts[0]?.text;
    expect(choose("mine")).toContain("B mine");
    expect(choose("theirs")).toContain("B theirs");
    for (const choice of ["mine", "theirs", "both"]) expect(choose(choice)).toContain("E\n");
    expect(choose("both")).toMatch(/B theirs\n(?:.*\n)*?B mine\n/);
  });

  it("takes a manually edited text, with the line endings of the surrounding code", () => {
    const crlf = conflictOf("a\r\nb\r\n", "a\r\nmine\r\n", "a\r\ntheirs\r\n");
    const at = "parts" in crlf ? crlf.parts.findIndex((part) => "mine" in part) : -1;
    const typed = { [choiceName(0, at)]: "hand", [manualTextName(0, at)]: "one\r\ntwo" };
    expect(resolveMerge([crlf], fields(typed)).texts).toEqual([{ path: "a.ts", text: "a\r\none\r\ntwo\r\n" }]);
  });

  it("names the files where a choice is missing", () => {
    expect(resolveMerge([file], fields({})).undecided).toEqual(["a.ts"]);
  });

  it("settles a file that one side deleted", () => {
    const deleted = toMergeFile({ path: "a.ts", base: "a\n", mine: null, theirs: "b\n", regions: [] });
    expect(resolveMerge([deleted], fields({ [choiceName(0, 0)]: "mine" })).texts).toEqual([
      { path: "a.ts", text: null },
    ]);
    expect(resolveMerge([deleted], fields({ [choiceName(0, 0)]: "theirs" })).texts).toEqual([
      { path: "a.ts", text: "b\n" },
    ]);
  });
});
