import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { watchBundles } from "../../scripts/watched-bundles.mjs";

const ROOT = process.cwd();
let folder: string;
let watched: { dispose(): Promise<void> } | undefined;
let restarted: string[] = [];

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const built = (name: string) => readFileSync(join(folder, "build", `${name}.js`), "utf8");

async function watchAll(): Promise<void> {
  const bundle = (name: string, process: string) => ({
    options: {
      entryPoints: { [name]: `src/${name}.ts` },
      outdir: "build",
      bundle: true,
      absWorkingDir: folder,
      logLevel: "silent" as const,
    },
    processes: [process],
  });
  const bundles = [bundle("one", "workers"), bundle("two", "workers"), bundle("three", "cloud")];
  watched = await watchBundles(bundles, (process) => restarted.push(process));
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "redline-watched-"));
  mkdirSync(join(folder, "src"));
  write("src/shared.ts", 'export const word = "before";');
  for (const name of ["one", "two"]) write(`src/${name}.ts`, 'import { word } from "./shared"; console.log(word);');
  write("src/three.ts", 'console.log("three");');
  process.chdir(folder);
  restarted = [];
  await watchAll();
});

afterEach(async () => {
  await watched?.dispose();
  process.chdir(ROOT);
  rmSync(folder, { recursive: true, force: true });
});

it("a change of a file that two bundles share builds both and restarts their process once", async () => {
  write("src/shared.ts", 'export const word = "after";');
  await expect.poll(() => restarted).toEqual(["workers"]);
  expect([built("one"), built("two")]).toEqual([expect.stringContaining("after"), expect.stringContaining("after")]);
});

it("a change that does not compile restarts nothing until it is fixed, in whichever file", async () => {
  write("src/three.ts", 'import "./missing";');
  write("src/one.ts", "console.log(1);");
  await expect.poll(() => restarted).toEqual(["workers"]);
  write("src/missing.ts", 'console.log("found");');
  await expect.poll(() => restarted).toEqual(["workers", "cloud"]);
  expect(built("three")).toContain("found");
});
