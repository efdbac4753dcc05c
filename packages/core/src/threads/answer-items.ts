import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { UpdateTransaction } from "dynamodb-toolbox/entity/actions/transactUpdate";
import { $delete, $remove, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowIso, nowSeconds } from "../platform/clock";
import { cancelledAt, conditionHeld } from "../platform/conditions";
import { currentRequestId } from "../platform/correlation";
import { type DeadProcesses, instanceId } from "../platform/instance";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { retryOnConflict, type Write, writeAll } from "../platform/transaction";
import { answerId, type StoredBody, type StoredMessage } from "./messages";
import type { Answer, AnswerStatus } from "./schema";
import { MessageEntity, readThread, type StoredThread, ThreadEntity } from "./store";

const BEGINNING = { ...CONTENTION, attempts: 10 };

export const PENDING = "STATUS#answer#pending";
export const WRITING = "STATUS#answer#writing";

/** What a thread carries while an answer in it is begun by nobody, so that a sweeper finds it. */
export const waitingSince = (time: string) => ({ gsi2pk: PENDING, gsi2sk: time });

function lease() {
  const leaseUntil = nowSeconds() + LIMITS.lease.seconds;
  const holder = instanceId();
  const index = { gsi2pk: WRITING, gsi2sk: String(leaseUntil) };
  return { status: "writing" as const, leaseUntil, ...(holder && { holder }), ...index };
}

const NO_LEASE = { leaseUntil: $remove(), holder: $remove(), gsi2pk: $remove(), gsi2sk: $remove() } as const;

export type AnswerItemKey = { threadId: string; number: number };
type Held = AnswerItemKey & { attempt: number };
export type EndStatus = Exclude<AnswerStatus, "pending" | "writing">;

const is = (attempt: number, status: "pending" | "writing" | "closing") => ({
  and: [
    { attr: "attempt" as const, eq: attempt },
    { attr: "status" as const, eq: status },
  ],
});

/** All or nothing; false when a condition did not hold. */
async function tryAll(writes: Write[]): Promise<boolean> {
  try {
    await retryOnConflict(() => writeAll(writes));
    return true;
  } catch (error) {
    if ((cancelledAt(error)?.condition.length ?? 0) > 0) return false;
    throw error;
  }
}

const update = () => MessageEntity.build(UpdateItemCommand);

/** Returns false where the command's condition did not hold. */
const held = (command: { send(): Promise<unknown> }): Promise<boolean> =>
  conditionHeld(retryOnConflict(() => command.send()));

type Begun = (ReturnType<typeof lease> & { claimId: string }) | { status: "stopped" };

/** A thread's answer is no more waited for; with the last of them it goes off the sweeper's list. */
const takeOff = ({ sessionId, id, waiting = new Set() }: StoredThread, number: number): Write =>
  ThreadEntity.build(UpdateTransaction)
    .item({
      sessionId,
      id,
      waiting: $delete(new Set([number])),
      ...(waiting.size === 1 && { gsi2pk: $remove(), gsi2sk: $remove() }),
    })
    .options({
      condition: {
        and: [
          { attr: "waiting", contains: number },
          { size: "waiting", eq: waiting.size },
        ],
      },
    });

function answerTo({ number, ...question }: StoredMessage, teamId: string, state: Begun): Write {
  const { threadId, sessionId, id, authorId, authorName, version } = question;
  return MessageEntity.build(PutTransaction)
    .item({
      threadId,
      number: question.answeredBy ?? number + 1,
      sessionId,
      id: answerId(id),
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
    .options({ condition: { attr: "threadId", exists: false } });
}

/** Makes the item of a question's answer, as being written or as ended; false when somebody else has made it. */
async function begin(question: StoredMessage, teamId: string, state: () => Begun): Promise<boolean> {
  const { sessionId, threadId, answeredBy = question.number + 1 } = question;
  const hasBegun = await retryUntilDefined(async () => {
    const thread = await readThread(sessionId, threadId);
    if (!thread?.waiting?.has(answeredBy)) return false;
    // Where the first does not hold, others asked or were answered in this thread meanwhile: look again.
    return (await tryAll([takeOff(thread, answeredBy), answerTo(question, teamId, state())])) || undefined;
  }, BEGINNING);
  if (hasBegun !== undefined) return hasBegun;
  throw new AppError("DATABASE_ERROR", "Too many concurrent writes in this thread. Try again.");
}

/** Takes the answer to a question that nobody has begun to answer. `claimId` is that of this one taking. */
export const claimFirst = (question: StoredMessage, teamId: string, claimId: string): Promise<boolean> =>
  begin(question, teamId, () => ({ ...lease(), claimId }));

/** Ends it before anybody began. */
export const stopFirst = (question: StoredMessage, teamId: string): Promise<boolean> =>
  begin(question, teamId, () => ({ status: "stopped" }));

/** Takes a later attempt. In a transaction, because the SDK's retry after a lost answer then has one effect. */
export const claimAgain = ({ attempt, ...key }: Held, claimId: string): Promise<boolean> =>
  tryAll([
    MessageEntity.build(UpdateTransaction)
      .item({ ...key, ...lease(), claimId })
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
    proposals: body.proposals ?? $remove(),
    bodyBlob: body.bodyBlob ?? $remove(),
    details,
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

/**
 * Shuts out a writer whose lease ran out, or that is known to be dead; its index entry stays, so that gathering its text is
 * taken up again.
 */
export const shutOut = ({ attempt, ...key }: Held, dead?: DeadProcesses): Promise<boolean> => {
  const isOver = { attr: "leaseUntil" as const, lt: nowSeconds() };
  const isDead = dead === "all" ? [] : [dead ? { attr: "holder" as const, eq: dead.instance } : isOver];
  return held(
    update()
      .item({ ...key, status: "closing" })
      .options({ condition: { and: [is(attempt, "writing"), ...isDead] } }),
  );
};

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
        ...waitingSince(nowIso()),
        status: "pending",
        attempt: attempt + 1,
        authorId: asker.userId,
        authorName: asker.name,
        requestId: currentRequestId() ?? $remove(),
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
