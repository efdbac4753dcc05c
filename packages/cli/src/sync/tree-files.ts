/** Reads both sides of the changed files of a difference. */
import { LIMITS } from "@redline/core/limits";
import type { ChangedFile, FileKind, FileSide, Git, Unreadable } from "../git/git";
import { makerOf } from "../git/swap-file";
import { WorkTreeFiles } from "../git/work-tree-files";
import { decodeFile } from "../review/file-text";
import { isAlive } from "../server/is-alive";
import type { Text, TreeFile } from "./ports";

const MODES: Record<FileKind, string> = {
  file: "100644",
  executable: "100755",
  symlink: "120000",
  submodule: "160000",
};
const MAX_BYTES = LIMITS.file.maxBytes;
/** Names of what has no text here, by the beginning of the reason. */
const TEXTLESS = [
  ["is a symbolic link", "symbolic link"],
  ["lies beyond a symbolic link", "beyond a symbolic link"],
  ["is a submodule", "submodule"],
  ["is a folder", "folder"],
  ["is binary", "binary file"],
  ["is not UTF-8", "not UTF-8 text"],
  ["is a Git LFS pointer", "Git LFS pointer"],
  ["larger than", "over 5 MB"],
] as const;

type Read = { text: Text } | { reason: string };

export class TreeReader {
  /** Texts of the base by blob, as of the last time: most are the same the next time. */
  private blobs = new Map<string, Promise<Read>>();

  constructor(private readonly git: Git) {}

  async readAll(changed: readonly ChangedFile[]): Promise<TreeFile[]> {
    const earlier = this.blobs;
    this.blobs = new Map();
    const disk = new WorkTreeFiles(this.git.root);
    const isOurs = ({ path, status }: ChangedFile) => status === "untracked" && makerOf(path) !== undefined;
    for (const { path } of changed.filter(isOurs)) if (!isAlive(makerOf(path) ?? 0)) disk.remove(path);
    const others = changed.filter((file) => !isOurs(file));
    return Promise.all(others.map((file) => this.readOne(file, disk, earlier)));
  }

  /** A file that does not differ, or is not asked about: what the base and the disk have of it. */
  async readOther(path: string, base: string): Promise<TreeFile> {
    const before = toText(await this.git.readAt(base, path, MAX_BYTES));
    const disk = toText(new WorkTreeFiles(this.git.root).read(path, MAX_BYTES));
    const text = "text" in disk ? disk.text : undefined;
    return { path, before: "text" in before ? before.text : null, head: text ?? null, disk: text };
  }

  private async readOne(file: ChangedFile, tree: WorkTreeFiles, earlier: TreeReader["blobs"]): Promise<TreeFile> {
    const { path, from, base, head } = file;
    const disk = toText(tree.read(path, MAX_BYTES));
    const [before, after] = [await this.readSide(base, disk, earlier), await this.readSide(head, disk, earlier)];
    const names = { path, ...(from !== undefined && { from }), ...modesOf(file) };
    const unread = [before, after].find((side) => "reason" in side);
    const diskText = "text" in disk ? disk.text : undefined;
    if (unread && "reason" in unread) {
      return { ...names, textless: unread.reason, before: null, head: null, disk: diskText };
    }
    const text = (side: Read) => ("text" in side ? side.text : null);
    return { ...names, before: text(before), head: text(after), disk: diskText };
  }

  private readSide(side: FileSide | undefined, disk: Read, earlier: TreeReader["blobs"]): Read | Promise<Read> {
    if (!side) return { text: null };
    if (side.kind === "symlink") return { reason: "symbolic link" };
    if (side.kind === "submodule") return { reason: "submodule" };
    if (side.source === "work-tree") return disk;
    const { blob } = side.source;
    const read = earlier.get(blob) ?? this.git.readBlob(blob, MAX_BYTES).then(toText);
    this.blobs.set(blob, read);
    return read;
  }
}

function toText(content: Buffer | Unreadable): Read {
  if (!Buffer.isBuffer(content) && content.isMissing) return { text: null };
  const decoded = Buffer.isBuffer(content) ? decodeFile(content) : content;
  if (!("reason" in decoded)) return decoded;
  return { reason: TEXTLESS.find(([beginning]) => decoded.reason.startsWith(beginning))?.[1] ?? "unreadable file" };
}

/** Modes that say something: of what is no plain file, and where the two differ. */
function modesOf({ base, head }: ChangedFile): Pick<TreeFile, "oldMode" | "newMode"> {
  const isPlain = (side: FileSide | undefined) => side === undefined || side.kind === "file";
  if (isPlain(base) && isPlain(head)) return {};
  return { ...(base && { oldMode: MODES[base.kind] }), ...(head && { newMode: MODES[head.kind] }) };
}
