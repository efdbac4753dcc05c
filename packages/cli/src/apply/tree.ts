/** The work tree as a patch sees it: texts by path, and nothing of git's own. */
import { PatchRefused } from "@redline/core/text/index";
import type { WorkTreeFiles } from "../git/work-tree-files";
import { decodeFile } from "../review/file-text";

export class PatchTree {
  /** The bytes that were read, by path; null where there is no file. */
  readonly bytes = new Map<string, Buffer | null>();

  constructor(private readonly files: WorkTreeFiles) {}

  /** Returns null for a file that is not there. Throws PatchRefused for one that no patch may change. */
  read(path: string): string | null {
    requireOwn(path);
    const known = this.bytes.get(path);
    const content = known === undefined ? this.files.read(path) : known;
    if (content === null || (!Buffer.isBuffer(content) && content.isMissing)) {
      this.bytes.set(path, null);
      return null;
    }
    const decoded = Buffer.isBuffer(content) ? decodeFile(content) : content;
    if ("reason" in decoded) throw new PatchRefused(`${path} ${decoded.reason}.`);
    this.bytes.set(path, content as Buffer);
    return decoded.text;
  }

  exists(path: string): boolean {
    return this.files.kindOf(path) === "file";
  }

  hasFolder(folder: string): boolean {
    return this.files.kindOf(folder) === "folder";
  }
}

/** git's folder holds programs that git runs. */
function requireOwn(path: string): void {
  const names = path.split(/[\\/]/);
  const isOdd = names.some((name) => name === "" || name === "." || name === "..");
  if (isOdd || names.some((name) => /^\.git[ .]*$|^git~\d+$/i.test(name)) || path.includes("\0")) {
    throw new PatchRefused(`No patch may change ${JSON.stringify(path)}.`);
  }
}
