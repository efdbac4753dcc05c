/** Detects that the npm process running this script has exited. */
import { readFileSync } from "node:fs";

const POLL_INTERVAL_MS = 500;

/**
 * Calls back once npm has exited without a signal to its children, as after kill -9, which leaves the script and its shell
 * running. No-op when npm did not start this process.
 * @param {() => void} callback
 */
export function onNpmExit(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const grandparent = isNpmShell(parent) ? readParentPid(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || readParentPid(parent) === grandparent)) return;
    clearInterval(timer);
    callback();
  }, POLL_INTERVAL_MS);
  timer.unref();
}

/**
 * Returns whether this is npm's `sh -c`; shells other than Debian's dash exec the script instead. Always false off Linux.
 * @param {number} pid
 */
function isNpmShell(pid) {
  const [, option] = readOrEmpty(`/proc/${pid}/cmdline`).split("\0");
  return option === "-c";
}

/** @param {number} pid */
function readParentPid(pid) {
  return Number(/^PPid:\s+(\d+)$/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1]);
}

/** @param {string} path */
function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
