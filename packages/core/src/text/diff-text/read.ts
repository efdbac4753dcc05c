/**
 * Reads a text that holds a diff, as git, GNU diff, Subversion, Mercurial, quilt and Jujutsu write it and as people and
 * models pass it on: of several files, of several commits, in a mail. What is no diff around it is passed over.
 */
import { PatchRefused } from "../patch-refused";
import { DialectRefused, isQuotedPrintable, REFUSALS, refuseOtherForms, refuseScripts } from "./dialects";
import { changesSomething, readExtendedLine, type Textless, textlessLine } from "./extended";
import { readHunk, readHunkHeader, type UnifiedHunk } from "./hunks";
import { type HeaderName, readGitNames, readHeaderName } from "./names";

/** One file's part of a diff, in one commit. */
export type DiffFile = {
  /** Number of the commit in the text, from 0; 0 for all where it names none. */
  commit: number;
  hunks: UnifiedHunk[];
  from?: HeaderName;
  to?: HeaderName;
  /** The names of "diff --git", with their prefixes. */
  git?: { from: string; to: string };
  /** Both as they stand, where they can't be parted without more. */
  gitLine?: string;
  /** The name of "Index:", or of "diff -r" as Mercurial writes it. */
  named?: string;
  /** Git's names of the text before and after. */
  blobs?: { old: string; new: string };
  renamed?: { from?: string; to?: string };
  copied?: { from?: string; to?: string };
  isNew?: true;
  isDeleted?: true;
  /** True where Subversion shows properties of the file. */
  hasProperties?: true;
  /** Git's modes before and after, as in "100644". */
  modes?: { old?: string; new?: string };
  /** The kind of a file without lines; only where those are listed. */
  textless?: Textless;
};

/** `order` is how commits stand in the text, where it says so. */
export type DiffText = { files: DiffFile[]; hasCommits: boolean; order: "oldest-first" | "unknown" };

/**
 * Throws PatchRefused for a text that holds no diff, and DialectRefused for one in a form that can't be applied. Files
 * without text (binary files, links, submodules) and changes of modes alone are refused too, or listed with `listsTextless`.
 */
export function readDiffText(text: string, { listsTextless = false } = {}): DiffText {
  return new DiffReader(text, listsTextless).read();
}

