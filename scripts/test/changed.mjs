/** Lists the tests that a change touches, for `npm test -- --changed`. */
import { spawnSync } from "node:child_process";

/** Files that the browser tests use, besides their own. */
const BROWSER_INPUTS =
  /^(app|public|packages)\/|^tests\/(e2e\/support|engines|support)\/|^scripts\/(build|start|smoke|browser)|^(vite|playwright)\.config\.ts$/;
/** Files that the infrastructure tests use. */
const INFRA_INPUTS =
  /^(stacks|packages|tests\/infra|tests\/support|scripts)\/|^(sst\.config\.ts|tsconfig\.infra\.json)$/;
const EVERYTHING = /^package(-lock)?\.json$/;
const UNIT_TEST = /\.test\.tsx?$/;
/** Tests that Vitest runs by a configuration of their own. */
const OTHER_TEST = /^tests\/(infra|engines)\//;
const SPEC = /^tests\/e2e\/[^/]+\.spec\.ts$/;

/** @typedef {{ base: string, specs: string[] | "all", infra: boolean }} Selection `specs` are the browser tests to run */

/**
 * Returns what to run for the commits since `ref` and the changes that are not committed yet.
 * @param {string | undefined} ref by default where this branch left main
 * @returns {Selection}
 */
export function selectChanged(ref) {
  if (ref !== undefined && !git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`)) {
    throw new Error(`--changed=${ref}: git knows no such commit. Fetch it, or name another.`);
  }
  const base = ref ?? (git("merge-base", "HEAD", "origin/main") || git("merge-base", "HEAD", "main") || "HEAD");
  const files =
    `${git("diff", "--name-only", "--diff-filter=d", base)}\n${git("ls-files", "--others", "--exclude-standard")}`.split(
      "\n",
    );
  return { base, ...selectByFiles(files.filter(Boolean)) };
}

/**
 * Returns which browser and infrastructure tests changed files call for. Vitest finds the others by their imports.
 * @param {string[]} files
 * @returns {Omit<Selection, "base">}
 */
export function selectByFiles(files) {
  const inputs = files.filter((file) => !UNIT_TEST.test(file) || OTHER_TEST.test(file));
  const all = inputs.some((file) => EVERYTHING.test(file));
  const needsBrowser = inputs.some((file) => BROWSER_INPUTS.test(file));
  const specs = inputs.filter((file) => SPEC.test(file));
  // It runs the commands of those pages.
  if (inputs.some((file) => file.startsWith("docs/operating/"))) specs.push("tests/e2e/operating.spec.ts");
  return { specs: all || needsBrowser ? "all" : specs, infra: all || inputs.some((file) => INFRA_INPUTS.test(file)) };
}

/** @param {string[]} args */
function git(...args) {
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}
