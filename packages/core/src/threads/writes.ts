import { DeleteTransaction } from "dynamodb-toolbox/entity/actions/transactDelete";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $add, $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { LIMITS } from "../limits";
import { hashText } from "../platform/blobs";
import { currentRequestId } from "../platform/correlation";
import { conditionHeld, isConditionFailed } from "../platform/dynamo-errors";
import { retryOnConflict, type Write } from "../platform/transaction";
import type { Session } from "../sessions/schema";
import type { Message } from "./schema";
import {
  MessageEntity,
  putReply,
  readThread,
  type StoredThread,
  ThreadCountsEntity,
  ThreadEntity,
  toWorkKey,
} from "./store";

const RECENT = 20;
const startOfHash = (id: string) => hashText(id).slice(0, 10);

/** The number that a message of the last twenty was given; it may be another's whose hash begins alike. */
export function recentNumber(thread: StoredThread, id: string): number | undefined {
  const found = thread.recent.find((each) => each.startsWith(`${startOfHash(id)}:`));
  return found === undefined ? undefined : Number(found.split(":")[1]);
}

export const withRecent = (recent: string[], { id, number }: Pick<Message, "id" | "number">): string[] =>
  [...recent, `${startOfHash(id)}:${number}`].slice(-RECENT);

/** A person's message. */
export const putMessage = (sessionId: string, message: Message): Write =>
  MessageEntity.build(PutTransaction)
    .item({
      threadId: message.threadId,
      number: message.number,
      sessionId,
      id: message.id,
      authorId: message.author.id,
      authorName: message.author.name,
      ...(message.author.kind === "agent" && { agent: message.author.name }),
      ...(message.proposals && { proposals: message.proposals }),
      text: message.text ?? "",
      messageKind: message.messageKind,
      version: message.version,
      createdAt: message.createdAt,
      replyNumber: message.replyNumber,
    })
    .options({ condition: { attr: "threadId", exists: false } });

/**
 * Returns the writes of the reply that a message asks for. A worker begins it at once where no client follows it, else
 * after the time in which a follower comes, so that it can be streamed. Claiming decides, so that it is begun once.
 */
export function putReplyTo(session: Session, message: Message, { follows }: { follows: boolean }): Write[] {
  const { threadId, replyNumber: number, version, createdAt, author } = message;
  if (number === undefined) return [];
  const reply = {
    ...toWorkKey({ sessionId: session.id, threadId, number }),
    ...{ threadId, number, version, createdAt, attempt: 1, messageId: `${message.id}-reply`, v: 1 },
    ...{ teamId: session.teamId, userId: author.id, requestId: currentRequestId() },
  };
  return [putReply(reply, follows ? LIMITS.reply.followGraceSeconds : 0)];
}

/** Gives a message its number, and its reply the next, unless the thread moved on since it was read. */
export const countMessage = (thread: StoredThread, message: Message): Write =>
  ThreadEntity.build(UpdateTransaction)
    .item({
      sessionId: thread.sessionId,
      id: thread.id,
      status: thread.status,
      count: message.replyNumber ?? message.number,
      recent: $set(withRecent(thread.recent, message)),
      updatedAt: message.createdAt,
    })
    .options({ condition: { attr: "count", eq: thread.count } });

export const putThread = (thread: StoredThread): Write =>
  ThreadEntity.build(PutTransaction)
    .item(thread)
    .options({ condition: { attr: "id", exists: false } });

/** Counts one more thread, or fails where the session has as many as it may. */
export const countThread = (sessionId: string): Write =>
  ThreadCountsEntity.build(UpdateTransaction)
    .item({ sessionId, open: $add(1), total: $add(1), v: 1 })
    .options({
      condition: {
        or: [
          { attr: "open", exists: false },
          {
            and: [
              { attr: "open", lt: LIMITS.thread.maxOpen },
              { attr: "total", lt: LIMITS.thread.maxPerSession },
            ],
          },
        ],
      },
    });

/**
 * Returns the writes that move a thread between open and resolved, with the place it has now. They fail where the thread
 * changed since `before` was read: the attributes compared are all that others write.
 */
export const moveThread = (before: StoredThread, after: StoredThread): Write[] => [
  ThreadEntity.build(PutTransaction)
    .item(after)
    .options({ condition: { attr: "id", exists: false } }),
  ThreadEntity.build(DeleteTransaction)
    .key(before)
    .options({
      condition: {
        and: [
          { attr: "count", eq: before.count },
          { attr: "title", eq: before.title },
          asIs("boundary", before.boundary),
        ],
      },
    }),
  ThreadCountsEntity.build(UpdateTransaction)
    .item({ sessionId: after.sessionId, open: $add(after.status === "open" ? 1 : -1) })
    .options({
      condition: after.status === "open" ? { attr: "open", lt: LIMITS.thread.maxOpen } : { attr: "open", gt: 0 },
    }),
];

/** The position in `moveThread` of the write that is refused where as many threads are open as may be. */
export const COUNTED_AT = 2;

const asIs = (attr: "boundary", value: string | undefined) =>
  value === undefined ? { attr, exists: false as const } : { attr, eq: value };

/** Changes a thread's title. Returns false where it moved between open and resolved since it was read. */
export async function writeTitle({ sessionId, id, status }: StoredThread, title: string): Promise<boolean> {
  const update = ThreadEntity.build(UpdateItemCommand)
    .item({ sessionId, id, status, title })
    .options({ condition: { attr: "id", exists: true } });
  return conditionHeld(retryOnConflict(() => update.send()));
}

/** Changes a person's own message; false when it is not theirs any more, or deleted. */
export async function writeText(
  key: { threadId: string; number: number },
  authorId: string,
  change: { text: string; editedAt: string } | { deletedAt: string },
): Promise<boolean> {
  try {
    const update = MessageEntity.build(UpdateItemCommand)
      .item({ ...key, ...("text" in change ? change : { ...change, text: $remove() }) })
      .options({
        condition: {
          and: [
            { attr: "authorId", eq: authorId },
            { attr: "deletedAt", exists: false },
          ],
        },
      });
    await retryOnConflict(() => update.send());
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/**
 * Replaces a thread's boundary `before`. Returns the boundary that it has now, which is another writer's after a
 * concurrent change; undefined for a thread that is gone.
 */
export async function keepBoundary(
  { sessionId, id, status }: Pick<StoredThread, "sessionId" | "id" | "status">,
  before: string | undefined,
  boundary: string,
): Promise<string | undefined> {
  const update = ThreadEntity.build(UpdateItemCommand)
    .item({ sessionId, id, status, boundary })
    .options({ condition: { and: [{ attr: "id", exists: true }, asIs("boundary", before)] } });
  if (await conditionHeld(retryOnConflict(() => update.send()))) return boundary;
  const now = await readThread(sessionId, id);
  const hasMoved = now && now.status !== status && now.boundary === before;
  return hasMoved ? keepBoundary(now, before, boundary) : now?.boundary;
}
