import * as v from "valibot";
import { restoreActor } from "../auth/index";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { forRequest } from "../platform/correlation";
import { getSession } from "../sessions/index";
import type { Session } from "../sessions/schema";
import { replyItems, type StoredReply, toWorkKey } from "../threads/internal";
import { type ReplyEvent, replyLogId } from "../threads/schema";
import { defineWork } from "../work/index";
import { jobIdSchema } from "../work/schema";
import { endInterrupted } from "./ending";
import { generateReply } from "./generate-reply";
import { loadTask } from "./task";

const INPUT = {
  ...{ sessionId: jobIdSchema, threadId: jobIdSchema, userId: jobIdSchema },
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
};

type Loaded = { actor: Actor; session: Session };

/** Replies as a kind of work: started by the queue, or by the first who follows one, where it can be streamed. */
export const replyWork = defineWork<typeof INPUT, StoredReply, Loaded, ReplyEvent>({
  kind: "reply",
  input: v.object(INPUT),
  items: replyItems,
  keyOf: toWorkKey,
  logIdOf: ({ sessionId, threadId, number, attempt }) => replyLogId(sessionId, threadId, number, attempt),
  async load({ sessionId, userId }) {
    // Runs as the user who asked, not as the follower: their instructions, their quota.
    const actor = await restoreActor({ userId });
    try {
      return { actor, session: await getSession(actor, { id: sessionId }) };
    } catch (error) {
      // The session was deleted for good: the reply has no reader.
      if (error instanceof AppError && error.status === 404) return undefined;
      throw error;
    }
  },
  claim: () => ({ where: { from: ["queued"] } }),
  run: (work, { actor, session }) =>
    forRequest(work.item.requestId, async () => generateReply(actor, work, await loadTask(actor, session, work.item))),
  onInterrupted: endInterrupted,
  failure: (message) => ({ type: "end", status: "failed", error: { code: "INTERNAL_ERROR", message } }),
  labels: {
    name: "Reply",
    ifDiscarded: "The reply won't be generated; its author has to ask again.",
    fault: "The reply failed because of an internal error. Try again.",
  },
  isCancellable: true,
  reserveMs: LIMITS.reply.leaveMs,
  // As interrupted, with the text so far.
  handsOnItself: true,
  since: ({ createdAt }) => createdAt,
});
