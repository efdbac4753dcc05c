/**
 * `npm start` and `npm run dev`: install, build and launch as needed, from a fresh clone. Uses built-in modules only, because
 * it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { isBuildUpToDate } from "./build-hash.mjs";
import { onNpmExit } from "./npm-parent.mjs";
import { installIfNeeded, nodeVersionProblem } from "./setup.mjs";

const isDevelopment = process.argv.includes("--dev");
chdir(fileURLToPath(new URL("..", import.meta.url)));

/** @type {import("../packages/local/src/launcher/launch").Launched | undefined} */
let launched;

/** @param {string} message */
function fail(message) {
  if (message) process.stderr.write(`${message}\n`);
  process.exit(1);
}

// Child processes exit with their parent; acknowledged writes are durable.
onNpmExit(() => process.exit(1));
const problem = nodeVersionProblem(process.versions.node);
if (problem) fail(problem);
if (existsSync(".env")) process.loadEnvFile(".env");
if (!installIfNeeded()) fail("Could not install the packages; see npm's output above.");

/** In development, builds and watches only what Vite does not serve. */
let watcher;
if (isDevelopment) {
  process.setSourceMapsEnabled(true);
  const { watchServerSide } = await import("./build.mjs");
  watcher = await watchServerSide((name) => launched?.restart(name));
} else if (!isBuildUpToDate()) {
  process.stdout.write("Building…\n");
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
  if (status !== 0) fail("The build failed; see the output above.");
}

try {
  /** @type {typeof import("../packages/local/src/launcher/launch")} */
  const { launch } = await import(new URL("../build/local/launcher.js", import.meta.url).href);
  launched = await launch({ isDevelopment });
} catch (error) {
  await watcher?.dispose();
  fail(error instanceof Error ? error.message : String(error));
}
