import { readFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { expect, it } from "vitest";
import { configOf } from "./config";
import { ConfigSchema } from "./schema";

it("publishes the schema that redline.json is read by", () => {
  const published = JSON.parse(readFileSync("packages/cli/redline.schema.json", "utf8"));
  expect(published).toEqual({ ...toJsonSchema(ConfigSchema), title: "redline.json" });
});

it("ignores files by globs as .gitignore writes them", () => {
  const { isIgnored } = configOf({ ignore: ["dist/", "*.min.js", "/src/generated", "**/fixtures/**/*.json"] });
  const ignored = [
    "dist/a.js",
    "packages/a/dist/b.js",
    "a.min.js",
    "x/.y/a.min.js",
    "src/generated/a.ts",
    "a/fixtures/b/c.json",
  ];
  expect(ignored.filter((path) => !isIgnored(path))).toEqual([]);
  expect(["distance.ts", "other/src/generated/a.ts", "fixtures.json"].filter(isIgnored)).toEqual([]);
});

it("takes the last setting that matches a rule, and a file's own before those of all", () => {
  const { severityOf } = configOf({
    rules: { "ruff/*": "minor", "ruff/F401": "off" },
    overrides: [{ files: ["tests/**"], rules: { "ruff/F401": "critical" } }],
  });
  expect(severityOf("ruff/E711", "a.py", "nit")).toBe("minor");
  expect(severityOf("ruff/F401", "a.py", "nit")).toBe("off");
  expect(severityOf("ruff/F401", "tests/a.py", "nit")).toBe("critical");
  expect(severityOf("biome/style/useConst", "a.ts", "nit")).toBe("nit");
});