const COMMIT_STARTS: readonly (readonly [RegExp, DiffText["order"]])[] = [
  [/^From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001$/, "oldest-first"],
  [/^# HG changeset patch$/, "oldest-first"],
  [/^commit [0-9a-f]{7,64}(?: .*)?$/, "unknown"],
  [/^changeset: +\d+:[0-9a-f]+$/, "unknown"],
  [/^r\d+ \| [^|]* \| [^|]* \| \d+ lines?$/, "unknown"],
];

const MAX_FILES = 2_000;

class DiffReader {
  private readonly lines: string[];
  private readonly files: DiffFile[] = [];
  private readonly mimeBoundaries = new Set<string>();
  private current: DiffFile | undefined;
  private commits = 0;
  private order: DiffText["order"] = "oldest-first";
  private isInMailHeader: boolean;
  private isOneSided = false;
  private isRecursive = false;

  constructor(
    private readonly text: string,
    private readonly listsTextless: boolean,
  ) {
    const lines = text.replace(/^\uFEFF/, "").split("\n");
    if (lines[lines.length - 1] === "") lines.pop();
    this.lines = lines;
    this.isInMailHeader = /^[A-Za-z-]+: /.test(lines[0] ?? "");
  }

  read(): DiffText {
    for (let at = 0; at < this.lines.length; ) at = this.readAt(at);
    const files = this.files.filter((file) => changesSomething(file, this.listsTextless));
    if (this.isOneSided && (this.isRecursive || files.length === 0)) throw new DialectRefused(REFUSALS.oneSided);
    if (files.length === 0) refuseOtherForms(this.text);
    if (files.every(isNameless)) refuseScripts(this.text);
    this.refuseEncoded(files);
    return { files, hasCommits: this.commits > 0, order: this.order };
  }

  /** Reads what begins at a line that is in no hunk; the line after it. */
  private readAt(at: number): number {
    const line = (this.lines[at] as string).replace(/\r$/, "");
    const header = readHunkHeader(line);
    if (header && !line.startsWith("@@@")) {
      this.current ??= this.begin({});
      const { hunk, next } = readHunk(this.lines, at, header, (lines, index) => this.isBoundary(lines, index));
      this.current.hunks.push(hunk);
      return next;
    }
    if (this.isPair(at)) {
      this.readPair(at);
      return at + 2;
    }
    this.refuseByLine(line);
    if (!this.readFileStart(line, at) && !this.readExtended(line)) this.readAround(line);
    return at + 1;
  }

  private begin(file: Omit<DiffFile, "commit" | "hunks">): DiffFile {
    this.isInMailHeader = false;
    this.current = { commit: Math.max(0, this.commits - 1), hunks: [], ...file };
    this.files.push(this.current);
    if (this.files.length > MAX_FILES) throw new PatchRefused(`The diff is of more than ${MAX_FILES} files.`);
    return this.current;
  }

  /** "--- x" and "+++ y": where hunks follow, or where they complete a header. */
  private isPair(at: number): boolean {
    if (!isNamePair(this.lines, at)) return false;
    const isOpen = this.current !== undefined && this.current.hunks.length === 0 && !this.current.from;
    return isOpen || (this.lines[at + 2] ?? "@@").startsWith("@@");
  }

  private readPair(at: number): void {
    const isOpen = this.current && this.current.hunks.length === 0 && !this.current.from;
    const file = isOpen && this.current ? this.current : this.begin({});
    file.from = readHeaderName((this.lines[at] as string).slice(4));
    file.to = readHeaderName((this.lines[at + 1] as string).slice(4));
  }

  private readFileStart(line: string, at: number): boolean {
    if (line.startsWith("diff --git ")) {
      const gitLine = line.slice("diff --git ".length);
      const git = readGitNames(gitLine);
      // Subversion's "--git" form stands below an "Index:" line of the same file.
      const open = this.current;
      const isSame = open?.named !== undefined && !open.git && !open.from && open.hunks.length === 0;
      if (isSame && open) Object.assign(open, git ? { git } : { gitLine });
      else this.begin(git ? { git } : { gitLine });
      return true;
    }
    const index = /^Index: (.+?)( \(deleted\))?$/.exec(line);
    if (index?.[1] && /^(?:={3,}|--- |diff --git )/.test(this.lines[at + 1] ?? "")) {
      if (index[2]) throw new DialectRefused(REFUSALS.withoutContent);
      this.begin({ named: index[1] });
      return true;
    }
    const hg = /^diff (?:-r [0-9a-f]{12}\+? ){1,2}(.+)$/.exec(line);
    if (hg?.[1]) {
      this.begin({ named: hg[1] });
      return true;
    }
    if (/^diff -/.test(line)) {
      this.isRecursive ||= /^diff (?:\S+ )*?(?:-[A-Za-z0-9]*r|--recursive)/.test(line);
      this.current = undefined;
      return true;
    }
    return false;
  }

  private readExtended(line: string): boolean {
    const file = this.current;
    return file !== undefined && file.hunks.length === 0 && readExtendedLine(file, line, this.listsTextless);
  }

  /** Lines around diffs: the beginnings of commits, and the headers of mails. */
  private readAround(line: string): void {
    const commit = COMMIT_STARTS.find(([pattern]) => pattern.test(line));
    if (commit) {
      this.commits++;
      this.current = undefined;
      if (commit[1] === "unknown") this.order = "unknown";
      this.isInMailHeader = line.startsWith("From ");
      return;
    }
    if (line === "") this.isInMailHeader = false;
    if (this.mimeBoundaries.has(line)) this.isInMailHeader = true;
    if (this.isInMailHeader) this.readMailHeader(line);
    if (/^Property changes on: /.test(line) && this.current) this.current.hasProperties = true;
    if (/^Only in .+: .+/.test(line)) this.isOneSided = true;
  }

  private readMailHeader(line: string): void {
    if (/^content-transfer-encoding:\s*(?:quoted-printable|base64)/i.test(line)) {
      throw new DialectRefused(REFUSALS.encoded);
    }
    if (/format="?flowed/i.test(line)) throw new DialectRefused(REFUSALS.flowed);
    const boundary = /boundary="?([^";]+)"?/i.exec(line)?.[1];
    if (boundary) this.mimeBoundaries.add(`--${boundary}`).add(`--${boundary}--`);
  }

  private refuseByLine(line: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour code
    if (/^\u001b\[[\d;]*m(?:diff |index |--- |\+\+\+ |@@)/.test(line)) throw new DialectRefused(REFUSALS.colours);
    if (/^\*\*\* \d+(?:,\d+)? \*{4}$/.test(line)) throw new DialectRefused(REFUSALS.context);
    if (/^@@@+ -/.test(line) || /^diff --(?:cc|combined) /.test(line)) throw new DialectRefused(REFUSALS.combined);
    const textless = textlessLine(line);
    if (textless && !this.listsTextless) throw new DialectRefused(REFUSALS[textless]);
    if (textless) this.markTextless(line, textless);
  }

  /** Marks the file whose header stands above, or the one that the line itself names (`diff -r`). */
  private markTextless(line: string, textless: Textless): void {
    const names = /^Binary files (.+) and (.+) differ$/.exec(line);
    const isOpen = this.current && this.current.hunks.length === 0;
    if (isOpen && this.current) this.current.textless = textless;
    else if (names) {
      const [from, to] = [readHeaderName(names[1] as string), readHeaderName(names[2] as string)];
      this.begin({ from, to, textless });
      this.current = undefined;
    }
  }

  /** Lines that begin as those of a hunk do, and stand where one ends. */
  private isBoundary(lines: readonly string[], at: number): boolean {
    if (isNamePair(lines, at)) return true;
    const line = (lines[at] as string).replace(/\r$/, "");
    if (this.mimeBoundaries.has(line)) return true;
    // Subversion's log parts its revisions so.
    return /^-{72}$/.test(line) && (at + 1 >= lines.length || /^r\d+ \| /.test(lines[at + 1] as string));
  }

  private refuseEncoded(files: readonly DiffFile[]): void {
    const lines = files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));
    const old = lines.filter(({ kind }) => kind !== "added");
    if (old.some(({ text }) => text.includes("=3D"))) return;
    if (isQuotedPrintable(lines.map(({ text }) => text))) throw new DialectRefused(REFUSALS.encoded);
  }
}

const isNameless = ({ from, git, gitLine, named }: DiffFile): boolean =>
  !from && !git && gitLine === undefined && !named;

function isNamePair(lines: readonly string[], at: number): boolean {
  return (lines[at] as string).startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ");
}
