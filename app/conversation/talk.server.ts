import type { Actor } from "@redline/core/auth/schema";
import { parse } from "@redline/core/platform/operation";
import { continueAnswer, retryAnswer, stopAnswer } from "@redline/core/replies/index";
import {
  deleteMessage,
  editMessage,
  openThread,
  postMessage,
  reopenThread,
  resolveThread,
} from "@redline/core/threads/index";
import { type TalkResult, talkSchema } from "./acts";

/** Carries out one act of a conversation. Throws AppError. */
export async function talk(actor: Actor, sessionId: string, input: unknown): Promise<TalkResult> {
  const act = await parse(talkSchema, input);
  const { intent, threadId } = act;
  const at = { sessionId, threadId };
  switch (act.intent) {
    case "open-thread": {
      const { messageId, path, startLine, endLine, version, finding, text, about, wanted, follows } = act;
      const lines = startLine === undefined ? {} : { startLine, endLine: endLine ?? startLine };
      const message = { id: messageId, text, intent: about, ask: wanted === "answer", follows };
      await openThread(actor, { ...at, path, ...lines, version, finding, message });
      break;
    }
    case "post":
      await postMessage(actor, {
        ...at,
        id: act.messageId,
        text: act.text,
        intent: act.about,
        ask: act.wanted === "answer",
        follows: act.follows,
      });
      break;
    case "edit":
      await editMessage(actor, { ...at, number: act.number, text: act.text });
      break;
    case "delete":
      await deleteMessage(actor, { ...at, number: act.number });
      break;
    case "resolve":
      await resolveThread(actor, at);
      break;
    case "reopen-thread":
      await reopenThread(actor, at);
      break;
    case "stop":
      await stopAnswer(actor, { ...at, number: act.number });
      break;
    case "continue":
      await continueAnswer(actor, { ...at, number: act.number, follows: act.follows });
      break;
    case "retry":
      await retryAnswer(actor, { ...at, number: act.number, follows: act.follows });
      break;
  }
  return { intent, threadId };
}
