import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { nowSeconds } from "../platform/clock";
import { type DeadProcesses, isHeldBy } from "../platform/instance";
import { table } from "../platform/table";
import { PENDING, WRITING } from "./answer-items";
import { readMessage, type StoredMessage } from "./messages";
import { MessageEntity, ThreadEntity } from "./store";

const MAX_LISTED = 100;

/** An answer that a sweeper found; `userId` is who asked. */
export type ListedAnswer = { sessionId: string; threadId: string; number: number; userId: string };

/** Answers that nobody had begun to write since before then, at most 100. The index may lag: claiming decides. */
export async function queryUnansweredBefore(time: string): Promise<ListedAnswer[]> {
  const listed: ListedAnswer[] = [];
  for (const each of await queryIndex(PENDING, time)) {
    if (each.entity === "message") listed.push(keyOf(each));
    else {
      for (const number of each.waiting ?? []) {
        const question = await readMessage(each.id, number - 1);
        if (question) listed.push({ ...keyOf(question), number });
      }
    }
  }
  return listed.slice(0, MAX_LISTED);
}

/** Answers whose writer stopped renewing its lease, at most 100. */
export async function queryStaleAnswers(): Promise<ListedAnswer[]> {
  const items = await queryIndex(WRITING, String(nowSeconds()));
  return items.flatMap((each) => (each.entity === "message" ? keyOf(each) : []));
}

/** Answers that these dead processes wrote, or that somebody who may be dead was ending for their writer. */
export async function queryAnswersHeldBy(dead: DeadProcesses): Promise<ListedAnswer[]> {
  const items = await queryIndex(WRITING, "~", Number.POSITIVE_INFINITY);
  return items.flatMap((each) =>
    each.entity === "message" && (each.status === "closing" || isHeldBy(each.holder, dead)) ? keyOf(each) : [],
  );
}

/** An answer that is asked for or being written; `leaseUntil` in seconds, null while nobody has begun. */
export type AnswerUnderWay = { sessionId: string; threadId: string; since: string; leaseUntil: number | null };

/** Answers under way, of every session: for whoever operates this. At most 100 waiting and 100 being written. */
export async function listAnswersUnderWay(): Promise<AnswerUnderWay[]> {
  const [pending, writing] = await Promise.all([queryIndex(PENDING, "~"), queryIndex(WRITING, "~")]);
  return [
    ...pending.map((each) => ({ ...placeOf(each), since: each.gsi2sk ?? each.createdAt, leaseUntil: null })),
    ...writing.flatMap((each) =>
      each.entity === "message"
        ? { ...placeOf(each), since: each.createdAt, leaseUntil: each.leaseUntil ?? Number(each.gsi2sk) }
        : [],
    ),
  ];
}

type Indexed = Awaited<ReturnType<typeof queryIndex>>[number];

const placeOf = (each: Indexed) => ({
  sessionId: each.sessionId,
  threadId: each.entity === "message" ? each.threadId : each.id,
});

const keyOf = ({ sessionId, threadId, number, authorId }: StoredMessage): ListedAnswer => ({
  sessionId,
  threadId,
  number,
  userId: authorId,
});

async function queryIndex(partition: string, before: string, maxPages = 1) {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(MessageEntity, ThreadEntity)
    .query({ index: "gsi2", partition, range: { lt: before } })
    .options({ limit: MAX_LISTED, maxPages, showEntityAttr: true })
    .send();
  return Items;
}
