/** AWS's own runtime client for Node and the Node that it wants, built once and kept outside of the clone. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const CLIENT = "4.0.2";
const NODE = "22.23.3";
/** Debian's packages of the tools that build its native half. */
const TOOLS: Record<string, string> = {
  cmake: "cmake",
  autoconf: "autoconf",
  automake: "automake",
  libtoolize: "libtool",
  m4: "m4",
  make: "make",
  "g++": "g++",
  python3: "python3",
  xz: "xz-utils",
};

export interface Ric {
  /** Node's binary. */
  node: string;
  /** The client's entry. */
  client: string;
}

/** Whether AWS's client can be built here at all. */
export const hasRic = process.platform === "linux";

/**
 * Builds the client, some minutes of work, unless a clone on this machine has done so. Throws a sentence that says what is
 * missing, where it cannot be installed.
 */
export function installRic(): Ric {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "redline");
  const folder = join(cache, `aws-lambda-ric-${CLIENT}-node-${NODE}-${process.arch}`);
  if (!existsSync(folder)) {
    requireTools();
    mkdirSync(cache, { recursive: true });
    const building = mkdtempSync(join(cache, "building-"));
    try {
      build(building);
      // Whole or not at all; a run beside this one may have been faster.
      if (!existsSync(folder)) renameSync(building, folder);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  const modules = join(folder, "node_modules");
  return { node: join(modules, "node/bin/node"), client: join(modules, "aws-lambda-ric/index.mjs") };
}

function build(folder: string): void {
  const dependencies = { "aws-lambda-ric": CLIENT, node: NODE };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const { status, stderr, stdout } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: folder,
    encoding: "utf8",
    // npm asks this run's own settings otherwise, such as those of a workspace.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")),
    ) as NodeJS.ProcessEnv,
  });
  if (status === 0) return;
  throw new Error(`aws-lambda-ric ${CLIENT} could not be built: ${(stderr || stdout).trim().slice(-1_000)}`);
}

function requireTools(): void {
  const isMissing = (tool: string) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0;
  const missing = () => [...new Set(Object.entries(TOOLS).flatMap(([tool, name]) => (isMissing(tool) ? [name] : [])))];
  const wanted = missing();
  if (wanted.length === 0) return;
  const install = `apt-get install -y ${wanted.join(" ")}`;
  if (process.getuid?.() === 0 && !isMissing("apt-get")) {
    spawnSync("sh", ["-c", `apt-get update -q && DEBIAN_FRONTEND=noninteractive ${install}`], { stdio: "ignore" });
  }
  const left = missing();
  if (left.length === 0) return;
  throw new Error(`AWS's runtime client is built with ${left.join(", ")}, which are missing here: ${install}`);
}
