/** The work tree on disk, as what keeps it and a session alike sees it. */
import { LIMITS } from "@redline/core/limits";
import type { DifferenceSpec, Git } from "../git/git";
import { swapFile } from "../git/swap-file";
import { WorkTreeFiles } from "../git/work-tree-files";
import type { Text, Tree, TreeFile, TreeState, WriteOutcome } from "./ports";
import { TreeReader } from "./tree-files";

/** git's folder holds programs that git runs; nothing of a session is written there. */
const OF_GIT = /(?:^|\/)(?:\.git[ .]*|git~\d+)(?:\/|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: names with them are what a session does not take
const NO_SESSION_PATH = /[\u0000-\u001f\u007f-\u009f\\]|^\s|\s$|^[A-Za-z]:(?:$|\/)/;

export class WorkTree implements Tree {
  private readonly reader: TreeReader;
  /** Paths as the disk has them, by those of the session, which are composed (NFC). */
  private readonly onDisk = new Map<string, string>();
  /** Files whose CRLF is git's doing, at the last look: the session has them with LF, as the base has. */
  private readonly converted = new Set<string>();
  /** git's word on a file, which holds for this run. */
  private readonly isConverted = new Map<string, boolean>();

  constructor(
    private readonly git: Git,
    private readonly spec: DifferenceSpec,
    private readonly range: string,
  ) {
    this.reader = new TreeReader(git);
  }

  get isFollowed(): boolean {
    return this.spec.kind !== "range" && this.spec.kind !== "staged";
  }

  /** Reads again what git changed meanwhile: between two files the tree may become another. */
  async read(paths: readonly string[]): Promise<TreeState> {
    const before = await this.git.status();
    const difference = await this.git.difference(this.spec);
    const read = await this.reader.readAll(difference.files);
    this.converted.clear();
    const withEnds = await this.withLineEnds(read);
    const files = this.named(withEnds);
    const there = new Set(files.map(({ path }) => path));
    const asked = paths.filter((path) => !there.has(path)).map((path) => this.onDisk.get(path) ?? path);
    const others = await Promise.all(asked.map((path) => this.reader.readOther(path, difference.base)));
    const after = await this.git.status();
    const busy = before.busy ?? after.busy ?? (before.branch === after.branch ? undefined : "a git command");
    const { branch } = after;
    const { base, baseName: baseLabel, headName: headLabel } = difference;
    return {
      base,
      source: { kind: "git", range: this.range, ...(branch && { branch }), baseLabel, headLabel },
      ...(busy && { busy }),
      files,
      others: this.named(await this.withLineEnds(others)),
      skipped: skippedOf(withEnds, there),
    };
  }

  write(path: string, expected: Text, text: Text): WriteOutcome {
    if (OF_GIT.test(path)) return { outcome: "refused", reason: "it is git's own" };
    const name = this.onDisk.get(path) ?? path;
    const bytes = (of: Text) => (of === null ? null : Buffer.from(this.encode(name, of)));
    try {
      // What folders are is looked at each time: one may have become a link.
      const files = new WorkTreeFiles(this.git.root);
      return { outcome: swapFile(files, name, bytes(expected), bytes(text)) ? "written" : "changed" };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return { outcome: "refused", reason: `it can't be written (${code})` };
    }
  }

  private encode(name: string, text: string): string {
    return this.converted.has(name) ? text.replaceAll(/\r?\n/g, "\r\n") : text;
  }

  /** Takes back what git did to line ends, where it did: only then all of them are CRLF, and none on the base. */
  private async withLineEnds(files: TreeFile[]): Promise<TreeFile[]> {
    const mayBe = ({ before, disk }: TreeFile) => before != null && !before.includes("\r\n") && isAllCrlf(disk);
    const candidates = files.filter(mayBe).map(({ path }) => path);
    const unknown = candidates.filter((path) => !this.isConverted.has(path));
    const found = unknown.length > 0 ? await this.git.convertedFiles(unknown) : new Set<string>();
    for (const path of unknown) this.isConverted.set(path, found.has(path));
    for (const path of candidates) if (this.isConverted.get(path)) this.converted.add(path);
    const toLf = (text: Text | undefined) => text?.replaceAll("\r\n", "\n");
    return files.map((file) =>
      this.converted.has(file.path)
        ? { ...file, disk: toLf(file.disk), head: isAllCrlf(file.head) ? (toLf(file.head) ?? null) : file.head }
        : file,
    );
  }

  /** By the session's names; without files that it can't name, and ours that are being written. */
  private named(files: readonly TreeFile[]): TreeFile[] {
    const taken = new Set<string>();
    return files.flatMap((file) => {
      const path = file.path.normalize("NFC");
      if (taken.has(path) || !isSessionPath(path)) return [];
      taken.add(path);
      if (path !== file.path) this.onDisk.set(path, file.path);
      return [{ ...file, path, ...fromOf(file) }];
    });
  }
}

const isSessionPath = (path: string): boolean => !NO_SESSION_PATH.test(path) && path.length <= LIMITS.file.maxPathChars;

/** A file that had a name which the session can't have is a new one there. */
function fromOf({ from }: TreeFile): Partial<TreeFile> {
  if (from === undefined) return {};
  const path = from.normalize("NFC");
  return isSessionPath(path) ? { from: path } : { from: undefined, oldMode: undefined, before: null };
}

/** Names on disk, of both sides, that the session has no file by; also of one whose letters are composed otherwise. */
function skippedOf(files: readonly TreeFile[], there: ReadonlySet<string>): string[] {
  const named = new Set<string>();
  return files
    .flatMap(({ path, from }) => [...(from === undefined || isSessionPath(from.normalize("NFC")) ? [] : [from]), path])
    .filter((path) => {
      const name = path.normalize("NFC");
      const isNamed = there.has(name) && !named.has(name);
      named.add(name);
      return !isNamed;
    });
}

const isAllCrlf = (text: Text | undefined): boolean => text?.includes("\r\n") === true && !/(?<!\r)\n/.test(text);
