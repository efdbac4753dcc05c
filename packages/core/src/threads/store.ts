import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { any, boolean, item, list, number, set, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { packed, packedText } from "../platform/compressed-json";
import { padNumber } from "../platform/ids";
import { entityDefaults, table } from "../platform/table";
import type { Anchor } from "../text/index";
import type { Thread } from "./schema";

const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

export const ThreadEntity = new Entity({
  ...entityDefaults,
  name: "thread",
  schema: item({
    sessionId: string().key(),
    id: string().key(),
    path: string(),
    anchor: any().transform(packed).optional(),
    version: number(),
    /** The text that `anchor` is about: where the head's has the same hash, there is nothing to carry. */
    fileHash: string(),
    isFileGone: boolean().optional(),
    /** Of an outdated anchor: where it last stood, and in which text. */
    known: any().transform(packed).optional(),
    finding: any().transform(packed).optional(),
    /** Delimiter of the material in this thread's prompts: the same for each question, so that servers can cache the prefix. */
    boundary: string().optional(),
    status: string().enum("open", "resolved"),
    title: string(),
    count: number(),
    /** The latest messages as `<start of the id's hash>:<number>`, so that posting one again finds it. */
    recent: list(string()),
    /** Numbers of answers that were asked for and that nobody has begun; while there are any, a sweeper finds the thread. */
    waiting: set(number()).optional(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    creatorId: string(),
    creatorName: string(),
    createdAt: string(),
    updatedAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
    pk: sessionKey(sessionId),
    sk: `THREAD#${id}`,
  }),
});

/** How many threads a session has: the limits are conditions on this item, so they hold whoever writes at once. */
export const ThreadCountsEntity = new Entity({
  ...entityDefaults,
  name: "thread-counts",
  schema: item({ sessionId: string().key(), open: number(), total: number(), v: number().default(1) }),
  computeKey: ({ sessionId }: { sessionId: string }) => ({ pk: sessionKey(sessionId), sk: "THREADS" }),
});

/** A person's message or an answer. An answer's item is made when it is claimed; until then its question tells of it. */
export const MessageEntity = new Entity({
  ...entityDefaults,
  name: "message",
  schema: item({
    threadId: string().key(),
    number: number().key(),
    sessionId: string(),
    id: string(),
    /** Who wrote it; of an answer, who asked. */
    authorId: string(),
    authorName: string(),
    /** Text and proposals, or the blob that holds both where they are long. */
    text: any().transform(packedText).castAs<string>().optional(),
    proposals: any().transform(packed).optional(),
    bodyBlob: string().optional(),
    intent: string().enum("ask", "explain", "fix", "refactor", "document", "test").optional(),
    version: number(),
    createdAt: string(),
    editedAt: string().optional(),
    deletedAt: string().optional(),
    answeredBy: number().optional(),
    /** The request that asked: of a question, and of a later attempt at an answer. */
    requestId: string().optional(),
    /** From here on: answers only. */
    question: number().optional(),
    /** `closing`: its writer is shut out, and what it wrote is being gathered from its log. */
    status: string()
      .enum("pending", "writing", "closing", "done", "failed", "stopped", "truncated", "interrupted", "refused")
      .optional(),
    attempt: number().optional(),
    details: any().transform(packed).optional(),
    teamId: string().optional(),
    leaseUntil: number().optional(),
    /** The process that took the lease. */
    holder: string().optional(),
    /** Who took it last: recognises one's own claim when the answer to writing it was lost. */
    claimId: string().optional(),
    stopAsked: boolean().optional(),
    endedBy: string().optional(),
    /** What a sweeper looks for: later attempts that nobody has begun, and leases. */
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
  computeKey: ({ threadId, number: at }: { threadId: string; number: number }) => ({
    pk: `THREAD#${threadId}`,
    sk: `MESSAGE#${padNumber(at)}`,
  }),
});

/** A thread as it is stored. */
export type StoredThread = Thread & {
  fileHash: string;
  known?: KnownPlace;
  recent: string[];
  waiting?: Set<number>;
  boundary?: string;
};

type KnownPlace = Pick<Anchor, "startLine" | "endLine" | "state" | "confidence"> & { hash: string };

type ThreadItem = Omit<StoredThread, "anchor" | "known" | "finding" | "isFileGone"> & {
  anchor?: unknown;
  known?: unknown;
  finding?: unknown;
  isFileGone?: boolean;
  gsi2pk?: string;
  gsi2sk?: string;
  v?: number;
};

const toStored = ({ v: _v, gsi2pk: _pk, gsi2sk: _sk, ...stored }: ThreadItem): StoredThread => stored as StoredThread;

/** What the rest of the product sees of it. */
export function toThread(stored: StoredThread): Thread {
  const { fileHash: _hash, known: _known, recent: _recent, waiting: _waiting, boundary: _boundary, ...thread } = stored;
  return thread;
}

export async function readThread(sessionId: string, id: string): Promise<StoredThread | undefined> {
  const get = ThreadEntity.build(GetItemCommand).key({ sessionId, id });
  const { Item } = await get.options({ consistent: true }).send();
  return Item && toStored(Item);
}

/** All threads of a session, in one query. */
export async function queryThreads(sessionId: string): Promise<StoredThread[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(ThreadEntity)
    .query({ partition: sessionKey(sessionId), range: { beginsWith: "THREAD#" } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.map(toStored);
}

export async function readCounts(sessionId: string): Promise<{ open: number; total: number }> {
  const get = ThreadCountsEntity.build(GetItemCommand).key({ sessionId });
  const { Item } = await get.options({ consistent: true }).send();
  return { open: Item?.open ?? 0, total: Item?.total ?? 0 };
}
