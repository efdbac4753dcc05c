/** Long tests run what is deployed and what is started: it is built before them, unless it was built from these sources. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { BUILD_HASH_FILE, isBuildUpToDate } from "../../scripts/build-hash.mjs";

const BUNDLES = ["build/lambda/site/index.js", "build/lambda/check/index.js"];

export default function setup(): void {
  if (!isBuildUpToDate()) run("scripts/build.mjs");
  if (!BUNDLES.every(isOfThisBuild)) run("scripts/build-lambda.mjs");
}

/** The bundles hold a copy of the server: those of a former build would be tested in its place. */
const isOfThisBuild = (path: string) => existsSync(path) && statSync(path).mtimeMs >= statSync(BUILD_HASH_FILE).mtimeMs;

function run(script: string): void {
  if (spawnSync(process.execPath, [script], { stdio: "inherit" }).status !== 0) throw new Error(`${script} failed.`);
}
