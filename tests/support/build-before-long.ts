/** Builds the product and the bundles before the long tests, unless they are up to date. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { BUILD_HASH_FILE, isBuildUpToDate } from "../../scripts/build-hash.mjs";

const BUNDLES = ["build/lambda/site/index.js", "build/lambda/check/index.js"];

export default function setup(): void {
  if (!isBuildUpToDate()) run("scripts/build.mjs");
  if (!BUNDLES.every(isOfThisBuild)) run("scripts/build-lambda.mjs");
}

/** The bundles contain a copy of the server, so those of an earlier build are out of date. */
const isOfThisBuild = (path: string) => existsSync(path) && statSync(path).mtimeMs >= statSync(BUILD_HASH_FILE).mtimeMs;

function run(script: string): void {
  if (spawnSync(process.execPath, [script], { stdio: "inherit" }).status !== 0) throw new Error(`${script} failed.`);
}
