/** Builds the product and the bundles before the long tests, unless they are up to date. */
import { spawnSync } from "node:child_process";
import { areBundlesUpToDate, isBuildUpToDate } from "../../scripts/build-hash.mjs";

export default function setup(): void {
  if (!isBuildUpToDate()) run("scripts/build.mjs");
  if (!areBundlesUpToDate()) run("scripts/build-lambda.mjs");
}

function run(script: string): void {
  if (spawnSync(process.execPath, [script], { stdio: "inherit" }).status !== 0) throw new Error(`${script} failed.`);
}
