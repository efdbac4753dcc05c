import { describe, expect, it } from "vitest";
import { applyEdits } from "../../text/index";
import { normaliseEdits, normaliseSuggestion } from "./normalise";
import type { SuggestedPatch } from "./suggestion";

const CRLF = "one\r\ntwo\r\n";
const LF = "one\ntwo\n";
const SAME =
  "The edits change nothing: old lines and new ones are the same. If line ends are meant, the answer does not show which.";
const ALREADY = "The edits change nothing: the code is like that already.";

function outcome(text: string, patch: SuggestedPatch): string {
  const file = { path: "a.txt", text, hash: "a".repeat(64) };
  const result = normaliseSuggestion({ files: [file] }, { patches: [patch] }, "a.txt");
  return result.ok ? applyEdits(text, result.edits[0]?.edits ?? []) : result.reason;
}

const hunk = (before: string, after: string) => {
  const signed = (text: string, sign: string) => text.replace(/^(?=.)/gm, sign);
  const lines = `@@ -1,2 +1,2 @@\n${signed(before, "-")}${signed(after, "+")}`;
  return { format: "unified" as const, diff: `--- a/a.txt\n+++ b/a.txt\n${lines}` };
};
const blocks = (search: string, replace: string) => ({
  format: "search_replace" as const,
  blocks: [{ search, replace }],
});

describe("a suggestion that changes line ends alone", () => {
  it("is applied exactly where it shows them, in every format and both ways", () => {
    for (const [from, to] of [
      [CRLF, LF],
      [LF, CRLF],
    ] as const) {
      expect(outcome(from, hunk(from, to))).toBe(to);
      expect(outcome(from, blocks(from, to))).toBe(to);
      const edit = { path: "a.txt", start_line: 1, end_line: 2, original: from, replacement: to };
      expect(outcome(from, { format: "edits", edits: [edit] })).toBe(to);
    }
  });

  it("is refused with the reason when it does not show them", () => {
    expect(outcome(CRLF, hunk(LF, LF))).toBe(SAME);
    expect(outcome(CRLF, blocks(LF, LF))).toBe(SAME);
    const edit = { path: "a.txt", start_line: 1, end_line: 2, original: LF, replacement: LF };
    expect(outcome(CRLF, { format: "edits", edits: [edit] })).toBe(SAME);
  });

  it("is not assumed for a changed line in a CRLF file", () => {
    expect(outcome(CRLF, blocks("one\r\n", "1\n"))).toBe("1\r\ntwo\r\n");
    expect(outcome(CRLF, blocks("one\ntwo\n", "one\n2\n"))).toBe("one\r\n2\r\n");
  });
});

it("reports code that is already so only where it is, and the suggestion was a different one", () => {
  const file = { path: "a.ts", text: "if (a) {\n  b();\n}\n", hash: "a".repeat(64) };
  const edit = { path: "a.ts", start_line: 2, end_line: 2, original: "b();", replacement: "  b();" };
  const result = normaliseEdits({ files: [file] }, [edit]);
  expect(result.ok ? applyEdits(file.text, result.edits[0]?.edits ?? []) : result.reason).toBe(ALREADY);
});
