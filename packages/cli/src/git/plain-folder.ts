/** The port for a folder that is in no repository: there is no base, and every file is new. */
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailure } from "../failure";
import type { ChangedFile, Difference, FileSide, Git, Unreadable } from "./git";
import type { TreeStatus } from "./tree-status";
import { WorkTreeFiles } from "./work-tree-files";

const PASSED_OVER = new Set([".git", ".hg", ".svn", "node_modules", ".venv", "__pycache__"]);

export class PlainFolder implements Git {
  readonly isRepository = false;
  readonly files: WorkTreeFiles;

  private constructor(
    readonly root: string,
    private readonly reason: string,
  ) {
    this.files = new WorkTreeFiles(root);
  }

  /** `reason` is why there is no repository, for whoever asks for a difference. */
  static async open(cwd: string, reason: string): Promise<PlainFolder> {
    return new PlainFolder(await realpath(cwd), reason);
  }

  async isRevision(): Promise<boolean> {
    return false;
  }

  async difference(): Promise<Difference> {
    throw new CommandFailure(this.reason, "Name files or folders, or give --all, to review them whole.");
  }

  async allFiles(): Promise<Difference> {
    const files: ChangedFile[] = [];
    const head: FileSide = { kind: "file", source: "work-tree" };
    const walk = async (folder: string): Promise<void> => {
      const entries = await readdir(join(this.root, folder), { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) await walk(path);
        else if (entry.isFile()) files.push({ path, status: "untracked", head });
      }
    };
    await walk("");
    return { base: "", baseName: "nothing", headName: "the files", files, notes: [this.reason] };
  }

  async read(path: string, _side: FileSide, limitBytes: number): Promise<Buffer | Unreadable> {
    return this.files.read(path, limitBytes);
  }

  async readAt(): Promise<Unreadable> {
    return { reason: "is in no repository", isMissing: true };
  }

  readBlob(): Promise<Unreadable> {
    return this.readAt();
  }

  async status(): Promise<TreeStatus> {
    return {};
  }

  async convertedFiles(): Promise<Set<string>> {
    return new Set();
  }

  async ignoredPaths(): Promise<string[]> {
    return [];
  }

  async close(): Promise<void> {}
}
