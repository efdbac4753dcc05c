/** The port through which the command line sees a repository. Paths are relative to the work tree's root, with `/`. */

import type { GitIndex } from "./staging";
import type { TreeStatus } from "./tree-status";
import type { WorkTreeFiles } from "./work-tree-files";

/** The two sides of a comparison. */
export type DifferenceSpec =
  /** `HEAD` and the files as they are, untracked ones included. */
  | { kind: "uncommitted" }
  /** `HEAD` and the index. */
  | { kind: "staged" }
  /** `a..b`, `a...b` (since their merge base), or one commit and its first parent. */
  | { kind: "range"; range: string }
  /** The merge base of `revision` and `HEAD`, and the files as they are. */
  | { kind: "since"; revision: string }
  /** As `since`, for the default branch: `configured`, else what `origin/HEAD` names, else `main` or `master`. */
  | { kind: "branch"; configured?: string };

export type FileKind = "file" | "executable" | "symlink" | "submodule";

/** One side of a file: an object of the repository, or the file in the work tree. */
export type FileSide = { kind: FileKind; source: { blob: string } | "work-tree" };

export type ChangedFile = {
  path: string;
  /** `unmerged`: the index has a conflict, and no text of it. */
  status: "added" | "modified" | "deleted" | "renamed" | "untracked" | "unmerged";
  /** The path in the base of a renamed file. */
  from?: string;
  /** Absent where the file is new. */
  base?: FileSide;
  /** Absent where the file is deleted. */
  head?: FileSide;
};

export type Difference = {
  /** git's name of the base; "" where there is none. */
  base: string;
  /** Names of both sides for people: `main (1f2e3d4)`, `the index`, `the work tree`. */
  baseName: string;
  headName: string;
  files: ChangedFile[];
  /** Warnings about it, such as a merge base that is missing in a shallow clone. */
  notes: string[];
};

/** Why a side has no text to review. `isMissing`: it is not there although it should be. */
export type Unreadable = { reason: string; isMissing?: true };

export interface Git {
  /** The real path of the work tree's root. */
  readonly root: string;
  readonly files: WorkTreeFiles;
  /** The folder of the repository that holds this work tree's HEAD and index; undefined where there is none. */
  readonly gitFolder?: string;
  /** Undefined where there is none to write to. */
  readonly index?: GitIndex;
  /** True where there is a base to compare with. */
  readonly isRepository: boolean;
  /** Returns whether the name is a range or a commit of this repository. */
  isRevision(name: string): Promise<boolean>;
  /** Throws CommandFailure for a revision that is unknown. */
  difference(spec: DifferenceSpec): Promise<Difference>;
  /** Every tracked and untracked file that is not ignored, as if all of them were new. */
  allFiles(): Promise<Difference>;
  /** Returns the bytes of one side, or the reason why there are none to review. Never follows a symbolic link. */
  read(path: string, side: FileSide, limitBytes: number): Promise<Buffer | Unreadable>;
  /** Returns the bytes that a file has in a revision. */
  readAt(revision: string, path: string, limitBytes: number): Promise<Buffer | Unreadable>;
  /** Returns an object by its id, or the beginning of it. */
  readBlob(id: string, limitBytes: number): Promise<Buffer | Unreadable>;
  /** Returns the branch, and what git is in the middle of. */
  status(): Promise<TreeStatus>;
  /** Returns those of the files that git writes with CRLF and stores with LF. */
  convertedFiles(paths: readonly string[]): Promise<Set<string>>;
  /** Returns ignored files and folders; folders end with `/`. */
  ignoredPaths(): Promise<string[]>;
  /** Ends the processes behind the readers. */
  close(): Promise<void>;
}
