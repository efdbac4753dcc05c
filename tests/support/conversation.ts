/** Questions, their replies and a scripted model, for the tests of replies. */
import type { Actor } from "@redline/core/auth/schema";
import type { LogEvent } from "@redline/core/platform/event-log";
import { followReply } from "@redline/core/replies/index";
import type { Session } from "@redline/core/sessions/schema";
import { getThread, openThread } from "@redline/core/threads/index";
import {
  type Message,
  type MessageKind,
  newMessageId,
  newThreadId,
  type Reply,
  type ReplyEvent,
  replyLogId,
} from "@redline/core/threads/schema";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type ModelServer, type ModelServerOptions, startModelServer } from "./model-server/index";

export const PROTOCOLS = ["bedrock", "openai"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const MODEL_ENV = ["REDLINE_MODEL", "REDLINE_MODELS", "REDLINE_MODEL_KEY", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"];

/** Starts a model's server before the tests of a file; each test begins with nothing scripted and `protocol` in use. */
export function withModel(options: ModelServerOptions & { protocol?: Protocol } = {}): { server: ModelServer } {
  const model = {} as { server: ModelServer };
  beforeAll(async () => {
    model.server = await startModelServer(options);
  });
  beforeEach(() => {
    model.server.reset();
    speak(model.server, options.protocol ?? "bedrock");
  });
  afterAll(async () => {
    withoutModel();
    await model.server?.stop();
  });
  return model;
}

/** Points core at the server, in one of its protocols. */
export function speak(server: ModelServer, protocol: Protocol): void {
  withoutModel();
  Object.assign(process.env, server.env(protocol));
}

/** Removes the model configuration. */
export function withoutModel(): void {
  for (const name of MODEL_ENV) delete process.env[name];
}

export type QuestionInput = {
  text?: string;
  messageKind?: MessageKind;
  path?: string;
  startLine?: number;
  endLine?: number;
  finding?: string;
};

/** A reply that was asked for: where it is, and its first log. */
export type PendingReply = { at: { sessionId: string; threadId: string; number: number }; logId: string };

/** Opens a thread with a question, whose reply is then pending. */
export async function ask(actor: Actor, session: Session, question: QuestionInput = {}): Promise<PendingReply> {
  const { text = "What does this do?", messageKind = "ask", path = "a.ts", ...more } = question;
  const threadId = newThreadId();
  const first = { id: newMessageId(), text, messageKind, wantsReply: true };
  const { message } = await openThread(actor, { sessionId: session.id, threadId, path, message: first, ...more });
  const number = message.replyNumber ?? 0;
  return { at: { sessionId: session.id, threadId, number }, logId: replyLogId(session.id, threadId, number, 1) };
}

/** Everything a reader of a log gets from `after` on, until its end. */
export async function readReplyEvents(
  actor: Actor,
  logId: string,
  { after = 0, signal = AbortSignal.timeout(600_000) }: { after?: number; signal?: AbortSignal } = {},
): Promise<LogEvent<ReplyEvent>[]> {
  const entries: LogEvent<ReplyEvent>[] = [];
  for await (const entry of await followReply(actor, { logId, after, signal })) entries.push(entry);
  return entries;
}

export const eventsOf = (entries: readonly LogEvent<ReplyEvent>[]): ReplyEvent[] => entries.map(({ event }) => event);

/** The words among events. */
export const wordsOf = (entries: readonly LogEvent<ReplyEvent>[]): string =>
  eventsOf(entries)
    .map((event) => (event.type === "text" ? event.text : ""))
    .join("");

/** The reply as it is stored. */
export async function getReply(actor: Actor, { at }: PendingReply): Promise<Message & { reply: Reply }> {
  const { messages } = await getThread(actor, at);
  const message = messages.find((each) => each.number === at.number);
  if (!message?.reply) throw new Error(`There is no reply ${at.number}.`);
  return { ...message, reply: message.reply };
}
