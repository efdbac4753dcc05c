/** `redline doctor`. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { loadConfig } from "../config/config";
import { CommandFailure } from "../failure";
import { openGit } from "../git/repository";
import { newPool } from "../review/engines";
import { colorsFor, type Io, write } from "../terminal";
import { VERSION } from "../version";

type Check = { name: string; run: (io: Io) => Promise<string> };

const OLDEST_NODE = [20, 19] as const;
const OLDEST_GIT = [2, 24] as const;

const CHECKS: Check[] = [
  { name: "Node", run: async () => atLeast(process.versions.node, OLDEST_NODE) },
  { name: "git", run: gitVersion },
  { name: "Work tree", run: workTree },
  { name: "redline.json", run: configuration },
  ...[
    { name: "Biome", path: "a.ts", text: "export const isOne = (x: unknown) => x == 1;\n", language: "typescript" },
    { name: "Ruff", path: "a.py", text: "import os\n", language: "python" },
  ].map(({ name, ...file }): Check => ({ name, run: () => engine(file) })),
];

export async function run(_: unknown, io: Io): Promise<number> {
  const colors = colorsFor(io.stdout, io.env);
  await write(io.stdout, `Redline ${VERSION}\n`);
  let failed = 0;
  for (const { name, run: check } of CHECKS) {
    let line: string;
    try {
      line = `${colors.green("✔")} ${name}: ${await check(io)}`;
    } catch (error) {
      failed++;
      line = `${colors.red("✘")} ${name}: ${(error as Error).message}`;
    }
    await write(io.stdout, `${line}\n`);
  }
  return failed > 0 ? 1 : 0;
}

async function gitVersion(io: Io): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"], { cwd: io.cwd, env: io.env });
    return atLeast(/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? "", OLDEST_GIT);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new CommandFailure("not found, so only whole files can be reviewed");
  }
}

function atLeast(version: string, oldest: readonly [number, number]): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return version;
  throw new CommandFailure(`${version || "unknown version"}, and ${oldest.join(".")} or newer is needed`);
}

async function workTree(io: Io): Promise<string> {
  const git = await openGit(io.cwd, io.env);
  try {
    if (!git.isRepository) return `${git.root} is none, so only whole files can be reviewed`;
    const { files } = await git.difference({ kind: "uncommitted" });
    return `${git.root}, ${files.length} files changed`;
  } finally {
    await git.close();
  }
}

async function configuration(io: Io): Promise<string> {
  const git = await openGit(io.cwd, io.env);
  const { failOn, baseBranch } = await loadConfig(git.root);
  return `fails on ${failOn}${baseBranch ? `, base branch ${baseBranch}` : ""}`;
}

async function engine(file: { path: string; text: string; language: string }): Promise<string> {
  const pool = newPool(1);
  try {
    const startedAt = performance.now();
    const { coverage, problems } = await pool.use((reviewer) => reviewer.check(file));
    if (coverage.state !== "covered" || problems.length === 0) throw new Error(coverage.reason ?? "found nothing");
    return `loads and finds, in ${Math.round(performance.now() - startedAt)} ms`;
  } finally {
    await pool.close();
  }
}
