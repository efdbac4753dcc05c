import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deflateJson, inflateJson, packed, shortJson } from "./compressed-json";

const tree = ["a", "b", "c"].map((name) => ({
  ...{ path: `src/${name}.ts`, hash: createHash("sha256").update(name).digest("hex"), size: 947, lines: 47 },
  language: "typescript",
}));

describe("compressed JSON", () => {
  it("round-trips and compresses to under half of the JSON size", () => {
    const bytes = deflateJson(tree);
    expect(inflateJson(bytes)).toEqual(tree);
    expect(bytes.length).toBeLessThan(JSON.stringify(tree).length / 2);
  });

  it("is also read where it was stored before values were compressed", () => {
    expect(packed.decode(tree)).toEqual(tree);
    expect(packed.decode(packed.encode(tree))).toEqual(tree);
  });

  it("is text where it is short, and packed where it is long, and read from either", () => {
    const anchor = { startLine: 3, endLine: 3, state: "exact", quote: "let sum = 0;" };
    expect(shortJson.encode(anchor)).toBe(JSON.stringify(anchor));
    expect(shortJson.encode(tree)).toBeInstanceOf(Uint8Array);
    for (const value of [anchor, tree]) expect(shortJson.decode(shortJson.encode(value))).toEqual(value);
    expect(shortJson.decode(packed.encode(anchor))).toEqual(anchor);
  });

  it("of an unknown format is refused, not misread", () => {
    const bytes = deflateJson(tree);
    bytes[0] = 2;
    expect(() => inflateJson(bytes)).toThrow("not known here: 2");
  });

  it("remains readable: the first format's dictionary is unchanged", () => {
    const source = readFileSync(new URL("./compressed-json.ts", import.meta.url), "utf8");
    const words = source.slice(source.indexOf("const WORDS = ["), source.indexOf('].join("")'));
    expect(createHash("sha256").update(words).digest("hex")).toMatchInlineSnapshot(
      `"0a5cb3d160294d0161f5a7a4bec3a8fb12ebb1e95b7bdced29f46e6550d938da"`,
    );
  });

  it("written by the first release is still read", () => {
    const stored = Buffer.from("AUPP8TpKeZByEVz2KoDytVItAA==", "base64");
    expect(inflateJson(stored)).toEqual({ kind: "editor", note: "still read" });
  });
});
