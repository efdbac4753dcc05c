import { Entity, type FormattedItem } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { any, boolean, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { packed, packedText, shortJson } from "../platform/compressed-json";
import { padNumber } from "../platform/ids";
import { entityDefaults, table } from "../platform/table";
import type { Write } from "../platform/transaction";
import { WorkItems, type WorkKey, workAttributes } from "../work/index";
import type { WorkItem } from "../work/schema";
import type { KnownPlace } from "./kept-places";
import type { ReplyKey, Thread } from "./schema";

export const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

export const ThreadEntity = new Entity({
  ...entityDefaults,
  name: "thread",
  schema: item({
    sessionId: string().key(),
    id: string().key(),
    path: string(),
    anchor: any().transform(shortJson).optional(),
    version: number(),
    /** The text that `anchor` is about: where the head's has the same hash, there is nothing to carry. */
    fileHash: string(),
    isFileGone: boolean().optional(),
    known: any().transform(packed).optional(),
    finding: any().transform(packed).optional(),
    /** Delimiter of the material in this thread's prompts: the same for each question, so that servers can cache the prefix. */
    boundary: string().optional(),
    status: string().enum("open", "resolved").key(),
    title: string(),
    count: number(),
    /** The latest messages as `<start of the id's hash>:<number>`, so that posting one again finds it. */
    recent: list(string()),
    creatorId: string(),
    creatorName: string(),
    createdAt: string(),
    updatedAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, id, status }: { sessionId: string; id: string; status: Status }) => ({
    pk: sessionKey(sessionId),
    sk: status === "open" ? `THREAD#${id}` : `RESOLVED#${id}`,
  }),
});

type Status = Thread["status"];

/** A session's number of threads: the limits are conditions on this item, so they hold under concurrent writes. */
export const ThreadCountsEntity = new Entity({
  ...entityDefaults,
  name: "thread-counts",
  schema: item({ sessionId: string().key(), open: number(), total: number(), v: number().default(1) }),
  computeKey: ({ sessionId }: { sessionId: string }) => ({ pk: sessionKey(sessionId), sk: "THREADS" }),
});

/** Returns the key of a thread's message. A reply sorts behind the message of its number, so a page is one query. */
const messageKey = (threadId: string, at: number) => ({ pk: `THREAD#${threadId}`, sk: `MESSAGE#${padNumber(at)}` });
const REPLY = "#REPLY";

/** A message of a person, or of an agent that works for one. */
export const MessageEntity = new Entity({
  ...entityDefaults,
  name: "message",
  schema: item({
    threadId: string().key(),
    number: number().key(),
    sessionId: string(),
    id: string(),
    authorId: string(),
    authorName: string(),
    /** The agent's name, where it is an agent's message. */
    agent: string().optional(),
    proposals: any().transform(packed).optional(),
    text: any().transform(packedText).castAs<string>().optional(),
    messageKind: string().enum("ask", "explain", "fix", "refactor", "document", "test").optional(),
    version: number(),
    createdAt: string(),
    editedAt: string().optional(),
    deletedAt: string().optional(),
    replyNumber: number().optional(),
    v: number().default(1),
  }),
  computeKey: ({ threadId, number: at }: { threadId: string; number: number }) => messageKey(threadId, at),
});

/** A reply, from the moment it is asked for. `id` says its place: `<thread>.<number>`. */
const ReplyEntity = new Entity({
  ...entityDefaults,
  name: "reply",
  schema: item({
    ...workAttributes,
    sessionId: string().key(),
    id: string().key(),
    threadId: string(),
    number: number(),
    messageId: string(),
    teamId: string(),
    version: number(),
    createdAt: string(),
    /** Text and proposals, or the blob that holds both where they are long. */
    text: any().transform(packedText).castAs<string>().optional(),
    proposals: any().transform(packed).optional(),
    bodyBlob: string().optional(),
    attempt: number(),
    /** The request that asked for this attempt. */
    requestId: string().optional(),
    /** The outcome of ended work, where its status does not say it. */
    outcome: string().enum("truncated", "refused", "interrupted").optional(),
    details: any().transform(packed).optional(),
    v: number().default(1),
  }),
  computeKey: ({ id }: { id: string }) => {
    const [threadId = "", at] = id.split(".");
    const { pk, sk } = messageKey(threadId, Number(at));
    return { pk, sk: `${sk}${REPLY}` };
  },
});

export type StoredMessage = FormattedItem<typeof MessageEntity>;
export type StoredReply = FormattedItem<typeof ReplyEntity> & WorkItem;

export const toWorkKey = ({ sessionId, threadId, number: at }: ReplyKey): WorkKey => ({
  ...{ sessionId, id: `${threadId}.${at}` },
});

/** Replies as work. One whose writer died is not begun anew: it ends as interrupted, for its reader to continue. */
export const replyItems = new WorkItems<StoredReply>(
  ReplyEntity,
  ({ sessionId, threadId, number: at, userId }) => ({ kind: "reply", sessionId, threadId, number: at, userId }),
  { isResumable: false },
);

/** A new reply, written with its question; its job is hidden for `delaySeconds`. */
export const putReply = (reply: Omit<StoredReply, "status">, delaySeconds: number): Write =>
  ReplyEntity.build(PutTransaction)
    .item(replyItems.queued(reply, delaySeconds) as never)
    .options({ condition: { attr: "id", exists: false } });

/** Messages and replies whose numbers are `from` to `to`, in order. */
export async function queryMessages(
  threadId: string,
  from: number,
  to: number,
): Promise<({ message: StoredMessage } | { reply: StoredReply })[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(MessageEntity, ReplyEntity)
    .query({
      partition: messageKey(threadId, from).pk,
      range: { between: [messageKey(threadId, from).sk, `${messageKey(threadId, to).sk}${REPLY}`] },
    })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY, showEntityAttr: true })
    .send();
  return Items.map(({ entity, ...stored }) =>
    entity === "reply" ? { reply: stored as StoredReply } : { message: stored as StoredMessage },
  );
}

