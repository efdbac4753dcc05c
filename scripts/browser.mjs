/** Finds Chromium for the browser tests, or installs Debian's package as root. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Chromium without a window, which takes two thirds of the processor time of the whole browser. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";
const COMMON_PATHS = [
  HEADLESS_SHELL,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Returns the path of a Chromium: `CHROMIUM_PATH` or one of the common paths; undefined when there is none. */
export function findBrowser() {
  return [process.env.CHROMIUM_PATH ?? "", ...COMMON_PATHS].find((path) => path !== "" && existsSync(path));
}

/**
 * Installs Chromium's headless shell, or Chromium where there is no such package, when this is root on Debian. Returns an
 * error message when there is no Chromium afterwards.
 */
export function installBrowserIfNeeded() {
  if (process.env.CHROMIUM_PATH || existsSync(HEADLESS_SHELL)) return findBrowser() ? undefined : missing();
  const canInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (canInstall) {
    process.stdout.write("Installing Chromium…\n");
    const apt = (/** @type {string[]} */ ...args) =>
      spawnSync("apt-get", args, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    const install = (/** @type {string} */ name) => apt("install", "-y", "-qq", "--no-install-recommends", name);
    apt("update", "-qq");
    install("chromium-headless-shell");
    if (!findBrowser()) install("chromium");
  }
  return findBrowser() ? undefined : missing();
}

const missing = () =>
  "Browser tests need Chromium. Install it (Debian: apt-get install chromium-headless-shell) or set CHROMIUM_PATH.";
