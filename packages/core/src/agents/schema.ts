/** What coding agents on the owner's machine propose, and what they are told of it. */
import * as v from "valibot";
import type { Evidence } from "../changes/schema";
import { LIMITS } from "../limits";
import { sessionId } from "../sessions/schema";
import { messageIdSchema, threadIdSchema } from "../threads/schema";

/** The agent's own name, such as its program's. */
export const agentName = v.pipe(
  v.string("Name the agent."),
  v.trim(),
  v.minLength(1, "Name the agent."),
  v.maxLength(60, "An agent's name is limited to 60 characters."),
);

export const openTreeSchema = v.object({
  /** Of the work tree: its agents meet in one session. */
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "That is not a work tree's key.")),
  teamId: v.optional(v.string()),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LIMITS.session.maxNameChars)),
  /** Files as they are in the work tree, that the session is to have. */
  files: v.pipe(
    v.array(v.object({ path: v.string(), text: v.string() })),
    v.minLength(1),
    v.maxLength(LIMITS.session.maxFiles),
  ),
});

const text = v.nullable(v.string());

/** `before` is the file as the agent read it, null for a new one; `after` null deletes it. */
export const proposedFile = v.object({ path: v.string(), before: text, after: text });

export const proposeSchema = v.object({
  sessionId,
  threadId: threadIdSchema,
  /** The thread is there already, and the proposal continues it. */
  continues: v.optional(v.boolean(), false),
  messageId: messageIdSchema,
  agent: agentName,
  summary: v.pipe(v.string(), v.trim(), v.minLength(1, "Say what the change does."), v.maxLength(200)),
  /** Why, for the person who decides. */
  text: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.message.maxChars, "The explanation is too long.")), ""),
  files: v.pipe(v.array(proposedFile), v.minLength(1), v.maxLength(LIMITS.session.maxFiles)),
});

export const replySchema = v.object({
  sessionId,
  threadId: threadIdSchema,
  messageId: messageIdSchema,
  agent: agentName,
  text: v.string(),
});

export type Proposed = {
  sessionId: string;
  threadId: string;
  changeId: string;
  /** The head that it is against. */
  version: number;
  evidence?: Evidence;
  hunks: number;
};

/** *edited*: accepted in another form, merged by hand. *outdated*: what it changes is no longer there. */
export type HunkDecision = "open" | "accepted" | "edited" | "rejected" | "undone" | "outdated";

/** A hunk of the change as it was proposed; lines are 1-based, of the file that it is against. */
export type DecidedHunk = {
  index: number;
  path: string;
  startLine: number;
  endLine: number;
  decision: HunkDecision;
};

/** What an accepted part did to the code: texts of the files before and after the version that it became. */
export type AppliedPart = { version: number; files: { path: string; before: string | null; after: string | null }[] };

export type AgentDecision = {
  changeId: string;
  threadId: string;
  summary: string;
  /** *open* while a hunk is. */
  status: "open" | "decided";
  /** The same lines were changed since: a person has to merge. */
  isConflict: boolean;
  hunks: DecidedHunk[];
  applied: AppliedPart[];
  /** What people wrote in the thread since it was proposed. */
  notes: { author: string; text: string; createdAt: string }[];
};
