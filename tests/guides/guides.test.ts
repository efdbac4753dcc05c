import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuides, type GuideCopy, TYPES_CONFIG } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-a-kind-of-work.md", "add-a-page.md", "add-an-engine.md", "add-an-operation.md");
});
afterAll(() => copy?.remove());

it("leads to code that is formatted and linted as everything else", () => {
  expect(copy.run("biome", "check", "--error-on-warnings", ...copy.paths)).toMatchObject({ code: 0 });
});

it("leads to code without a type error", () => {
  expect(copy.run("tsc", "--project", TYPES_CONFIG, "--pretty", "false")).toEqual({ code: 0, output: "" });
}, 600_000);
