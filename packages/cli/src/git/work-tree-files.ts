/** Reads and writes files of a work tree. No path leads out of it: not by `..`, and not by a symbolic link. */
import * as fs from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { tooLarge } from "./blobs";
import type { Unreadable } from "./git";

const REASONS: Record<string, Unreadable> = {
  ENOENT: { reason: "is not in the work tree", isMissing: true },
  ENOTDIR: { reason: "is not in the work tree", isMissing: true },
  ELOOP: { reason: "is a symbolic link" },
  EMLINK: { reason: "is a symbolic link" },
  EACCES: { reason: "can't be read: permission denied" },
  EPERM: { reason: "can't be read: permission denied" },
  EISDIR: { reason: "is a folder" },
  ENXIO: { reason: "is not a regular file" },
  EOPNOTSUPP: { reason: "is not a regular file" },
};

export class WorkTreeFiles {
  private readonly folders = new Map<string, boolean>();

  constructor(readonly root: string) {}

  read(path: string, limitBytes = Number.POSITIVE_INFINITY): Buffer | Unreadable {
    if (!this.isInside(path)) return { reason: "lies beyond a symbolic link" };
    let file: number | undefined;
    try {
      // Opening a pipe would wait for its writer.
      file = fs.openSync(
        join(this.root, path),
        fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
      );
      const status = fs.fstatSync(file);
      if (!status.isFile()) return { reason: "is not a regular file" };
      if (status.size > limitBytes) return { reason: tooLarge(limitBytes) };
      return fs.readFileSync(file);
    } catch (error) {
      const known = REASONS[(error as NodeJS.ErrnoException).code ?? ""];
      if (known) return known;
      throw error;
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }

  /** Whether a file, a folder or something else is at a path; undefined for nothing, and for what lies outside. */
  kindOf(path: string): "file" | "folder" | "other" | undefined {
    const status = this.isInside(path) ? fs.lstatSync(join(this.root, path), { throwIfNoEntry: false }) : undefined;
    if (!status) return undefined;
    if (status.isDirectory()) return "folder";
    return status.isFile() ? "file" : "other";
  }

  /**
   * Writes a file through a temporary one beside it, which takes its place: whoever reads it sees the old text or the
   * new. Keeps the mode. Returns false, and writes nothing, when the file is not `expected` (null: not there) any more.
   */
  replace(path: string, expected: Buffer | null, content: Buffer): boolean {
    const staged = this.stage(path, expected, content);
    staged?.commit();
    return staged !== undefined;
  }

  /** The first half of `replace`: nothing of the file is changed before `commit`. Undefined where it returns false. */
  stage(path: string, expected: Buffer | null, content: Buffer): { commit(): void; discard(): void } | undefined {
    if (!this.isUnchanged(path, expected)) return undefined;
    const target = join(this.root, path);
    const mode = fs.lstatSync(target, { throwIfNoEntry: false })?.mode;
    fs.mkdirSync(dirname(target), { recursive: true });
    const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.redline-${process.pid}`);
    const discard = () => fs.rmSync(temporary, { force: true });
    try {
      const file = fs.openSync(temporary, "wx", mode === undefined ? 0o666 : mode & 0o777);
      try {
        if (mode !== undefined) fs.fchmodSync(file, mode & 0o7777);
        fs.writeFileSync(file, content);
        fs.fsyncSync(file);
      } finally {
        fs.closeSync(file);
      }
    } catch (error) {
      discard();
      throw error;
    }
    return { commit: () => fs.renameSync(temporary, target), discard };
  }

  isUnchanged(path: string, expected: Buffer | null): boolean {
    const current = this.read(path);
    if (Buffer.isBuffer(current)) return expected !== null && current.equals(expected);
    return expected === null && current.isMissing === true;
  }

  remove(path: string): void {
    if (this.isInside(path)) fs.rmSync(join(this.root, path));
  }

  /** Whether the folder that a path names is a real one below the root, as far as it is there. */
  private isInside(path: string): boolean {
    const folder = dirname(path);
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const lexical = join(this.root, folder);
    const isBelow = !relative(this.root, lexical).split(sep).includes("..");
    const inside = isBelow && this.isReal(lexical);
    this.folders.set(folder, inside);
    return inside;
  }

  private isReal(folder: string): boolean {
    for (let at = folder; at.length >= this.root.length; at = dirname(at)) {
      if (fs.lstatSync(at, { throwIfNoEntry: false })) return fs.realpathSync(at) === at;
    }
    return false;
  }
}
