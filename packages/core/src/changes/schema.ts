import * as v from "valibot";
import type { FileConflict, FileEdit } from "../codebases/schema";
import type { Severity } from "../reviewers/schema";
import { newUlid } from "../ulid";

export const CHANGE_STATUSES = ["proposed", "applied", "conflicted", "rejected", "superseded"] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** *safe*: may be applied without review; *unsafe*: may not. */
export type Safety = "safe" | "unsafe";

/** The origin of a change. */
export type Origin =
  | { kind: "finding"; sessionId: string; reviewId: string; identity: string }
  /** An answer in a thread, by its number there. */
  | { kind: "message"; sessionId: string; threadId: string; number: number }
  /** A message of an agent, which holds it. */
  | { kind: "agent"; sessionId: string; threadId: string; messageId: string }
  | { kind: "editor" }
  /** A file as it was found in a work tree. */
  | { kind: "work-tree" }
  | { kind: "undo"; version: number }
  | { kind: "restore"; version: number }
  | { kind: "hunks"; of: string }
  | { kind: "safe-fixes"; changes: string[] }
  | { kind: "merge"; of?: string }
  /** Rejected lines of a difference, or their return. */
  | { kind: "rejection"; sessionId: string };

export type ChangeAuthor = { kind: "user" | "agent" | "reviewer"; id: string; name: string };

/** The results of checking a change against its base. */
export type Evidence = {
  parses: boolean | "unknown";
  /** Problems that the change would add; a built-in fix with any is never offered. */
  added: { rule: string; title: string; severity: Severity; path: string; line: number }[];
  /** Problems that it would take away. */
  removed?: { rule: string; title: string; severity: Severity; path: string; line: number }[];
  /** The parser's message, where the new text does not parse. */
  parseError?: string;
  /** Sentences on code that is repeated since the change was merged with newer code. */
  repeated?: string[];
  /** Sentences on changed line ends, which no redline shows. */
  lineEnds?: string[];
  /** Why nothing could be checked: then `parses` is "unknown". */
  notChecked?: string;
  checkedAt: string;
};

/** A proposed edit against a base version: the one form of every proposal. */
export type Change = {
  id: string;
  codebaseId: string;
  base: number;
  edits: FileEdit[];
  summary: string;
  author: ChangeAuthor;
  origin: Origin;
  safety: Safety;
  evidence?: Evidence;
  status: ChangeStatus;
  /** The version it became, when applied. */
  appliedAs?: number;
  /** The head had moved on since the base, so the version holds more than this change. */
  merged?: boolean;
  supersededBy?: string[];
  createdAt: string;
  updatedAt: string;
};

/** One block of changed lines of one file; users accept or reject a change by these. Lines are 1-based. */
export type Hunk = {
  index: number;
  path: string;
  startLine: number;
  endLine: number;
  /** Edits of the file's base that make up the hunk. */
  edits: FileEdit["edits"];
};

/** The outcome of applying a change; always exactly one of three (product.md, rule 2). */
export type ApplyOutcome =
  | {
      outcome: "applied";
      version: number;
      changeId: string;
      merged: boolean;
      /** Sentences on what the merge repeats in one scope. */
      repeated?: string[];
      /** The rest, when hunks were chosen. */
      restId?: string;
    }
  | { outcome: "conflict"; version: number; changeId: string; conflicts: FileConflict[] }
  | { outcome: "refused"; changeId: string; reason: string };

export type SafeFixesOutcome = {
  outcome: "applied" | "nothing" | "conflict";
  version: number;
  changeId?: string;
  applied: string[];
  skipped: { id: string; reason: string }[];
};

export const changeIdSchema = v.pipe(v.string(), v.regex(/^chg_[0-9A-Za-z]{26}$/, "That is not a change's id."));

/** Returns a new change id, which is the idempotency key of the request that a client sends with it. */
export const newChangeId = (): string => `chg_${newUlid()}`;
