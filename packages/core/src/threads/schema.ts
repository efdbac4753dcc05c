import * as v from "valibot";
import type { ContextKind, TokenUsage } from "../ai/schema";
import type { ErrorCode } from "../errors";
import type { Severity } from "../reviewers/schema";
import type { Anchor } from "../text/index";
import { newUlid } from "../ulid";

export const threadIdSchema = v.pipe(v.string(), v.regex(/^thr_[0-9A-Za-z]{26}$/, "That is not a thread's id."));
export const messageIdSchema = v.pipe(v.string(), v.regex(/^msg_[0-9A-Za-z]{26}$/, "That is not a message's id."));

/** Ids are the client's: sending the same thread or message again has one effect. */
export const newThreadId = (): string => `thr_${newUlid()}`;
export const newMessageId = (): string => `msg_${newUlid()}`;

/** The kinds of request: a free question, or a quick action on the lines. */
export const MESSAGE_KINDS = ["ask", "explain", "fix", "refactor", "document", "test"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** The default text of each quick action; a free question has none. */
export const MESSAGE_KIND_TEXTS: Record<MessageKind, string> = {
  ask: "",
  explain: "Explain this.",
  fix: "Fix this.",
  refactor: "Refactor this.",
  document: "Document this.",
  test: "Write tests for this.",
};

/** The finding a thread was opened from, as it was then. */
export type ThreadFinding = {
  identity: string;
  rule: string;
  severity: Severity;
  title: string;
  explanation: string;
  source: "builtin" | "model";
};

/** A conversation about a block of lines or, without an anchor, about a whole file. */
export type Thread = {
  id: string;
  sessionId: string;
  path: string;
  /** The lines in `version`; carried to each new version when that is first read. */
  anchor?: Anchor;
  version: number;
  /** The file it is about is not in `version`. */
  isFileGone?: true;
  finding?: ThreadFinding;
  status: "open" | "resolved";
  /** The beginning of its first message. */
  title: string;
  /** Messages so far, deleted ones and pending replies included: the last message's number. */
  count: number;
  creatorId: string;
  creatorName: string;
  createdAt: string;
  updatedAt: string;
};

/** `pending` until it is followed; `writing` under a lease; the others are ends. */
export const REPLY_STATUSES = [
  "pending",
  "writing",
  "done",
  "failed",
  "stopped",
  "truncated",
  "interrupted",
  "refused",
] as const;
export type ReplyStatus = (typeof REPLY_STATUSES)[number];

/** A suggestion in a reply, or in an agent's message: a Change that is proven to apply, or, where none could be made, its text and why. */
export type Proposal =
  | { kind: "change"; changeId: string; summary: string; paths: string[] }
  | { kind: "text"; summary: string; path?: string; code: string; reason: string };

/** A reply's data beside its text. */
export type Reply = {
  status: ReplyStatus;
  /** The number of the message that it replies to. */
  question: number;
  /** Counts the calls to write it: each has a log of its own. */
  attempt: number;
  /** The model as configured, or `builtin`. */
  model?: string;
  context?: { kind: ContextKind; path: string; startLine?: number; endLine?: number };
  proposals: Proposal[];
  error?: { code: ErrorCode; message: string };
  usage?: TokenUsage;
  costMicroUsd?: number | null;
  firstTokenMs?: number;
  totalMs?: number;
};

/**
 * One entry of a thread. `text` is markdown; null once deleted. Of a reply that is pending or being written, it is what
 * earlier attempts wrote: this attempt's log holds what comes after it.
 */
export type Message = {
  threadId: string;
  number: number;
  id: string;
  /** An agent's `id` is that of the user for whom it works. */
  author: { kind: "user" | "agent" | "reviewer"; id: string; name: string };
  text: string | null;
  messageKind?: MessageKind;
  /** The head when it was posted. */
  version: number;
  createdAt: string;
  editedAt?: string;
  /** The number of the reply to this message, if one was requested. */
  replyNumber?: number;
  /** What an agent proposes with it; a reply has its own. */
  proposals?: Proposal[];
  reply?: Reply;
};

/** A page of a thread's messages, oldest first; the newest page unless a cursor says otherwise. */
export type MessagePage = { messages: Message[]; earlierCursor?: string };

/** A reply by its own number, not its question's. */
export type ReplyKey = { sessionId: string; threadId: string; number: number };

/** A reply's log: `<session>.<thread>.<number>.<attempt>`. */
export const replyLogId = (sessionId: string, threadId: string, number: number, attempt: number): string =>
  `${sessionId}.${threadId}.${number}.${attempt}`;

export const replyLogSchema = v.pipe(
  v.string(),
  v.regex(/^ses_[0-9A-Za-z]{26}\.thr_[0-9A-Za-z]{26}\.[1-9]\d{0,3}\.[1-9]\d{0,3}$/, "That is not a log's id."),
);

/**
 * Events of a reply's log. Each `text` is what came next; after `end` the message itself holds everything. An `end`
 * that was written for a dead writer has a sequence far beyond the others.
 */
export type ReplyEvent =
  | { type: "text"; text: string }
  /** Only the first `chars` characters of the text so far are the reply; the rest was the model's reasoning. */
  | { type: "kept"; chars: number }
  | { type: "model"; name: string }
  /** The current activity that is not text yet, such as checking a suggestion. */
  | { type: "progress"; text: string }
  | { type: "proposal"; proposal: Proposal }
  | { type: "end"; status: Exclude<ReplyStatus, "pending" | "writing">; error?: { code: ErrorCode; message: string } };
