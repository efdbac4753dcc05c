/** Long tests run what is deployed and what is started: it is built before them, unless it was built from these sources. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isBuilt } from "../../scripts/stamp.mjs";

const BUNDLES = ["build/lambda/site/index.js", "build/lambda/check/index.js"];

export default function setup(): void {
  if (!isBuilt()) run("scripts/build.mjs");
  if (!BUNDLES.every((path) => existsSync(path))) run("scripts/build-lambda.mjs");
}

function run(script: string): void {
  if (spawnSync(process.execPath, [script], { stdio: "inherit" }).status !== 0) throw new Error(`${script} failed.`);
}
