import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDERS = ["app", "docs", "findings", "packages", "scripts", "stacks", "tests"];

/**
 * Left as written: recorded data, tests of what a model's server sends, and the prompts, which only models read and which
 * get a new version with every change.
 */
const EXEMPT = /(^|\/)(node_modules|fixtures|corpora)\/|ai\/((bedrock-)?faults\.test|prompts\/wording)\.ts$/;

it("apostrophes and quotation marks are plain in everything a person reads", () => {
  const nested = FOLDERS.flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  const files = [...readdirSync(ROOT), ...nested].filter(
    (path) => /\.(ts|tsx|mjs|md|sh)$/.test(path) && !EXEMPT.test(path),
  );
  const typographic = files.flatMap((path) =>
    readFileSync(`${ROOT}${path}`, "utf8")
      .split("\n")
      .flatMap((line, index) => (/[\u2018\u2019\u201c\u201d]|&[lr][sd]quo;/.test(line) ? `${path}:${index + 1}` : [])),
  );
  expect(files.length).toBeGreaterThan(500);
  expect(typographic).toEqual([]);
});
