/** Threads' face: conversations about code, their messages, and where they point. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { cleanPath, getCodebase, readText, versionOf } from "../codebases/index";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { cancelledAt } from "../platform/conditions";
import { operation } from "../platform/operation";
import { writeAll } from "../platform/transaction";
import { listFindings } from "../review/index";
import { getSession } from "../sessions/index";
import { type Session, sessionId } from "../sessions/schema";
import { createAnchor } from "../text/index";
import { requestStop } from "./answers";
import { readMessage, readMessages, toMessage } from "./messages";
import { lastMessages, pageOfMessages, pageOfThreads } from "./pages";
import { placeThreads } from "./placing";
import { open, post, requireAnswerer, requireRoom, requireThread, textOf, titleOf, untilWritten } from "./posting";
import { requestAnswer } from "./requesting";
import { INTENTS, type Message, messageIdSchema, type Thread, type ThreadFinding, threadIdSchema } from "./schema";
import { queryThreads, type StoredThread } from "./store";
import { setStatus, writeText, writeTitle } from "./writes";

export {
  type AnswerEnd,
  type AnswerState,
  answerAt,
  type ClaimedAnswer,
  claimAnswer,
  endAnswer,
  onStopNearby,
  renewAnswer,
  reopenAnswer,
  requestStop,
} from "./answers";
export { interruptStale } from "./interrupting";
export { MODEL_REQUIRED_WORDS } from "./posting";
export { requestAnswer } from "./requesting";
export type { AnswerKey } from "./schema";
export {
  type AnswerUnderWay,
  type ListedAnswer,
  listAnswersUnderWay,
  queryAnswersHeldBy,
  queryStaleAnswers,
  queryUnansweredBefore,
} from "./sweeping";
export { keepBoundary } from "./writes";

const line = v.pipe(v.number("Name lines by their numbers."), v.integer(), v.minValue(1));
const inThread = { sessionId, threadId: threadIdSchema };
const numbered = { ...inThread, number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999)) };
/**
 * `ask` wants an answer; without it the message is a note. Empty text is the intent's own words. `follows`: whoever posts
 * it is going to follow the answer's log right away.
 */
const posted = {
  id: messageIdSchema,
  text: v.string(),
  intent: v.optional(v.picklist(INTENTS), "ask"),
  ask: v.optional(v.boolean(), true),
  follows: v.optional(v.boolean(), false),
};

async function load(actor: Actor, id: string): Promise<{ session: Session; codebase: Codebase }> {
  const session = await getSession(actor, { id });
  return { session, codebase: await getCodebase(actor, { id: session.codebaseId }) };
}

/** All threads of a session on its head, newest activity last: for pages that have loaded session and codebase. */
export async function threadsOf(session: Session, codebase: Codebase): Promise<Thread[]> {
  const threads = await placeThreads(codebase, await queryThreads(session.id));
  return threads.sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
}

/** Everything said in a session, for its export. */
export async function conversationsOf(
  session: Session,
  codebase: Codebase,
): Promise<(Thread & { messages: Message[] })[]> {
  const threads = await threadsOf(session, codebase);
  const all: (Thread & { messages: Message[] })[] = [];
  for (const thread of threads) all.push({ ...thread, messages: await readMessages(thread.id, 1, thread.count) });
  return all;
}

/** The last messages before (and with) a number, oldest first: what a model is told of a thread. Deleted ones are left out. */
export function historyOf(threadId: string, upTo: number, count: number): Promise<Message[]> {
  return lastMessages(threadId, upTo, count);
}

/**
 * Opens a thread with its first message, on lines or on a whole file, of the head or of an older version. `finding` names
 * the finding it is opened from, whose lines it takes where none are given. Sent again with the same ids, it has one effect.
 */
export const openThread = operation(
  "threads.open",
  v.object({
    ...inThread,
    path: v.pipe(v.string(), v.transform(cleanPath)),
    startLine: v.optional(line),
    endLine: v.optional(line),
    version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    finding: v.optional(v.pipe(v.string(), v.maxLength(100))),
    message: v.object(posted),
  }),
  async (actor, input): Promise<{ thread: Thread; message: Message }> => {
    textOf(input.message);
    const { session, codebase } = await load(actor, input.sessionId);
    const from = input.finding ? await findingOf(actor, session, input.finding) : undefined;
    const version = input.version ?? codebase.number;
    const startLine = input.startLine ?? (version === codebase.number ? from?.startLine : undefined);
    const endLine = input.endLine ?? (input.startLine ? input.startLine : from?.endLine);
    const place = await placeIn(
      codebase,
      version,
      input.path,
      startLine && { startLine, endLine: endLine ?? startLine },
    );
    const about = { id: input.threadId, path: input.path, version, ...place, finding: from?.finding };
    if (input.message.ask) await requireAnswerer(actor, session, about, input.message.intent);
    const opened = await open(actor, session, codebase, about, input.message);
    await requestAnswerTo(actor, session, opened.message, input.message);
    return { thread: await onHead(codebase, opened.thread), message: opened.message };
  },
);

async function requestAnswerTo(
  actor: Actor,
  session: Session,
  { threadId, answeredBy }: Message,
  { follows }: { follows: boolean },
): Promise<void> {
  if (answeredBy === undefined) return;
  await requestAnswer({ sessionId: session.id, threadId, number: answeredBy }, actor.userId, { follows });
}

type FromFinding = { finding: ThreadFinding; startLine: number; endLine: number };

