import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuides, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-a-page.md");
});
afterAll(() => copy?.remove());

it("leads to a page that shows what its test expects", () => {
  const { code, output } = copy.run("vitest", "run", "app/languages");
  expect(output).toMatch(/Tests\D+1 passed/);
  expect(code).toBe(0);
}, 600_000);
