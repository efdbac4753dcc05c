/** Which difference `redline review` is about, and which of its files. */
import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Config } from "../config/config";
import { CommandFailure } from "../failure";
import type { ChangedFile, Difference, DifferenceSpec, Git } from "../git/git";
import type { Arguments } from "./command";

export type Scope = {
  difference: Difference;
  /** Files of the difference that were named and are not ignored. */
  files: ChangedFile[];
  /** True where the head is the work tree, so that fixes have a place. */
  isWorkTree: boolean;
};

const MODES = ["base", "branch", "staged", "all"] as const;

/** Throws CommandFailure for options that exclude each other, and for names that are neither a revision nor a file. */
export async function chooseScope(git: Git, args: Arguments, config: Config, cwd: string): Promise<Scope> {
  const { values, positionals, rest } = args;
  const [mode, ...others] = MODES.filter((each) => values[each] !== undefined);
  if (others.length > 0) throw new CommandFailure(`--${mode} and --${others[0]} can't be used together.`);
  const [first] = positionals;
  const isRange = first !== undefined && !existsSync(resolve(cwd, first)) && (await git.isRevision(first));
  if (isRange && mode) throw new CommandFailure(`--${mode} and the range ${first} can't be used together.`);
  const paths = [...(isRange ? positionals.slice(1) : positionals), ...rest];
  const isWhole = mode === "all" || (!git.isRepository && paths.length > 0);
  const spec = isRange ? { kind: "range" as const, range: first } : specOf(mode, values, config);
  const difference = await (isWhole ? git.allFiles() : git.difference(spec));
  const isInside = pathFilter(git.root, cwd, paths);
  const named = difference.files.filter(({ path }) => isInside(path));
  if (named.length === 0) requirePaths(paths, cwd);
  const files = named.filter(({ path }) => !config.isIgnored(path));
  return { difference, files, isWorkTree: !isRange && mode !== "staged" };
}

function specOf(mode: string | undefined, values: Arguments["values"], config: Config): DifferenceSpec {
  if (mode === "staged") return { kind: "staged" };
  if (mode === "base") return { kind: "since", revision: String(values.base) };
  if (mode === "branch") return { kind: "branch", ...(config.baseBranch && { configured: config.baseBranch }) };
  return { kind: "uncommitted" };
}

/** A misspelled name must not look like a clean review. */
function requirePaths(paths: readonly string[], cwd: string): void {
  const missing = paths.find((path) => !existsSync(resolve(cwd, path)));
  if (missing !== undefined) throw new CommandFailure(`"${missing}" is neither a file here nor a revision.`);
}

/** Tells whether a path of the work tree is one of the named files, or below a named folder. */
export function pathFilter(root: string, cwd: string, paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0) return () => true;
  const named = paths.map((path) => pathInTree(root, cwd, path));
  const files = new Set(named);
  const folders = named.map((path) => (path === "" ? "" : `${path}/`));
  return (path) => files.has(path) || folders.some((folder) => path.startsWith(folder));
}

/** The path relative to the work tree's root. Throws CommandFailure for one outside. */
export function pathInTree(root: string, cwd: string, path: string): string {
  const inTree = relative(root, isAbsolute(path) ? path : join(cwd, path));
  if (inTree === ".." || inTree.startsWith(`..${sep}`) || isAbsolute(inTree)) {
    throw new CommandFailure(`${path} is outside of the work tree ${root}.`);
  }
  return inTree.split(sep).join("/");
}
