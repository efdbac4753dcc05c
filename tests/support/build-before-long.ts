/** Long tests run what is deployed and what is started: it is built before them, unless it was built from these sources. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { isBuilt, STAMP } from "../../scripts/stamp.mjs";

const BUNDLES = ["build/lambda/site/index.js", "build/lambda/check/index.js"];

export default function setup(): void {
  if (!isBuilt()) run("scripts/build.mjs");
  if (!BUNDLES.every(isOfThisBuild)) run("scripts/build-lambda.mjs");
}

/** The bundles hold a copy of the server: those of a former build would be tested in its place. */
const isOfThisBuild = (path: string) => existsSync(path) && statSync(path).mtimeMs >= statSync(STAMP).mtimeMs;

function run(script: string): void {
  if (spawnSync(process.execPath, [script], { stdio: "inherit" }).status !== 0) throw new Error(`${script} failed.`);
}
