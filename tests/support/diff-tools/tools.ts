/** Diffs that the real tools make of two or three trees, under the options that they document. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Tree } from "./repository";

/**
 * `truth` is how close the result must come to the target: all of it, all but white space (for options that ignore it),
 * or nothing because the form can't be applied and must be refused. `isPartial` forms may be refused, never be wrong.
 */
export type Recipe = {
  tool: string;
  name: string;
  truth: "exact" | "but-space" | "refused";
  isPartial?: true;
  /** True for a diff that goes from the newest tree back to the first. */
  isReversed?: true;
  make: (sandbox: Sandbox) => string;
};

const ENV = {
  ...process.env,
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  HGPLAIN: "1",
  HGENCODING: "UTF-8",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
  QUILT_PATCHES: "patches",
};

export function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore", env: ENV });
    return true;
  } catch {
    return false;
  }
}

/** A folder in which the tools work on `steps`, oldest first. Remove it with `close`. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "redline-diffs-"));
  private readonly ready = new Set<string>();

  constructor(readonly steps: readonly Tree[]) {}

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  /** Returns a tool's output, also when it exits with 1, as diff does for a difference. */
  run(cwd: string, tool: string, args: readonly string[]): string {
    try {
      return execFileSync(tool, [...args], { cwd, env: ENV, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      const failed = error as { status?: number; stdout?: string; stderr?: string };
      // An ed script of a text that ends without a newline is written all the same, with a warning and 2.
      if (failed.status === 1 || (tool === "diff" && failed.stdout)) return failed.stdout ?? "";
      throw new Error(`${tool} ${args.join(" ")}: ${failed.stderr}`);
    }
  }

  /** Runs `prepare` the first time that this folder is asked for. */
  once(name: string, prepare: (folder: string) => void): string {
    const folder = this.path(name);
    if (!this.ready.has(name)) {
      mkdirSync(folder, { recursive: true });
      prepare(folder);
      this.ready.add(name);
    }
    return folder;
  }

  get git(): string {
    return this.once("git", (folder) => {
      this.run(folder, "git", ["init", "-q", "-b", "main", "."]);
      for (const [at, tree] of this.steps.entries()) {
        writeTree(folder, tree, this.steps[at - 1]);
        this.run(folder, "git", ["add", "-A", "."]);
        this.run(folder, "git", ["commit", "-q", "--allow-empty", "-m", `step ${at}\n\n- a point\n+ another`]);
        this.run(folder, "git", ["tag", `t${at}`]);
      }
    });
  }

  git_(...args: string[]): string {
    return this.run(this.git, "git", args);
  }

  /** Folders "one" and "two" side by side, as GNU diff compares them. */
  get folders(): string {
    return this.once("gnu", (folder) => {
      for (const [name, tree] of [
        ["one", this.steps[0]],
        ["two", this.steps[this.steps.length - 1]],
      ] as const) {
        mkdirSync(join(folder, name));
        writeTree(join(folder, name), tree as Tree);
      }
    });
  }

  get svn(): string {
    return this.once("svn", (folder) => {
      this.run(folder, "svnadmin", ["create", "repository"]);
      this.run(folder, "svn", ["checkout", "-q", `file://${join(folder, "repository")}`, "copy"]);
      const copy = join(folder, "copy");
      for (const [at, tree] of this.steps.entries()) {
        const before = this.steps[at - 1];
        for (const path of before?.keys() ?? []) if (!tree.has(path)) this.run(copy, "svn", ["rm", "-q", `${path}@`]);
        writeTree(copy, tree, before);
        this.run(copy, "svn", ["add", "-q", "--force", "--no-auto-props", "."]);
        if (at < this.steps.length - 1) this.run(copy, "svn", ["commit", "-q", "-m", `step ${at}`]);
      }
    });
  }

  get hg(): string {
    return this.once("hg", (folder) => {
      this.run(folder, "hg", ["init", "."]);
      for (const [at, tree] of this.steps.entries()) {
        writeTree(folder, tree, this.steps[at - 1]);
        this.run(folder, "hg", ["addremove", "-q"]);
        this.run(folder, "hg", ["commit", "-q", "-u", "a", "-d", `${1_700_000_000 + at} 0`, "-m", `step ${at}`]);
      }
    });
  }

  get quilt(): string {
    return this.once("proj", (folder) => {
      const [first, last] = [this.steps[0] as Tree, this.steps[this.steps.length - 1] as Tree];
      writeTree(folder, first);
      this.run(folder, "quilt", ["new", "p"]);
      this.run(folder, "quilt", ["add", ...new Set([...first.keys(), ...last.keys()])]);
      writeTree(folder, last, first);
    });
  }
}

function writeTree(folder: string, tree: Tree, before?: Tree): void {
  for (const path of before?.keys() ?? []) if (!tree.has(path)) rmSync(join(folder, path), { force: true });
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
