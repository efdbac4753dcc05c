/** The browser for the tests in pages: one that is there, or Debian's, which root can install. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of a Chromium: what `CHROMIUM_PATH` names, or one in a usual place; undefined when there is none. */
export function findBrowser() {
  return [process.env.CHROMIUM_PATH ?? "", ...USUAL_PLACES].find((path) => path !== "" && existsSync(path));
}

/** Installs Debian's Chromium when there is none and this is root on Debian. Why there is still none, or undefined. */
export function installBrowserIfNeeded() {
  if (findBrowser()) return undefined;
  const canInstall = process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (canInstall) {
    process.stdout.write("Installing Chromium…\n");
    const apt = (/** @type {string[]} */ ...args) =>
      spawnSync("apt-get", args, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium");
    if (findBrowser()) return undefined;
  }
  return "The tests in a browser need Chromium: install it (on Debian: apt-get install chromium) or name one with CHROMIUM_PATH.";
}
