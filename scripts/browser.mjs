/** Finds the browsers of the tests, or installs Debian's packages as root. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Chromium without a window, which takes two thirds of the processor time of the whole browser. */
const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";
const CHROMIUM_PATHS = [
  HEADLESS_SHELL,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const FIREFOX_PATHS = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

const firstOf = (/** @type {string | undefined} */ preferred, /** @type {string[]} */ paths) =>
  [preferred ?? "", ...paths].find((path) => path !== "" && existsSync(path));

/** Returns the path of a Chromium: `CHROMIUM_PATH` or one of the common paths; undefined when there is none. */
export const findBrowser = () => firstOf(process.env.CHROMIUM_PATH, CHROMIUM_PATHS);

/** Returns the path of a Firefox: `FIREFOX_PATH` or one of the common paths; undefined when there is none. */
export const findFirefox = () => firstOf(process.env.FIREFOX_PATH, FIREFOX_PATHS);

/** The packages of the stories in three engines that are missing. */
function missingEnginePackages() {
  return [
    ...(findFirefox() ? [] : ["firefox-esr"]),
    ...(existsSync("/usr/bin/WebKitWebDriver") ? [] : ["webkit2gtk-driver"]),
    ...(existsSync("/usr/bin/Xvfb") ? [] : ["xvfb"]),
  ];
}

/** Returns an error message when Firefox or WebKitGTK cannot be driven, otherwise undefined. */
export function enginesProblem() {
  const missing = missingEnginePackages();
  if (missing.length === 0) return undefined;
  return `The stories in Firefox and WebKitGTK need Debian's packages: apt-get install ${missing.join(" ")}.`;
}

/**
 * Installs the missing browsers when this is root on Debian: Chromium's headless shell, or Chromium where there is no such
 * package; with `engines` also Firefox, and WebKitGTK with a display for it. Returns an error message when there is no
 * Chromium afterwards or, in CI, one of the others is missing.
 */
export function installBrowserIfNeeded({ engines = false } = {}) {
  const hasChromium = process.env.CHROMIUM_PATH || existsSync(HEADLESS_SHELL);
  const wanted = [...(hasChromium ? [] : ["chromium-headless-shell"]), ...(engines ? missingEnginePackages() : [])];
  if (wanted.length > 0 && canInstall()) {
    process.stdout.write(`Installing ${wanted.join(", ")}…\n`);
    apt("update", "-qq");
    // Where one is unknown, none is installed.
    if (!install(wanted)) for (const name of wanted) install([name]);
    if (!findBrowser()) install(["chromium"]);
  }
  if (!findBrowser()) return CHROMIUM_MISSING;
  return engines && process.env.CI ? enginesProblem() : undefined;
}

const CHROMIUM_MISSING =
  "Browser tests need Chromium. Install it (Debian: apt-get install chromium-headless-shell) or set CHROMIUM_PATH.";

const canInstall = () => process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

const install = (/** @type {string[]} */ names) => apt("install", "-y", "-qq", "--no-install-recommends", ...names);

/** @param {string[]} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
}
