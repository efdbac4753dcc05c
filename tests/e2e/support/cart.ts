/** A small TypeScript file with real problems: safe fixes, ones to look at first, and ones that have none. */
export const CART = `import { readFile } from "node:fs/promises";
import path from "node:path";

export class Cart {
  items: { name: string; price: number; count: number }[] = [];

  total() {
    let sum = 0;
    for (const item of this.items) {
      sum = sum + item.price * item.count;
    }
    return sum;
  }

  async load(file: string) {
    debugger;
    let text: string = await readFile(file, "utf8");
    if (text == "") {
      return null;
    }
    let parsed: unknown = JSON.parse(text);
    if (!(parsed instanceof Array)) {
      throw new Error("not an array");
    }
    this.items = parsed;
    Math();
    return this.items;
  }

  find(name: string) {
    for (const item of this.items) {
      if (item.name == name) return item;
    }
    return undefined;
  }
}
`;
