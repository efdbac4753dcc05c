import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuides, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-an-engine.md");
});
afterAll(() => copy?.remove());

it("leads to an engine whose examples pass, and whose findings the public operation returns", () => {
  const files = ["packages/core/src/reviewers/engines/catalogue.test.ts", "packages/core/src/reviewers/engines/csv"];
  const { code, output } = copy.run("vitest", "run", ...files, "-t", "csv");
  expect(output).toMatch(/Tests\D+5 passed/);
  expect(code).toBe(0);
}, 600_000);
