import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pack, packed, unpack } from "./packed";

const tree = ["a", "b", "c"].map((name) => ({
  ...{ path: `src/${name}.ts`, hash: createHash("sha256").update(name).digest("hex"), size: 947, lines: 47 },
  language: "typescript",
}));

describe("a packed value", () => {
  it("is what it was, in less than half of its JSON", () => {
    const bytes = pack(tree);
    expect(unpack(bytes)).toEqual(tree);
    expect(bytes.length).toBeLessThan(JSON.stringify(tree).length / 2);
  });

  it("is also read where it was stored before values were packed", () => {
    expect(packed.decode(tree)).toEqual(tree);
    expect(packed.decode(packed.encode(tree))).toEqual(tree);
  });

  it("that was packed in another way is refused, not misread", () => {
    const bytes = pack(tree);
    bytes[0] = 2;
    expect(() => unpack(bytes)).toThrow("not known here: 2");
  });

  it("can be read for ever: the words of the first way are what they were", () => {
    const source = readFileSync(new URL("./packed.ts", import.meta.url), "utf8");
    const words = source.slice(source.indexOf("const WORDS = ["), source.indexOf('].join("")'));
    expect(createHash("sha256").update(words).digest("hex")).toMatchInlineSnapshot(
      `"0a5cb3d160294d0161f5a7a4bec3a8fb12ebb1e95b7bdced29f46e6550d938da"`,
    );
  });

  it("of the first day is still read", () => {
    const stored = Buffer.from("AUPP8TpKeZByEVz2KoDytVItAA==", "base64");
    expect(unpack(stored)).toEqual({ kind: "editor", note: "still read" });
  });
});
