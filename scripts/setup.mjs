/** Prerequisites of every command: a supported Node version and installed packages. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const MIN_NODE = { major: 20, minor: 19 };

/**
 * Returns an error message when this version of Node is too old, otherwise undefined.
 * @param {string} version
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MIN_NODE.major || (major === MIN_NODE.major && minor >= MIN_NODE.minor)) return undefined;
  return `Redline needs Node ${MIN_NODE.major}.${MIN_NODE.minor} or newer; this is ${version}. Install a newer one from https://nodejs.org.`;
}

/** Installs the packages when they are missing or the lockfile is newer. Returns whether they are installed. */
export function installIfNeeded() {
  // Written by npm at the end of each install.
  const installed = "node_modules/.package-lock.json";
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs) return true;
  process.stdout.write("Installing packages…\n");
  return spawnSync("npm", ["ci"], { stdio: "inherit", shell: process.platform === "win32" }).status === 0;
}
