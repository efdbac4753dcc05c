/** What every command needs first: a Node that is new enough, and the packages. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const NEEDED = { major: 20, minor: 19 };

/**
 * Why this version of Node cannot run Redline, in one sentence, or undefined.
 * @param {string} version
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor)) return undefined;
  return `Redline needs Node ${NEEDED.major}.${NEEDED.minor} or newer; this is ${version}. Install a newer one from https://nodejs.org.`;
}

/** Installs the packages when there are none or the lockfile is newer. Whether they are there afterwards. */
export function installIfNeeded() {
  // npm writes this file at the end of each install.
  const installed = "node_modules/.package-lock.json";
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs) return true;
  process.stdout.write("Installing packages…\n");
  return spawnSync("npm", ["ci"], { stdio: "inherit", shell: process.platform === "win32" }).status === 0;
}
