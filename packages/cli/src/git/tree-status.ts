/** What git itself is doing with a work tree. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { GitProgram } from "./program";

export type TreeStatus = {
  /** Undefined on a detached HEAD. */
  branch?: string;
  /** What git is in the middle of: until its end the files are git's, and no edits. */
  busy?: string;
};

/** Files of the repository's folder that are there while something is under way. */
const UNDER_WAY = [
  ["index.lock", "a git command"],
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
] as const;

export async function readTreeStatus(git: GitProgram, gitFolder: string): Promise<TreeStatus> {
  const branch = await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"]);
  const busy = UNDER_WAY.find(([name]) => existsSync(join(gitFolder, name)))?.[1];
  return { ...(branch && { branch }), ...(busy && { busy }) };
}

/** Returns those of the files that git writes with CRLF and stores with LF. */
export async function readConvertedFiles(git: GitProgram, paths: readonly string[]): Promise<Set<string>> {
  const listed = await git.run([
    "ls-files",
    "--eol",
    "-z",
    "--full-name",
    "--",
    ...paths.map((path) => `:(top,literal)${path}`),
  ]);
  const configured = /^(true|input)$/.test((await git.ask(["config", "--get", "core.autocrlf"])) ?? "");
  const converted = new Set<string>();
  for (const line of listed.toString("utf8").split("\0")) {
    const [, attributes = "", path = ""] = /^i\/lf +w\/crlf +attr\/([^\t]*?) *\t(.*)$/s.exec(line) ?? [];
    const isText = /(?<!-)\btext\b|\beol=/.test(attributes);
    if (path && !attributes.includes("-text") && (isText || configured)) converted.add(path);
  }
  return converted;
}
