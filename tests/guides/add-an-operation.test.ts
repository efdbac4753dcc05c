import { afterAll, beforeAll, expect, it } from "vitest";
import { followGuide, type GuideCopy } from "../support/guide";

let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuide("add-an-operation.md");
});
afterAll(() => copy?.remove());

it("leads to an operation that is formatted, linted and typed as everything else", () => {
  expect(copy.run("biome", "check", "--error-on-warnings", ...copy.paths)).toMatchObject({ code: 0 });
  expect(copy.run("tsc", "--noEmit", "--incremental", "false", "--pretty", "false").output).toBe("");
});

it("leads to an operation whose tests pass, and that the access matrix knows", () => {
  const files = ["packages/core/src/sessions/note.test.ts", "tests/security/access-matrix.test.ts"];
  const { code, output } = copy.run("vitest", "run", ...files, "-t", "note|knows every operation|of sessions.manage");
  expect(output).toMatch(/Tests\D+4 passed/);
  expect(code).toBe(0);
});
