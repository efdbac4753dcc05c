/** The port to git by its program: plumbing only, with `-z`. */
import { realpath } from "node:fs/promises";
import { BlobReader } from "./blobs";
import type { ChangedFile, Difference, DifferenceSpec, FileSide, Git, Unreadable } from "./git";
import { PlainFolder } from "./plain-folder";
import { GitFailed, GitProgram } from "./program";
import { readPaths, readRawDiff } from "./raw-diff";
import {
  commitOf,
  defaultBranch,
  emptyTree,
  endsOf,
  headOf,
  mergeBase,
  type Revision,
  requireCommit,
} from "./revisions";
import { GitIndex } from "./staging";
import { readConvertedFiles, readTreeStatus, type TreeStatus } from "./tree-status";
import { WorkTreeFiles } from "./work-tree-files";

/** Renames are searched for among this many files of each side, as `git diff` does. */
const RAW = [
  "--raw",
  "-z",
  "--no-abbrev",
  "-M",
  "-l1000",
  "--no-ext-diff",
  "--no-textconv",
  "--ignore-submodules=none",
];

/** Opens the repository that holds `cwd`, or the folder itself where there is none. */
export async function openGit(cwd: string, env: NodeJS.ProcessEnv): Promise<Git> {
  const git = new GitProgram(cwd, env);
  try {
    const said = (await git.run(["rev-parse", "--show-toplevel", "--absolute-git-dir"])).toString("utf8");
    const [, root = "", folder = ""] = /^(.*)\n(.*)\n$/s.exec(said) ?? [];
    return new Repository(git, await realpath(root), folder);
  } catch (error) {
    if (error instanceof GitFailed) {
      if (!/not a git repository|must be run in a work tree/.test(error.message)) throw error;
      return PlainFolder.open(cwd, "This is not a git work tree.");
    }
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return PlainFolder.open(cwd, "The git program was not found.");
  }
}

class Repository implements Git {
  readonly isRepository = true;
  private readonly blobs: BlobReader;
  readonly files: WorkTreeFiles;
  readonly index: GitIndex;

  constructor(
    private readonly program: GitProgram,
    readonly root: string,
    readonly gitFolder: string,
  ) {
    this.blobs = new BlobReader(program);
    this.index = new GitIndex(program);
    this.files = new WorkTreeFiles(root);
  }

  async isRevision(name: string): Promise<boolean> {
    return /[^.]\.\.|\.\.[^./]/.test(name) || (await commitOf(this.program, name)) !== undefined;
  }

  async difference(spec: DifferenceSpec): Promise<Difference> {
    switch (spec.kind) {
      case "uncommitted":
        return this.toWorkTree(await headOf(this.program), []);
      case "staged": {
        const base = await headOf(this.program);
        const raw = await this.program.run(["diff-index", "--cached", ...RAW, base.id, "--"]);
        const files = readRawDiff(raw, { workTree: false });
        return { base: base.id, baseName: base.name, headName: "the index", files, notes: [] };
      }
      case "range": {
        const { base, head, notes } = await endsOf(this.program, spec.range);
        const raw = await this.program.run(["diff-tree", "-r", ...RAW, base.id, head.id, "--"]);
        const files = readRawDiff(raw, { workTree: false });
        return { base: base.id, baseName: base.name, headName: head.name, files, notes };
      }
      case "since":
        return this.since(await requireCommit(this.program, spec.revision));
      case "branch":
        return this.since(await defaultBranch(this.program, spec.configured));
    }
  }

  async allFiles(): Promise<Difference> {
    const nothing = await emptyTree(this.program);
    const difference = await this.toWorkTree(nothing, []);
    return { ...difference, files: difference.files.filter(({ head }) => head) };
  }

  read(path: string, side: FileSide, limitBytes: number): Promise<Buffer | Unreadable> {
    if (side.kind === "symlink") return Promise.resolve({ reason: "is a symbolic link" });
    if (side.kind === "submodule") return Promise.resolve({ reason: "is a submodule" });
    return side.source === "work-tree"
      ? Promise.resolve(this.files.read(path, limitBytes))
      : this.blobs.read(side.source.blob, limitBytes);
  }

  async readAt(revision: string, path: string, limitBytes: number): Promise<Buffer | Unreadable> {
    const commit = await commitOf(this.program, revision);
    // One line is one request.
    if (commit === undefined || path.includes("\n")) return { reason: "is in no commit", isMissing: true };
    return this.blobs.read(`${commit}:${path}`, limitBytes);
  }

  readBlob(id: string, limitBytes: number): Promise<Buffer | Unreadable> {
    return this.blobs.read(id, limitBytes);
  }

  status(): Promise<TreeStatus> {
    return readTreeStatus(this.program, this.gitFolder);
  }

  convertedFiles(paths: readonly string[]): Promise<Set<string>> {
    return readConvertedFiles(this.program, paths);
  }

  async ignoredPaths(): Promise<string[]> {
    const args = [
      "ls-files",
      "--others",
      "--ignored",
      "--exclude-standard",
      "--directory",
      "--full-name",
      "-z",
      "--",
      ":/",
    ];
    return readPaths(await this.program.run(args));
  }

  close(): Promise<void> {
    return this.blobs.close();
  }

  private async since(revision: Revision): Promise<Difference> {
    const { base, notes } = await mergeBase(this.program, revision, await headOf(this.program));
    return this.toWorkTree(base, notes);
  }

  private async toWorkTree(base: Revision, notes: string[]): Promise<Difference> {
    const [raw, others] = await Promise.all([
      this.program.run(["diff-index", ...RAW, base.id, "--"]),
      this.program.run(["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"]),
    ]);
    const head: FileSide = { kind: "file", source: "work-tree" };
    const untracked = readPaths(others)
      // A repository inside of this one is listed as a folder.
      .filter((path) => !path.endsWith("/"))
      .map((path): ChangedFile => ({ path, status: "untracked", head }));
    const files = [...readRawDiff(raw, { workTree: true }), ...untracked];
    return { base: base.id, baseName: base.name, headName: "the work tree", files: merged(files), notes };
  }
}

/** In the order of paths. A file that the index deletes while it stays in the work tree is both deleted and untracked. */
function merged(files: readonly ChangedFile[]): ChangedFile[] {
  const byPath = new Map<string, ChangedFile>();
  for (const file of files) {
    const known = byPath.get(file.path);
    byPath.set(file.path, known?.base ? { ...file, status: "modified", base: known.base } : file);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
