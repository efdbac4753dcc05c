import { describe, expect, it } from "vitest";
import { defaultName } from "./default-name";

describe("the name of a session that nobody named", () => {
  it.each([
    ["pasted.py", "import os\n\ndef load(path):\n    def inner(): ...\n\nclass Cart:\n", "pasted.py · load, Cart"],
    [
      "pasted.ts",
      "export type Item = {};\nexport async function total() {}\nconst rate = 1;\nlet last;\n",
      "pasted.ts · Item, total, rate",
    ],
    ["pasted.rs", "pub fn größe() {}\n", "pasted.rs · größe"],
    ["pasted.txt", "just words\n", "pasted.txt"],
  ])("tells pasted code apart by its first symbols: %s", (path, text, name) => {
    expect(defaultName([{ path, text }], { isPasted: true })).toBe(name);
  });

  it("is the file's name for a file, and counts the others", () => {
    const file = { path: "src/cart.ts", text: "function total() {}" };
    expect(defaultName([file])).toBe("cart.ts");
    expect(defaultName([file, { path: "b.ts", text: "" }])).toBe("cart.ts and 1 more");
  });
});
