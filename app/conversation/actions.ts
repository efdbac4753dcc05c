/** The conversation's actions: their input schema and results, shared by server and browser. */
import { MESSAGE_KINDS, messageIdSchema, threadIdSchema } from "@redline/core/threads/schema";
import * as v from "valibot";

const number = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(1));
/** An empty form field counts as missing. */
const optionalNumber = v.optional(
  v.pipe(
    v.union([v.string(), v.number()]),
    v.transform((value) => (value === "" ? undefined : Number(value))),
    v.optional(v.pipe(v.number("Enter a line number."), v.integer("Enter a line number."), v.minValue(1))),
  ),
);
const text = v.string();
const messageKind = v.optional(v.picklist(MESSAGE_KINDS), "ask");
/** A note gets no reply. */
const replyMode = v.optional(v.picklist(["reply", "note"]), "reply");
const message = { threadId: threadIdSchema, number };
/** True when the client follows the reply's log right away; otherwise the server starts the reply. */
const follows = v.optional(v.boolean(), false);

/** An action by its intent. The client chooses thread and message ids, which makes resending it idempotent. */
export const conversationActionSchema = v.variant("intent", [
  v.object({
    intent: v.literal("open-thread"),
    threadId: threadIdSchema,
    messageId: messageIdSchema,
    path: v.string(),
    startLine: optionalNumber,
    endLine: optionalNumber,
    version: v.optional(number),
    /** The finding that it is opened from. */
    finding: v.optional(v.pipe(v.string(), v.maxLength(100))),
    text,
    messageKind,
    replyMode,
    follows,
  }),
  v.object({
    intent: v.literal("post"),
    threadId: threadIdSchema,
    messageId: messageIdSchema,
    text,
    messageKind,
    replyMode,
    follows,
  }),
  v.object({ intent: v.literal("edit"), ...message, text }),
  v.object({ intent: v.literal("delete"), ...message }),
  v.object({ intent: v.literal("resolve"), threadId: threadIdSchema }),
  v.object({ intent: v.literal("reopen-thread"), threadId: threadIdSchema }),
  v.object({ intent: v.literal("stop"), ...message }),
  v.object({ intent: v.literal("continue"), ...message, follows }),
  v.object({ intent: v.literal("retry"), ...message, follows }),
]);

export type ConversationAction = v.InferOutput<typeof conversationActionSchema>;
export type ConversationActionInput = v.InferInput<typeof conversationActionSchema>;
export type ConversationIntent = ConversationAction["intent"];

const CONVERSATION_INTENTS: ReadonlySet<string> = new Set<ConversationIntent>([
  "open-thread",
  "post",
  "edit",
  "delete",
  "resolve",
  "reopen-thread",
  "stop",
  "continue",
  "retry",
]);

/** Returns whether a form's intent is a conversation action. */
export const isConversationIntent = (intent: unknown): boolean =>
  typeof intent === "string" && CONVERSATION_INTENTS.has(intent);

export type ConversationActionResult = { intent: ConversationIntent; threadId: string };

/** Returns the outcome message for the page without JavaScript; undefined when the page already shows it. */
export function conversationOutcomeMessage(intent: ConversationIntent): string | undefined {
  switch (intent) {
    case "delete":
      return "Deleted.";
    case "resolve":
      return "Resolved.";
    case "reopen-thread":
      return "Reopened.";
    case "stop":
      return "Stopped. The text so far is kept.";
    default:
      return undefined;
  }
}