/** A person's message; undefined where there is none, or a reply. */
export async function readMessage(threadId: string, at: number): Promise<StoredMessage | undefined> {
  const get = MessageEntity.build(GetItemCommand).key({ threadId, number: at });
  return (await get.options({ consistent: true }).send()).Item;
}

/** A thread as it is stored. */
export type StoredThread = Thread & {
  fileHash: string;
  known?: KnownPlace;
  recent: string[];
  boundary?: string;
};

export type ThreadItem = Omit<StoredThread, "anchor" | "known" | "finding" | "isFileGone"> & {
  anchor?: unknown;
  known?: unknown;
  finding?: unknown;
  isFileGone?: boolean;
  v?: number;
};

export const toStored = ({ v: _v, ...stored }: ThreadItem): StoredThread => stored as StoredThread;

/** Returns a thread as the rest of the product sees it. */
export function toThread(stored: StoredThread): Thread {
  const { fileHash: _hash, known: _known, recent: _recent, boundary: _boundary, ...thread } = stored;
  return thread;
}

/** Returns a thread; its key changes with its status, so that a reader may find neither of the two while it moves. */
export async function readThread(sessionId: string, id: string): Promise<StoredThread | undefined> {
  for (const status of ["open", "resolved", "open"] as const) {
    const get = ThreadEntity.build(GetItemCommand).key({ sessionId, id, status });
    const { Item } = await get.options({ consistent: true }).send();
    if (Item) return toStored(Item);
  }
  return undefined;
}

export async function readCounts(sessionId: string): Promise<{ open: number; total: number }> {
  const get = ThreadCountsEntity.build(GetItemCommand).key({ sessionId });
  const { Item } = await get.options({ consistent: true }).send();
  return { open: Item?.open ?? 0, total: Item?.total ?? 0 };
}
