import { describe, expect, it } from "vitest";
import { JsonObjectScanner } from "./answers/json-object-scanner";
import { endOfJson } from "./json-brackets";

const texts: Record<string, [text: string, whole: string | undefined]> = {
  "an object": ['{"patch": 1} and more', '{"patch": 1}'],
  "a list": ["[1, [2]] x", "[1, [2]]"],
  "brackets in strings": ['{"patch": "}]\\"}"} x', '{"patch": "}]\\"}"}'],
  "a list left open in it": ['{"patch": [1, 2} and [more]}', '{"patch": [1, 2}'],
  "a stray bracket in it": ['{"patch": 1]} x', '{"patch": 1]}'],
  "an object that does not end": ['{"patch": {"a": 1}', undefined],
  "a string that does not end": ['{"patch": "a}', undefined],
};

describe("the end of JSON", () => {
  for (const [name, [text, whole]] of Object.entries(texts)) {
    it(`is found after ${name}`, () => {
      const end = endOfJson(text, 0);
      expect(end === undefined ? undefined : text.slice(0, end)).toBe(whole);
    });

    it(`is the same as it comes in: ${name}`, () => {
      if (!text.startsWith("{")) return;
      const held = new JsonObjectScanner("");
      const end = [...text].findIndex((char) => held.add(char) === "whole");
      expect(end < 0 ? undefined : text.slice(0, end + 1)).toBe(whole);
    });
  }

  it("of a million unmatched brackets is searched for once", () => {
    const text = `{${"{[".repeat(250_000)}${"]".repeat(500_000)}`;
    expect(endOfJson(text, 0)).toBeUndefined();
  });
});
