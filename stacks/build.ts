import { execFileSync } from "node:child_process";

/**
 * Builds the site and the engines before SST looks for them. `REDLINE_SKIP_BUILD=1` skips the build: tests and the
 * deployment workflow have built already, and the workflow deploys the exact artifacts that were tested.
 */
export function buildIfNeeded(): void {
  if (process.env.REDLINE_SKIP_BUILD === "1") return;
  execFileSync("npm", ["run", "build:lambda"], { stdio: "inherit" });
}
