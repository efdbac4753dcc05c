import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuides, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-an-operation.md");
});
afterAll(() => copy?.remove());

it("leads to an operation whose tests pass, and that the access matrix knows", () => {
  const files = ["packages/core/src/sessions/description.test.ts", "tests/security/access-matrix.test.ts"];
  const { code, output } = copy.run(
    "vitest",
    "run",
    ...files,
    "-t",
    "description|knows every operation|of sessions.manage",
  );
  expect(output).toMatch(/Tests\D+4 passed/);
  expect(code).toBe(0);
}, 600_000);
