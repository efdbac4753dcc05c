import { describe, expect, it } from "vitest";
import type { AttributeValue } from "./model";
import { itemBytes, nesting, readUnits, writeUnits } from "./sizes";

describe("an item's size", () => {
  const SIZES: [value: AttributeValue, bytes: number][] = [
    [{ S: "é中😀" }, 9],
    [{ S: "" }, 0],
    [{ N: "0" }, 1],
    [{ N: "7" }, 2],
    [{ N: "-123" }, 4],
    [{ N: "1000" }, 2],
    [{ N: "0.0012" }, 2],
    [{ B: Buffer.from([1, 2, 3]).toString("base64") }, 3],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ SS: ["ab", "é"] }, 4],
    [{ NS: ["1", "22"] }, 4],
    [{ BS: ["AA==", "AAA="] }, 3],
    [{ L: [] }, 3],
    [{ L: [{ S: "ab" }, { L: [] }] }, 3 + 3 + 4],
    [{ M: { ab: { S: "c" } } }, 3 + 1 + 2 + 1],
  ];
  it.each(SIZES)("counts %o as %i bytes beside its name", (value, bytes) => {
    expect(itemBytes({ né: value })).toBe(3 + bytes);
  });
});

describe("units", () => {
  const ofBytes = (bytes: number) => ({ a: { S: "x".repeat(bytes - 1) } });

  it("are whole for each started KB of a write, none for nothing", () => {
    expect([undefined, ofBytes(1), ofBytes(1024), ofBytes(1025)].map(writeUnits)).toEqual([0, 1, 1, 2]);
  });

  it("are whole or half for each started 4 KB of a read, also of nothing", () => {
    expect([0, 4096, 4097].map((bytes) => [readUnits(bytes, true), readUnits(bytes, false)])).toEqual([
      [1, 0.5],
      [1, 0.5],
      [2, 1],
    ]);
  });
});

it("counts how deep lists and maps lie in each other", () => {
  expect(nesting({ a: { S: "x" } })).toBe(0);
  expect(nesting({ a: { L: [{ M: { b: { L: [] } } }] }, c: { N: "1" } })).toBe(3);
});
