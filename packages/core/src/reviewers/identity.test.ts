import { describe, expect, it } from "vitest";
import { Inspector } from "./inspect";

const inspector = new Inspector();

async function identities(text: string, path = "cart.ts", language = "typescript"): Promise<string[]> {
  const { problems } = await inspector.inspect({ path, language, text }, { fixes: false });
  return problems.map(({ identity }) => identity);
}

const cart = `import { sum } from "./sum";

export class Cart {
  total(price: number, kind: unknown) {
    if (kind == 1 || kind == 2) return 1;
    if (kind == 1) return 2;
    let tax = 0.2;
    return price * tax;
  }
}
`;

describe("the identity of a finding", () => {
  it("is the same when the code is reviewed again", async () => {
    const first = await identities(cart);
    expect(first).toHaveLength(5);
    expect(await identities(cart)).toEqual(first);
  });

  it("distinguishes equal problems in one function", async () => {
    const all = await identities(cart);
    expect(new Set(all).size).toBe(all.length);
  });

  it("stays when lines are added above, below and in other functions", async () => {
    const more = cart
      .replace("export class", "// a word\n\nexport const zero = (x: unknown) => x === 0;\n\nexport class")
      .replace("export class Cart {", "export class Cart {\n  size = 1;\n")
      .concat("\nexport const later = 2;\n");
    expect(await identities(more)).toEqual(await identities(cart));
  });

  it("stays when white space is reformatted, over lines too", async () => {
    const reformatted = cart
      .replace(
        "if (kind == 1 || kind == 2) return 1;",
        "if (\n      kind == 1 ||\n        kind    ==   2\n    )\n      return 1;",
      )
      .replaceAll("  ", "\t")
      .replaceAll("\n", "\r\n");
    expect(await identities(reformatted)).toEqual(await identities(cart));
  });

  it("changes with the file's path, the symbol's name and the code itself", async () => {
    const [first, ...rest] = await identities(cart);
    const renamed = await identities(cart, "basket.ts");
    expect(renamed).not.toContain(first);
    const otherSymbol = await identities(cart.replace("total(", "sumUp("));
    expect(otherSymbol[0]).toBe(first);
    for (const identity of rest) expect(otherSymbol).not.toContain(identity);
    const before = await identities(cart);
    const after = await identities(cart.replace("let tax = 0.2", "let tax = 0.3"));
    expect(after.filter((identity) => !before.includes(identity))).toHaveLength(1);
  });

  it("works for Python, CSS, JSON and text without a grammar", async () => {
    const cases = [
      ["a.py", "python", "class A:\n    def f(self, x):\n        return x == None\n", "\nimport sys\nprint(sys)\n"],
      ["a.css", "css", ".a {\n  colr: red;\n}\n", ".b {\n  color: red;\n}\n"],
      ["a.json", "json", '{\n  "a": 1,\n  "a": 2\n}\n', "\n\n"],
      ["a.txt", "text", `key ${["AKIA", "QX4T7RNB2LWPZ5VD"].join("")}\n`, "another line\n"],
    ] as const;
    for (const [path, language, text, above] of cases) {
      const before = await identities(text, path, language);
      expect(before, path).toHaveLength(1);
      expect(await identities(above + text, path, language), path).toEqual(before);
    }
  });
});
