import { expect, it } from "vitest";
import { toMarkedText } from "./markup";

const text = (content: string) => ({ content, elements: [] });
const emphasis = (content: string) => ({ content, elements: ["Emphasis"] });

it.each([
  [[text("This "), emphasis("let"), text(" declares")], "This `let` declares"],
  [[text("Use "), emphasis("new Date().getTime()")], "Use `new Date().getTime()`"],
  [[text("The variable '"), emphasis("sum"), text("' is")], "The variable `sum` is"],
  [[text("relying on "), emphasis("type coercion")], "relying on type coercion"],
  [[text("passed to "), emphasis("map() iterable method")], "passed to map() iterable method"],
  [[text("The "), emphasis("assignment"), text(" in an "), emphasis("expression")], "The assignment in an expression"],
  [[text("calling `"), emphasis("super()"), text("`")], "calling `super()`"],
])("sets code in Biome's words between backticks, and nothing else: %j", (nodes, expected) => {
  expect(toMarkedText(nodes)).toBe(expected);
});
