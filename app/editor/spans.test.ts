import { highlightClasses } from "@redline/core/reviewers/schema";
import { describe, expect, it } from "vitest";
import { Document } from "./document";
import { packSpans, unpackSpans } from "./spans";

const bit = (name: (typeof highlightClasses)[number]) => 1 << highlightClasses.indexOf(name);

describe("packed highlighting", () => {
  it("round-trips", () => {
    const document = new Document(`const a = 1;\n${" ".repeat(5000)}const b = 2;\n`);
    const packed = packSpans(document, [0, 5, bit("keyword"), 10, 11, bit("number"), 5013, 5018, bit("keyword")]);
    expect(unpackSpans(packed)).toEqual([
      { from: 0, to: 5, className: "tok-keyword" },
      { from: 10, to: 11, className: "tok-number" },
      { from: 5013, to: 5018, className: "tok-keyword" },
    ]);
  });

  it("uses the document's offsets, whatever the line endings of the stored text", () => {
    const document = new Document("\uFEFFlet a\r\nlet b");
    const packed = packSpans(document, [1, 4, bit("keyword"), 8, 11, bit("keyword")]);
    expect(unpackSpans(packed).map(({ from, to }) => document.text.slice(from, to))).toEqual(["let", "let"]);
  });
});
