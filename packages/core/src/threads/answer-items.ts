import { ConditionCheck } from "dynamodb-toolbox/entity/actions/transactCheck";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { nowIso, nowSeconds } from "../platform/clock";
import { cancelledAt, isConditionFailed } from "../platform/conditions";
import { table } from "../platform/table";
import { pastConflicts, type Write, writeAll } from "../platform/transaction";
import { answerId, type StoredBody, type StoredMessage } from "./messages";
import type { Answer, AnswerStatus } from "./schema";
import { MessageEntity } from "./store";

const PENDING = "STATUS#answer#pending";
const WRITING = "STATUS#answer#writing";

/** What a question whose answer nobody has begun carries, so that a sweeper finds it. */
export const waiting = (since: string) => ({ gsi2pk: PENDING, gsi2sk: since });

function lease() {
  const leaseUntil = nowSeconds() + LIMITS.lease.seconds;
  return { status: "writing" as const, leaseUntil, gsi2pk: WRITING, gsi2sk: String(leaseUntil) };
}

const NO_LEASE = { leaseUntil: $remove(), gsi2pk: $remove(), gsi2sk: $remove() } as const;

export type AnswerItemKey = { threadId: string; number: number };
type Held = AnswerItemKey & { attempt: number };
export type EndStatus = Exclude<AnswerStatus, "pending" | "writing">;

const is = (attempt: number, status: "pending" | "writing" | "closing") => ({
  and: [
    { attr: "attempt" as const, eq: attempt },
    { attr: "status" as const, eq: status },
  ],
});

/** Holds while this attempt is the one being written: what rides with each of its writes. */
export const writingCheck = ({ attempt, ...key }: Held): Write =>
  MessageEntity.build(ConditionCheck).key(key).condition(is(attempt, "writing"));

/** All or nothing; false when a condition did not hold. */
async function tryAll(writes: Write[]): Promise<boolean> {
  try {
    await pastConflicts(() => writeAll(writes));
    return true;
  } catch (error) {
    if ((cancelledAt(error)?.condition.length ?? 0) > 0) return false;
    throw error;
  }
}

const update = () => MessageEntity.build(UpdateItemCommand);

/** False when its condition did not hold. */
async function held(command: { send(): Promise<unknown> }): Promise<boolean> {
  try {
    await pastConflicts(() => command.send());
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Makes the item of a question's answer, as being written or as ended, and takes the question off the sweeper's list. */
function firstAttempt(
  question: StoredMessage,
  teamId: string,
  state: ReturnType<typeof lease> | { status: "stopped" },
) {
  const { threadId, sessionId, number, authorId, authorName, version } = question;
  return tryAll([
    MessageEntity.build(UpdateTransaction)
      .item({ threadId, number, gsi2pk: $remove(), gsi2sk: $remove() })
      .options({ condition: { attr: "gsi2pk", eq: PENDING } }),
    MessageEntity.build(PutTransaction)
      .item({
        threadId,
        number: question.answeredBy ?? number + 1,
        sessionId,
        id: answerId(question.id),
        authorId,
        authorName,
        text: "",
        version,
        createdAt: nowIso(),
        question: number,
        attempt: 1,
        teamId,
        ...state,
      })
      .options({ condition: { attr: "threadId", exists: false } }),
  ]);
}

/** Takes the answer to a question that nobody has begun to answer. */
export const claimFirst = (question: StoredMessage, teamId: string): Promise<boolean> =>
  firstAttempt(question, teamId, lease());

/** Ends it before anybody began. */
export const stopFirst = (question: StoredMessage, teamId: string): Promise<boolean> =>
  firstAttempt(question, teamId, { status: "stopped" });

/** Takes a later attempt. In a transaction, because the SDK's retry after a lost answer then has one effect. */
export const claimAgain = ({ attempt, ...key }: Held): Promise<boolean> =>
  tryAll([
    MessageEntity.build(UpdateTransaction)
      .item({ ...key, ...lease() })
      .options({ condition: is(attempt, "pending") }),
  ]);

export const renewLease = ({ attempt, ...key }: Held): Promise<boolean> =>
  held(
    update()
      .item({ ...key, ...lease() })
      .options({ condition: is(attempt, "writing") }),
  );

export type Ending = {
  status: EndStatus;
  body: StoredBody;
  details: Partial<Answer>;
};

function endingOf({ status, body, details }: Ending) {
  return {
    ...NO_LEASE,
    status,
    stopAsked: $remove(),
    text: body.text ?? $remove(),
    proposals: body.proposals ? $set(body.proposals) : $remove(),
    bodyBlob: body.bodyBlob ?? $remove(),
    details: $set(details),
  };
}

/** Stores what an attempt came to, from the state it must be in; `endedBy` tells a repeated request from another's. */
export const endAttempt = (
  { attempt, ...key }: Held,
  from: "writing" | "closing",
  ending: Ending,
  endedBy: string,
): Promise<boolean> =>
  held(
    update()
      .item({ ...key, ...endingOf(ending), endedBy })
      .options({ condition: is(attempt, from) }),
  );

/** Asks whoever writes it to stop. */
export const askToStop = ({ attempt, ...key }: Held): Promise<boolean> =>
  held(
    update()
      .item({ ...key, stopAsked: true })
      .options({ condition: is(attempt, "writing") }),
  );

/** Ends a later attempt that nobody has begun. */
export const stopPending = ({ attempt, ...key }: Held): Promise<boolean> =>
  held(
    update()
      .item({ ...key, ...NO_LEASE, status: "stopped" })
      .options({ condition: is(attempt, "pending") }),
  );

/** Shuts out a writer whose lease ran out; its index entry stays, so that gathering its text is taken up again. */
export const shutOut = ({ attempt, ...key }: Held): Promise<boolean> =>
  held(
    update()
      .item({ ...key, status: "closing" })
      .options({ condition: { and: [is(attempt, "writing"), { attr: "leaseUntil", lt: nowSeconds() }] } }),
  );

/** Opens the next attempt at an ended answer, with its text or without; `asker` is who wants it now. */
export const openAttempt = (
  { attempt, ...key }: Held,
  from: EndStatus,
  asker: { userId: string; name: string },
  keep: "text" | "nothing",
): Promise<boolean> =>
  held(
    update()
      .item({
        ...key,
        ...waiting(nowIso()),
        status: "pending",
        attempt: attempt + 1,
        authorId: asker.userId,
        authorName: asker.name,
        stopAsked: $remove(),
        ...(keep === "nothing" && { text: "", proposals: $remove(), bodyBlob: $remove(), details: $remove() }),
      })
      .options({
        condition: {
          and: [
            { attr: "attempt", eq: attempt },
            { attr: "status", eq: from },
          ],
        },
      }),
  );

export type ListedAnswer = { sessionId: string; threadId: string; number: number; userId: string };

/** Answers that nobody had begun to write since before then, at most 100. The index may lag: claiming decides. */
export const queryUnansweredBefore = (time: string): Promise<ListedAnswer[]> => list(PENDING, time);

/** Answers whose writer stopped renewing its lease, at most 100. */
export const queryStaleAnswers = (): Promise<ListedAnswer[]> => list(WRITING, String(nowSeconds()));

async function list(partition: string, before: string): Promise<ListedAnswer[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(MessageEntity)
    .query({ index: "gsi2", partition, range: { lt: before } })
    .options({ limit: 100 })
    .send();
  return Items.map(({ sessionId, threadId, number, answeredBy, authorId }) => ({
    sessionId,
    threadId,
    number: answeredBy ?? number,
    userId: authorId,
  }));
}
