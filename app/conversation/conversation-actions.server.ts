import type { Actor } from "@redline/core/auth/schema";
import { parse } from "@redline/core/platform/operation";
import { continueReply, retryReply, stopReply } from "@redline/core/replies/index";
import {
  deleteMessage,
  editMessage,
  openThread,
  postMessage,
  reopenThread,
  resolveThread,
} from "@redline/core/threads/index";
import { type ConversationActionResult, conversationActionSchema } from "./actions";

/** Performs one conversation action. Throws AppError. */
export async function performConversationAction(
  actor: Actor,
  sessionId: string,
  input: unknown,
): Promise<ConversationActionResult> {
  const action = await parse(conversationActionSchema, input);
  const { intent, threadId } = action;
  const at = { sessionId, threadId };
  switch (action.intent) {
    case "open-thread": {
      const { messageId, path, startLine, endLine, version, finding, text, messageKind, replyMode, follows } = action;
      const lines = startLine === undefined ? {} : { startLine, endLine: endLine ?? startLine };
      const message = { id: messageId, text, messageKind, wantsReply: replyMode === "reply", follows };
      await openThread(actor, { ...at, path, ...lines, version, finding, message });
      break;
    }
    case "post":
      await postMessage(actor, {
        ...at,
        id: action.messageId,
        text: action.text,
        messageKind: action.messageKind,
        wantsReply: action.replyMode === "reply",
        follows: action.follows,
      });
      break;
    case "edit":
      await editMessage(actor, { ...at, number: action.number, text: action.text });
      break;
    case "delete":
      await deleteMessage(actor, { ...at, number: action.number });
      break;
    case "resolve":
      await resolveThread(actor, at);
      break;
    case "reopen-thread":
      await reopenThread(actor, at);
      break;
    case "stop":
      await stopReply(actor, { ...at, number: action.number });
      break;
    case "continue":
      await continueReply(actor, { ...at, number: action.number, follows: action.follows });
      break;
    case "retry":
      await retryReply(actor, { ...at, number: action.number, follows: action.follows });
      break;
  }
  return { intent, threadId };
}
