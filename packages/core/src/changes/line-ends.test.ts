import { expect, it } from "vitest";
import { describeLineEnds } from "./line-ends";

it("reports changed line endings, and whether a file is mixed afterwards", () => {
  const crlf = "a\r\nb\r\nc\r\n";
  expect(describeLineEnds(crlf, "a\nb\nc\n")).toBe("Changes line ends alone: 3 lines from CRLF to LF");
  expect(describeLineEnds("a\nb\n", "a\nb\r\n")).toBe("Changes line ends alone: 1 line from LF to CRLF");
  expect(describeLineEnds(crlf, "a\r\nB\nc\r\n")).toBe("Leaves 1 line ending in LF in a file whose lines end in CRLF");
  expect(describeLineEnds(crlf, "a\r\nB\r\nc\r\n")).toBeUndefined();
  expect(describeLineEnds("a\r\nb\n", "a\r\nB\n")).toBeUndefined();
  expect(describeLineEnds("", "a\n")).toBeUndefined();
  expect(describeLineEnds(crlf, crlf)).toBeUndefined();
});