async function findingOf(actor: Actor, session: Session, identity: string): Promise<FromFinding> {
  const found = (await listFindings(actor, { sessionId: session.id })).find((each) => each.identity === identity);
  if (!found) throw new AppError("FINDING_NOT_FOUND", "That finding is gone: the code it was about has changed.");
  const { rule, severity, title, explanation, source, startLine, endLine } = found;
  return { finding: { identity, rule, severity, title, explanation, source }, startLine, endLine };
}

async function placeIn(
  codebase: Codebase,
  version: number,
  path: string,
  lines: { startLine: number; endLine: number } | 0 | undefined,
): Promise<Pick<StoredThread, "fileHash" | "anchor">> {
  const tree = version === codebase.number ? codebase.tree : (await versionOf(codebase, version)).tree;
  const entry = tree.find((each) => each.path === path);
  if (!entry) throw new AppError("FILE_NOT_FOUND", `Version ${version} has no file "${path.slice(0, 120)}".`);
  if (!lines) return { fileHash: entry.hash };
  try {
    const anchor = createAnchor(await readText(codebase, entry), lines.startLine, lines.endLine);
    return { fileHash: entry.hash, anchor };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError("INVALID_INPUT", `${error.message} Choose lines that are there.`, { field: "startLine" });
  }
}

async function onHead(codebase: Codebase, thread: StoredThread): Promise<Thread> {
  return (await placeThreads(codebase, [thread]))[0] as Thread;
}

/** Adds a message; with `ask`, its answer's number is reserved and pending. Sent again with the same id, it has one effect. */
export const postMessage = operation(
  "threads.post",
  v.object({ ...inThread, ...posted }),
  async (actor, input): Promise<Message> => {
    textOf(input);
    const { session, codebase } = await load(actor, input.sessionId);
    const message = await post(actor, session, codebase, input.threadId, input);
    await requestAnswerTo(actor, session, message, input);
    return message;
  },
);

/** A thread on the head with a page of its messages: the newest, or those before what `cursor` says. */
export const getThread = operation(
  "threads.get",
  v.object({ ...inThread, cursor: v.optional(v.string()) }),
  async (actor, input) => {
    const { session, codebase } = await load(actor, input.sessionId);
    const stored = await requireThread(session, input.threadId);
    const [thread, page] = await Promise.all([onHead(codebase, stored), pageOfMessages(stored, input.cursor)]);
    return { thread, ...page };
  },
);

/** A session's threads, open ones first, a page at a time. */
export const listThreads = operation(
  "threads.list",
  v.object({ sessionId, cursor: v.optional(v.string()) }),
  async (actor, input) => {
    const { session, codebase } = await load(actor, input.sessionId);
    return pageOfThreads(session.id, await threadsOf(session, codebase), input.cursor);
  },
);

/** Changes one's own message; what a model was told of it before stays said. */
export const editMessage = operation(
  "threads.edit",
  v.object({ ...numbered, text: v.string() }),
  async (actor, input): Promise<Message> => {
    const text = textOf({ text: input.text, intent: "ask" });
    return rewrite(actor, input, { text, editedAt: nowIso() }, titleOf(text));
  },
);

/** Takes back one's own message: its place stays, its words are gone, and an answer that nobody has begun is not written. */
export const deleteMessage = operation("threads.delete", v.object(numbered), async (actor, input): Promise<Message> => {
  const message = await rewrite(actor, input, { deletedAt: nowIso() }, "Deleted message");
  if (message.answeredBy !== undefined) await requestStop(actor, { ...input, number: message.answeredBy });
  return message;
});

async function rewrite(
  actor: Actor,
  input: { sessionId: string; threadId: string; number: number },
  change: Parameters<typeof writeText>[2],
  title: string,
): Promise<Message> {
  const session = await getSession(actor, { id: input.sessionId });
  const thread = await requireThread(session, input.threadId);
  const key = { threadId: thread.id, number: input.number };
  const stored = await readMessage(key.threadId, key.number);
  if (!stored) throw new AppError("MESSAGE_NOT_FOUND", "That message was not found.");
  if (stored.status !== undefined || stored.authorId !== actor.userId) {
    throw new AppError("FORBIDDEN", "Only who wrote a message can change it.");
  }
  if (!(await writeText(key, actor.userId, change)) && !("deletedAt" in change)) {
    throw new AppError("MESSAGE_NOT_FOUND", "That message is deleted. Your text was not stored.");
  }
  if (input.number === 1) await writeTitle(thread, title);
  return toMessage({ ...stored, ...change });
}

/** Closes a thread; it stays where it is, and counts no more against the open ones. */
export const resolveThread = operation("threads.resolve", v.object(inThread), (actor, input) =>
  changeStatus(actor, input, "resolved"),
);

export const reopenThread = operation("threads.reopen", v.object(inThread), (actor, input) =>
  changeStatus(actor, input, "open"),
);

async function changeStatus(
  actor: Actor,
  input: { sessionId: string; threadId: string },
  status: Thread["status"],
): Promise<Thread> {
  const { session, codebase } = await load(actor, input.sessionId);
  const stored = await untilWritten(`threads ${session.id}`, async () => {
    const thread = await requireThread(session, input.threadId);
    if (thread.status === status) return thread;
    const updatedAt = nowIso();
    try {
      await writeAll(setStatus(thread, status, updatedAt));
      return { ...thread, status, updatedAt };
    } catch (error) {
      const cancelled = cancelledAt(error);
      if (!cancelled) throw error;
      if (cancelled.condition.includes(1) && status === "open") await requireRoom(session.id);
      return undefined;
    }
  });
  return onHead(codebase, stored);
}
