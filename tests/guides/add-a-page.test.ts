import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuide, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuide("add-a-page.md");
});
afterAll(() => copy?.remove());

it("leads to a page that is formatted, linted and typed as everything else", () => {
  expect(copy.run("biome", "check", "--error-on-warnings", ...copy.paths)).toMatchObject({ code: 0 });
  expect(copy.run("tsc", "--noEmit", "--incremental", "false", "--pretty", "false").output).toBe("");
});

it("leads to a page that shows what its test expects", () => {
  const { code, output } = copy.run("vitest", "run", "app/languages");
  expect(output).toMatch(/Tests\D+1 passed/);
  expect(code).toBe(0);
});
