import { describe, expect, it } from "vitest";
import { LIMITS } from "../limits";
import { nestsTooDeeply } from "./nesting";

const { maxNesting } = LIMITS.review;
const isDeep = (language: string, text: string) => nestsTooDeeply({ language, text });

/** Nests brackets for the guard alone: no parser is given these. */
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe("the depth of a text", () => {
  it.each([
    ["typescript", "(", ")"],
    ["typescript", "[\n", "]\n"],
    ["json", '{"a":', "}"],
    ["css", "a{", "}"],
    ["python", "(", ")"],
    ["tsx", "<a>", "</a>"],
    ["tsx", "<>", "</>"],
    ["tsx", '<a b="1">\n', "</a>"],
  ])("in %s is that of its %o", (language, open, close) => {
    expect(isDeep(language, nested(open, close, maxNesting))).toBe(false);
    expect(isDeep(language, nested(open, close, maxNesting + 1))).toBe(true);
  });

  it("adds kinds of brackets and elements up", () => {
    const half = Math.ceil(maxNesting / 2);
    expect(isDeep("tsx", nested("(", "", half) + nested("<a>", "", half + 1))).toBe(true);
  });

  it("counts what is never closed, and forgets what is", () => {
    expect(isDeep("python", "(".repeat(maxNesting + 1))).toBe(true);
    expect(isDeep("python", "()[]{}".repeat(10 * maxNesting))).toBe(false);
    expect(isDeep("tsx", "<a /><b></b><c>{d}</c>".repeat(10 * maxNesting))).toBe(false);
    expect(isDeep("typescript", `${")".repeat(9)}()`.repeat(maxNesting))).toBe(false);
  });

  it("counts neither types nor comparisons as elements, and prose not as code", () => {
    expect(isDeep("tsx", "const a: Map<string, Set<number>> = b<c ? d : e;\n".repeat(10 * maxNesting))).toBe(false);
    expect(isDeep("typescript", "const a = <any>b;\n".repeat(10 * maxNesting))).toBe(false);
    expect(isDeep("markdown", ":( ".repeat(10 * maxNesting))).toBe(false);
  });
});
