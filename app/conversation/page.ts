/** The conversation's data on the review page, from the server's loader. */

import type { FileOnHead } from "@redline/core/changes/internal";
import type { ChangeStatus, Evidence } from "@redline/core/changes/schema";
import type { Message, MessageKind, Proposal, Reply, Thread } from "@redline/core/threads/schema";

export type { MessageKind };

/** A thread for the margin and the gutter. `anchorState` is the certainty of its lines; none for a whole file. */
export type PageThread = Pick<Thread, "id" | "path" | "status" | "title" | "count" | "isFileGone" | "updatedAt"> & {
  lines?: { first: number; last: number };
  anchorState?: "exact" | "edited" | "moved" | "outdated";
  finding?: { identity: string; title: string };
  /** The lines as they were when the thread was opened, if they no longer exist. */
  quote?: string;
};

/** A page of a session's threads, latest activity first. */
export type ThreadPage = { threads: PageThread[]; nextCursor?: string };

/** The session's resolved threads: their number, and a page of them once they were asked for. */
export type ResolvedThreads = { count: number; page?: ThreadPage };

/** A proposed change relative to the head; `changeId` is the id to accept or reject. */
export type PageChange = {
  kind: "change";
  changeId: string;
  /** The finding that it fixes, where it is a finding's own fix. */
  identity?: string;
  summary: string;
  status: ChangeStatus;
  appliedAs: number[];
  isConflict: boolean;
  files: FileOnHead[];
  evidence?: Pick<Evidence, "parses" | "added" | "removed" | "parseError" | "notChecked" | "repeated" | "lineEnds">;
};

export type PageProposal = PageChange | Extract<Proposal, { kind: "text" }>;

export type PageReply = Omit<Reply, "proposals"> & {
  proposals: PageProposal[];
  /** The log to follow while the reply is in progress. */
  logId?: string;
};

export type PageMessage = Omit<Message, "reply" | "proposals" | "threadId" | "version"> & {
  isOwn: boolean;
  reply?: PageReply;
  proposals?: PageProposal[];
};

/** The proposal of a message, by a reply or by an agent. */
export const proposalsOf = ({ reply, proposals }: Pick<PageMessage, "reply" | "proposals">): PageProposal[] =>
  reply?.proposals ?? proposals ?? [];

/** The thread that is open, with a page of its messages. */
export type OpenThread = { thread: PageThread; messages: PageMessage[]; earlierCursor?: string };

/**
 * The reply capability: a model, or else the built-in reviewer for its own findings. `reason` says why there is no
 * model; `fullFileChars` is the largest file that the model reads whole.
 */
export type ReplyCapability = { hasModel: boolean; fullFileChars?: number; reason?: string };

/** Returns whether a reply is possible: without a model, only to explain or fix a built-in finding. */
export const canReply = (
  { hasModel }: Pick<ReplyCapability, "hasModel">,
  intent: MessageKind,
  hasBuiltinFinding: boolean,
): boolean => hasModel || (hasBuiltinFinding && (intent === "explain" || intent === "fix"));

export const isInProgress = (reply: Pick<Reply, "status">): boolean =>
  reply.status === "pending" || reply.status === "writing";

/** Describes a thread's anchor; undefined when it is exact. */
export function anchorLabel({ anchorState, isFileGone, path }: PageThread): string | undefined {
  if (isFileGone) return `${path} no longer exists`;
  switch (anchorState) {
    case "edited":
      return "lines edited since";
    case "moved":
      return "lines moved since";
    case "outdated":
      return "lines no longer exist";
    default:
      return undefined;
  }
}

/** `Line 4`, `Lines 4 to 9`, `Whole file`. */
export function lineRangeLabel(lines: { first: number; last: number } | undefined): string {
  if (!lines) return "Whole file";
  return lines.first === lines.last ? `Line ${lines.first}` : `Lines ${lines.first} to ${lines.last}`;
}

/** Display names of the message kinds, in toolbar order. */
export const MESSAGE_KIND_NAMES: Record<MessageKind, string> = {
  ask: "Ask",
  explain: "Explain",
  fix: "Fix",
  refactor: "Refactor",
  test: "Test",
  document: "Document",
};
