/** Tells when the npm that runs this script is gone. */
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 500;

/**
 * Calls back once npm has ended without a word, as after kill -9: it leaves the script, and the shell it put in between,
 * running. Does nothing when it was not npm that started this.
 * @param {() => void} callback
 */
export function onceNpmEnds(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const grandparent = isScriptShell(parent) ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/**
 * Whether this is npm's `sh -c`; shells other than Debian's become the script themselves. Known on Linux only.
 * @param {number} pid
 */
function isScriptShell(pid) {
  const [, option] = read(`/proc/${pid}/cmdline`).split("\0");
  return option === "-c";
}

/** @param {number} pid */
function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
