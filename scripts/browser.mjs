/** Finds Chromium for the browser tests, or installs Debian's package as root. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const COMMON_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Returns the path of a Chromium: `CHROMIUM_PATH` or one of the common paths; undefined when there is none. */
export function findBrowser() {
  return [process.env.CHROMIUM_PATH ?? "", ...COMMON_PATHS].find((path) => path !== "" && existsSync(path));
}

/** Installs Chromium where it is missing and this is root on Debian. Returns an error message when it is still missing. */
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
  return "Browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.";
}
