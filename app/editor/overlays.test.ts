import { Text } from "@codemirror/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { changesBetween } from "./overlays";

const line = fc.constantFrom("a\n", "bb\n", "\n", "c d\n");
const text = fc.array(line).map((lines) => lines.join(""));

test("what was typed since the saved text is kept as changes that give the text again, however they came about", () => {
  fc.assert(
    fc.property(text, text, text, (head, typed, more) => {
      const since = changesBetween(head, typed).compose(changesBetween(typed, more));
      expect(since.apply(Text.of(head.split("\n"))).toString()).toBe(more);
    }),
  );
});

test("nothing was typed where the text is the saved one", () => {
  expect(changesBetween("a\n", "a\n").empty).toBe(true);
});
