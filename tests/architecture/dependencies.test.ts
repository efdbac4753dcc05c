import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

it("every dependency has its line in docs/dependencies.md, and every line its dependency", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const named = read("docs/dependencies.md")
    .split("\n")
    .filter((line) => /^\| [@a-z]/.test(line) && !line.startsWith("| package"))
    .flatMap(
      (line) =>
        line
          .split("|")[1]
          ?.split(",")
          .map((name) => name.trim()) ?? [],
    );
  expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});
