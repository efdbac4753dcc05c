import { describe, expect, it } from "vitest";
import { selectByFiles, selectChanged } from "../../scripts/test/changed.mjs";

describe("npm test -- --changed", () => {
  it.each([
    ["a page", "app/routes/home.tsx", { specs: "all", infra: false }],
    ["a domain", "packages/core/src/work/index.ts", { specs: "all", infra: true }],
    ["what all browser tests share", "tests/e2e/support/test.ts", { specs: "all", infra: false }],
    ["a story in three engines", "tests/engines/stories.test.ts", { specs: "all", infra: false }],
    ["one browser test", "tests/e2e/review.spec.ts", { specs: ["tests/e2e/review.spec.ts"], infra: false }],
    ["a unit test", "packages/core/src/work/work.test.ts", { specs: [], infra: false }],
    ["a stack", "stacks/queues.ts", { specs: [], infra: true }],
    ["an infrastructure test", "tests/infra/edge.test.ts", { specs: [], infra: true }],
    ["a page of the documentation", "docs/glossary.md", { specs: [], infra: false }],
    ["an operating page", "docs/operating/redrive.md", { specs: ["tests/e2e/operating.spec.ts"], infra: false }],
    ["the packages", "package-lock.json", { specs: "all", infra: true }],
  ])("runs the browser and infrastructure tests that %s can break, and no others", (_, file, selection) => {
    expect(selectByFiles([file])).toEqual(selection);
  });

  it("refuses an unknown commit, instead of running nothing", () => {
    expect(() => selectChanged("no-such-commit")).toThrow("git knows no such commit");
  });
});
