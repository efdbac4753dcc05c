/**
 * `npm start` and `npm run dev`: from a fresh clone to a page in the browser. Plain JavaScript on Node's own modules,
 * because it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { onceNpmEnds } from "./npm-parent.mjs";
import { installIfNeeded, nodeVersionProblem } from "./setup.mjs";
import { isBuilt } from "./stamp.mjs";

const isDevelopment = process.argv.includes("--dev");
chdir(fileURLToPath(new URL("..", import.meta.url)));

/** @type {import("../packages/local/src/launcher/launch").Launched | undefined} */
let launched;

/** @param {string} sentence */
function fail(sentence) {
  if (sentence) process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

// The processes see that this one is gone and end as well; nothing acknowledged is lost.
onceNpmEnds(() => process.exit(1));
const problem = nodeVersionProblem(process.versions.node);
if (problem) fail(problem);
if (existsSync(".env")) process.loadEnvFile(".env");
if (!installIfNeeded()) fail("The packages could not be installed; npm says why above.");

/** In development only the parts that Vite does not serve are built, and built again when they change. */
let watched;
if (isDevelopment) {
  const { watchServerSide } = await import("./build.mjs");
  watched = await watchServerSide((name) => launched?.restart(name));
} else if (!isBuilt()) {
  process.stdout.write("Building…\n");
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
  if (status !== 0) fail("The build failed; the reason is above.");
}

try {
  /** @type {typeof import("../packages/local/src/launcher/launch")} */
  const { launch } = await import(new URL("../build/local/launcher.js", import.meta.url).href);
  launched = await launch({ isDevelopment });
} catch (error) {
  await watched?.dispose();
  fail(error instanceof Error ? error.message : String(error));
}
