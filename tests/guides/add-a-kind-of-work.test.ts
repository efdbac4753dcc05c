import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuides, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-a-kind-of-work.md");
});
afterAll(() => copy?.remove());

it("leads to a kind of work that survives its worker, can be cancelled, and that the operations page lists", () => {
  const files = ["packages/core/src/review/growth.test.ts", "tests/security/access-matrix.test.ts"];
  const { code, output } = copy.run("vitest", "run", ...files, "-t", "growth|knows every operation");
  expect(output).toMatch(/Tests\D+6 passed/);
  expect(code).toBe(0);
}, 600_000);
