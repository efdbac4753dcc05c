/** What keeps a work tree and a session alike knows both by: the disk and git on one side, the session's API on the other. */

/** A file's text, with its line ends and byte order mark; null where there is no such file. */
export type Text = string | null;

/** A file of the difference. */
export type TreeFile = {
  path: string;
  /** The path on the base of a renamed file. */
  from?: string;
  oldMode?: string;
  newMode?: string;
  /** Why there is no text of it to show: a binary file, a link. */
  textless?: string;
  before: Text;
  /** What is reviewed: the file on disk, or a commit's, or the index's. */
  head: Text;
  /** The file on disk; undefined where something is there that is no text. */
  disk: Text | undefined;
};

/** How the difference was asked for, and its sides' names. */
export type TreeSource = { kind: "git"; range: string; branch?: string; baseLabel?: string; headLabel?: string };

export type TreeState = {
  /** The base's tree. Another one means that the work tree was moved (a commit, another branch), and not edited. */
  base: string;
  source: TreeSource;
  /** What git is in the middle of, such as "a rebase": files are its own until then. */
  busy?: string;
  files: TreeFile[];
  /** Other files that were asked for, with what the base has of them. */
  others: TreeFile[];
  /** Changed files whose names a session can't have: they are in none. */
  skipped?: string[];
};

/** `changed`: the file is not what was expected any more; nothing was written. */
export type WriteOutcome = { outcome: "written" | "changed" } | { outcome: "refused"; reason: string };

export interface Tree {
  /** True where the head is the files on disk: what is edited there goes to the session. */
  readonly isFollowed: boolean;
  /** Reads the difference, and other files by their paths. */
  read(others: readonly string[]): Promise<TreeState>;
  /** Gives a file a text, whole or not at all, if it has the expected one. */
  write(path: string, expected: Text, text: Text): WriteOutcome;
}

export type SentFile = Omit<TreeFile, "head" | "disk"> & { after: Text };

/** What the session has otherwise than at a version. */
export type SessionChanges = { version: number; isTrashed: boolean; files: { path: string; text: Text }[] };

export interface Session {
  /** Returns what was changed after a version; waits for a change when told to. */
  changesAfter(version: number, waitSeconds?: number, signal?: AbortSignal): Promise<SessionChanges>;
  /** Gives the session a head; undefined, and nothing is changed, where it has a later version than `after`. */
  addHead(after: number, source: TreeSource, files: SentFile[]): Promise<number | undefined>;
  textAt(version: number, path: string): Promise<Text>;
}

/** What happened, for the terminal. */
export type SyncEvent =
  | { kind: "head"; version: number; files: number; isMoved: boolean; source: TreeSource }
  | { kind: "written"; path: string; isMerged: boolean; version: number }
  | { kind: "conflict"; path: string; version: number; reason: string }
  | { kind: "left"; path: string; version: number }
  | { kind: "busy"; operation: string }
  | { kind: "skipped"; path: string }
  | { kind: "clean"; source: TreeSource }
  | { kind: "trashed" };
