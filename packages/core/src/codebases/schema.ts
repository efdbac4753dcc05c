import * as v from "valibot";
import type { MergedFile } from "../reviewers/schema";
import type { MergeRegion, TextEdit } from "../text/index";

/** A draft's id: that of the browser tab whose edits it keeps, or of an action that failed to save them. */
export const draftIdSchema = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{6,64}$/, "That is not a draft's id."));

/** One file of a version. `size` in bytes of UTF-8, `lines` counted as an editor does. */
export type TreeEntry = { path: string; hash: string; size: number; lines: number; language: string };

/** The owner of a codebase. Access to the codebase is decided by the kind of its owner (`access/owners.ts`). */
export type CodebaseOwner = { kind: "session" | "difference"; id: string };

/** A codebase at its head; `message` is the head version's. */
export type Codebase = {
  id: string;
  teamId: string;
  owner: CodebaseOwner;
  number: number;
  message: string;
  tree: TreeEntry[];
};

/** `base` and `head` are the two sides of a difference; a base is never the codebase's head. */
export const VERSION_KINDS = ["create", "save", "apply", "undo", "restore", "merge", "base", "head"] as const;
export type VersionKind = (typeof VERSION_KINDS)[number];

export type Version = {
  codebaseId: string;
  number: number;
  kind: VersionKind;
  message: string;
  authorId: string;
  authorName: string;
  changeId?: string;
  createdAt: string;
};

/**
 * The edits of a change to one file, against the file's content with hash `baseHash`: `null` means the file does not
 * exist and `edits` insert its whole text. Offsets are UTF-16 positions in that base.
 */
export type FileEdit = { path: string; baseHash: string | null; edits: TextEdit[]; delete?: true; language?: string };

const textEdit = v.object({
  start: v.pipe(v.number(), v.integer(), v.minValue(0)),
  end: v.pipe(v.number(), v.integer(), v.minValue(0)),
  text: v.string(),
});

export const fileEditSchema = v.object({
  path: v.string(),
  baseHash: v.nullable(v.pipe(v.string(), v.hexadecimal(), v.length(64))),
  edits: v.array(textEdit),
  delete: v.optional(v.literal(true)),
  language: v.optional(v.string()),
});

/** One file with a merge conflict. `null` where a side deleted the file or never had it. */
export type FileConflict = {
  path: string;
  base: string | null;
  /** The proposal's text. */
  mine: string | null;
  /** The head's text. */
  theirs: string | null;
  /** For texts on both sides: the regions of the three-way merge; `ours` is mine. */
  regions: MergeRegion[];
};

/** The outcome of a commit; on a conflict nothing was written. */
export type CommitOutcome =
  | { outcome: "applied"; number: number; merged: boolean; mergedFiles: MergedFile[] }
  | { outcome: "conflict"; number: number; conflicts: FileConflict[] };

export type FileComparison = {
  path: string;
  status: "added" | "removed" | "changed";
  from?: TreeEntry;
  to?: TreeEntry;
  added: number;
  removed: number;
};

/** The draft of one browser tab, without its texts; `base` is the version it started from. */
export type DraftSummary = { draftId: string; base: number; savedAt: string; paths: string[] };
