/** Schemas of the bodies that local programs send to /agents. */
import { proposedFile } from "@redline/core/agents/schema";
import { LIMITS } from "@redline/core/limits";
import { messageIdSchema, threadIdSchema } from "@redline/core/threads/schema";
import * as v from "valibot";

const text = v.string();

/** `tree` names the work tree whose session it goes to, `session` another; `thread` one that it continues. */
export const proposalRequest = v.pipe(
  v.object({
    tree: v.optional(v.object({ key: text, name: text })),
    session: v.optional(text),
    thread: v.optional(threadIdSchema),
    /** Chosen by the sender, so that sending it again proposes it once. */
    threadId: v.optional(threadIdSchema),
    messageId: v.optional(messageIdSchema),
    agent: text,
    summary: text,
    text: v.optional(text),
    files: v.pipe(v.array(proposedFile), v.minLength(1, "It changes no file."), v.maxLength(LIMITS.session.maxFiles)),
  }),
  v.check(({ tree, session }) => (tree === undefined) !== (session === undefined), "Name a session, or a work tree."),
);

type ProposedFile = v.InferOutput<typeof proposedFile>;

/** A file that is not in the tree stands in its session as an empty one. */
export const toTreeFiles = (files: readonly ProposedFile[]) =>
  files.map(({ path, before }) => ({ path, text: before ?? "" }));

export const replyRequest = v.object({ agent: text, text, messageId: v.optional(messageIdSchema) });

export const applyRequest = v.object({ agent: text });
