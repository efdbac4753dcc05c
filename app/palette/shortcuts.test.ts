import { expect, test } from "vitest";
import { pressedShortcut } from "./shortcuts";

const press = (key: string, held: Partial<Record<"metaKey" | "ctrlKey" | "altKey", boolean>> = {}) =>
  pressedShortcut({ key, metaKey: false, ctrlKey: false, altKey: false, ...held });

test("a key is shown as the character it types", () => {
  expect(press("j")).toBe("j");
  expect(press("A")).toBe("A");
  expect(press("[")).toBe("[");
  expect(press("?")).toBe("?");
});

test("⌘ and Ctrl are the same, and their letter has no case", () => {
  expect(press("k", { metaKey: true })).toBe("mod+k");
  expect(press("S", { ctrlKey: true })).toBe("mod+s");
  expect(press("Enter", { metaKey: true })).toBe("mod+enter");
});

test("with Alt a key is another one", () => {
  expect(press("j", { altKey: true })).toBe("alt+j");
});
