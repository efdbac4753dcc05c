import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, lineAt, lineStartsOf } from "./document";

describe("a document", () => {
  it("hides CRLF and a byte order mark, and restores both on save", () => {
    const document = new Document("\uFEFFa\r\nb\r\n");
    expect(document.text).toBe("a\nb\n");
    expect(document.restore("a\nb\n")).toBe("\uFEFFa\r\nb\r\n");
    expect(document.restore("a\nnew\nb\n")).toBe("\uFEFFa\r\nnew\r\nb\r\n");
  });

  it("keeps each line's own terminator where they are mixed", () => {
    const document = new Document("a\r\nb\nc\r\n");
    expect(document.restore("a\nb\nnew\nc\n")).toBe("a\r\nb\nnew\r\nc\r\n");
  });

  it("translates offsets of the stored text", () => {
    const document = new Document("\uFEFFa\r\nbc\r\nd");
    for (const word of ["a", "bc", "d"]) {
      expect(document.offset(document.stored.indexOf(word))).toBe(document.text.indexOf(word));
    }
    expect(document.edit({ start: 4, end: 6, text: "x\r\ny" })).toEqual({ start: 2, end: 4, text: "x\ny" });
  });

  it("round-trips any stored text", () => {
    const piece = fc.constantFrom("a", "b", "\r\n", "\n", "\r", "é");
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), (pieces, mark) => {
        const stored = (mark ? "\uFEFF" : "") + pieces.join("");
        const document = new Document(stored);
        expect(document.restore(document.text)).toBe(stored);
      }),
    );
  });

  it("restores an edited text to one that shows the same", () => {
    const lines = fc.array(fc.constantFrom("a\n", "b\n", "a\r\n", "b\r\n", "c"));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const document = new Document(before.join(""));
        const wanted = new Document(after.join("")).text;
        expect(new Document(document.restore(wanted)).text).toBe(wanted);
      }),
    );
  });
});

describe("line numbers", () => {
  it("are found for any offset", () => {
    const starts = lineStartsOf("ab\n\nc");
    expect(starts).toEqual([0, 3, 4]);
    expect([0, 2, 3, 4, 5].map((offset) => lineAt(starts, offset))).toEqual([1, 1, 2, 3, 3]);
  });
});
