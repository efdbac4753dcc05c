import { describe, expect, it } from "vitest";
import { readPlaceholder } from "./placeholder";

describe("a placeholder for omitted code", () => {
  it.each([
    "// [loop omitted for brevity]",
    "// (same loop as before)",
    "// same loop",
    "// for loop unchanged",
    "// keep the loop as is",
    "// loop as it was",
    "# the loop stays the same",
    "// TODO: rest of the code",
    "// as before",
    "# logic as above",
    "// (code continues)",
    "/* for loop */",
    "// ... (validation)",
    "// \u2026 validation",
  ])("is recognized whatever it names: %s", (line) => expect(readPlaceholder(line)).toBeDefined());

  it.each([
    "// \u2026 le reste est inchang\u00e9",
    "// die Schleife bleibt gleich",
    "# sin cambios",
    "// \u4fdd\u6301\u4e0d\u53d8",
    "// \u4ee5\u4e0b\u7701\u7565",
    "// \u5909\u66f4\u306a\u3057",
  ])("is recognized in the language of the question: %s", (line) => expect(readPlaceholder(line)).toBeDefined());

  it.each([
    "// Sum with reduce",
    "// Use the original value",
    "// skip the rest when empty",
    "// existing users keep their role",
    "// same-origin requests only",
    "// the order is as the server sent it",
    "// price before tax",
    "# Return early",
    "// TODO: handle errors",
    "for (const each of rest) {",
    "call(...args);",
  ])("is not a comment about the code: %s", (line) => expect(readPlaceholder(line)).toBeUndefined());
});
