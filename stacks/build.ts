import { execFileSync } from "node:child_process";

/**
 * Builds the site and the engines before SST looks for them. `REDLINE_BUILT=1` says that it was done already, as in
 * tests and in delivery, where what was tested is what is deployed.
 */
export function buildOnce(): void {
  if (process.env.REDLINE_BUILT === "1") return;
  execFileSync("npm", ["run", "build:lambda"], { stdio: "inherit" });
}
