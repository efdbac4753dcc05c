/** The life of an answer: claimed under a lease, renewed, ended; stopped, interrupted, begun again. */
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import { derivedId } from "../platform/ids";
import { getSession } from "../sessions/index";
import type { Session } from "../sessions/schema";
import {
  askToStop,
  claimAgain,
  claimFirst,
  type EndStatus,
  endAttempt,
  openAttempt,
  renewLease,
  stopFirst,
  stopPending,
} from "./answer-items";
import { spentWith, together } from "./attempts";
import { isStale } from "./interrupting";
import { packBody, pendingAnswer, readMessage, type StoredMessage, toMessage, unpackBody } from "./messages";
import { placeThreads } from "./placing";
import { type Answer, type AnswerKey, answerLogId, type Message, type Thread } from "./schema";
import { readThread, type StoredThread, toThread } from "./store";

/** An answer somebody is about to write: `attempt` is the lease's epoch, which fences an earlier writer out. */
export type ClaimedAnswer = {
  session: Session;
  /** Where it is on the head; `thread.version` says which version that is. */
  thread: Thread;
  number: number;
  attempt: number;
  /** This one taking of the answer, by which its writer knows what it has stored itself. */
  claimId: string;
  /** That of whoever asked, which need not be the one who has it written. */
  requestId?: string;
  /** The text so far, when it goes on from where an earlier attempt ended. */
  textSoFar: string;
  /** The thread's boundary, if it has one yet: see `keepBoundary`. */
  boundary?: string;
  /** What earlier attempts proposed and cost; `endAnswer` adds to it. */
  before: Pick<Answer, "proposals" | "usage" | "costMicroUsd">;
};

/** An answer in whatever state it is. `isStale` when its writer stopped renewing its lease: see `interruptStale`. */
export type AnswerState = { session: Session; message: Message; answer: Answer; isStale: boolean };

type Found = {
  session: Session;
  thread: StoredThread;
  /** Undefined while nobody has begun: then `question` waits for it. */
  stored?: StoredMessage;
  question?: StoredMessage;
};

const noAnswer = () => new AppError("MESSAGE_NOT_FOUND", "That answer was not found.");

/** Loads an answer through the actor; throws MESSAGE_NOT_FOUND where none was asked for. */
async function findAnswer(actor: Actor, { sessionId, threadId, number }: AnswerKey): Promise<Found> {
  const session = await getSession(actor, { id: sessionId });
  const [thread, stored] = await Promise.all([readThread(session.id, threadId), readMessage(threadId, number)]);
  if (!thread) throw new AppError("THREAD_NOT_FOUND", "That thread was not found.");
  if (stored) {
    if (stored.status === undefined) throw noAnswer();
    return { session, thread, stored };
  }
  const question = number > 1 ? await readMessage(threadId, number - 1) : undefined;
  if (question?.answeredBy !== number) throw noAnswer();
  return { session, thread, question };
}

/** The answer with its state. Throws MESSAGE_NOT_FOUND where none was asked for. */
export async function answerAt(actor: Actor, at: AnswerKey): Promise<AnswerState> {
  const { session, stored, question } = await findAnswer(actor, at);
  const message = stored
    ? await toMessage(stored)
    : pendingAnswer(await toMessage(question as StoredMessage), at.number);
  return { session, message, answer: message.answer as Answer, isStale: stored !== undefined && isStale(stored) };
}

/** Takes a pending answer to write it; undefined when somebody else did, or it has ended. */
export async function claimAnswer(actor: Actor, at: AnswerKey): Promise<ClaimedAnswer | undefined> {
  const { session, thread, stored, question } = await findAnswer(actor, at);
  if (stored ? stored.status !== "pending" : question?.deletedAt) return undefined;
  const attempt = stored?.attempt ?? 1;
  const body = stored ? await unpackBody(stored) : { text: "", proposals: [] };
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const [placed] = await placeThreads(codebase, [thread]);
  const held = { threadId: thread.id, number: at.number, attempt };
  const claimId = randomUUID();
  const isOurs = await taken(held, claimId, () =>
    question ? claimFirst(question, session.teamId, claimId) : claimAgain(held, claimId),
  );
  if (!isOurs) return undefined;
  const { usage, costMicroUsd } = (stored?.details ?? {}) as Partial<Answer>;
  return {
    session,
    claimId,
    thread: placed ?? toThread(thread),
    number: at.number,
    attempt,
    requestId: (stored ?? question)?.requestId,
    textSoFar: body.text,
    boundary: thread.boundary,
    before: { proposals: body.proposals, usage, costMicroUsd },
  };
}

/** Whether a claim is ours: also when it was written and every answer to the writing was lost. */
async function taken(key: { threadId: string; number: number }, claimId: string, claim: () => Promise<boolean>) {
  const isWritten = async () => (await readMessage(key.threadId, key.number))?.claimId === claimId;
  try {
    return (await claim()) || (await isWritten());
  } catch (error) {
    if (await isWritten()) return true;
    throw error;
  }
}

const heldBy = ({ thread, number, attempt }: ClaimedAnswer) => ({ threadId: thread.id, number, attempt });

/** When this process last renewed each lease that it holds. */
const renewedMs = new WeakMap<ClaimedAnswer, number>();

/**
 * Says whether the answer was asked to stop, or was taken from us; renews the lease when that is due. To be called every
 * `LIMITS.answer.stopPollMs`: mostly it only reads.
 */
export async function renewAnswer(claim: ClaimedAnswer): Promise<"go-on" | "stop" | "lost"> {
  const last = renewedMs.get(claim);
  renewedMs.set(claim, last ?? nowMs());
  if (last !== undefined && nowMs() - last >= LIMITS.lease.renewSeconds * 1000) {
    if (!(await renewLease(heldBy(claim)))) return "lost";
    renewedMs.set(claim, nowMs());
  }
  const stored = await readMessage(claim.thread.id, claim.number);
  if (stored?.status !== "writing" || stored.attempt !== claim.attempt) return "lost";
  return stored.stopAsked ? "stop" : "go-on";
}

export type AnswerEnd = Pick<
  Answer,
  "model" | "context" | "proposals" | "error" | "usage" | "costMicroUsd" | "firstTokenMs" | "totalMs"
> & {
  status: EndStatus;
  /** All of it, the text so far included. */
  text: string;
};

/**
 * Stores what an answer came to; false when the lease was lost, and then nothing is stored. Proposals, usage and cost are
 * those of this attempt: what attempts before it made and cost is added.
 */
export async function endAnswer(claim: ClaimedAnswer, end: AnswerEnd): Promise<boolean> {
  const { status, text, proposals, ...details } = end;
  const { before, session } = claim;
  const body = await packBody(session.teamId, { text, proposals: together(before.proposals, proposals) });
  const ending = { status, body, details: { ...details, ...spentWith(before, details) } };
  const endedBy = derivedId("req", claim.claimId, JSON.stringify(end));
  if (await endAttempt(heldBy(claim), "writing", ending, endedBy)) return true;
  // The condition also fails for an end that was written and is sent again because the answer to it was lost.
  return (await readMessage(claim.thread.id, claim.number))?.endedBy === endedBy;
}

const stops = new EventEmitter().setMaxListeners(0);
const nameOf = ({ threadId, number, attempt }: { threadId: string; number: number; attempt: number }) =>
  `${threadId}.${number}.${attempt}`;

/** Hears at once of a stop asked for in this process; others are seen by `renewAnswer`. Returns how to listen no more. */
export function onStopNearby(claim: ClaimedAnswer, listener: () => void): () => void {
  const name = nameOf(heldBy(claim));
  stops.on(name, listener);
  return () => void stops.off(name, listener);
}

/** Asks an answer to stop: one being written by its writer, one that nobody has begun at once. Ended ones stay as they are. */
export async function requestStop(actor: Actor, at: AnswerKey): Promise<void> {
  // Between reading and writing it may have moved on once (claimed, or ended), so a second look settles it.
  for (let look = 1; look <= 3; look += 1) {
    const { session, thread, stored, question } = await findAnswer(actor, at);
    const held = { threadId: thread.id, number: at.number, attempt: stored?.attempt ?? 1 };
    if (question) {
      if (await stopFirst(question, session.teamId)) return;
    } else if (stored?.status === "pending") {
      if (await stopPending(held)) return;
    } else if (stored?.status === "writing") {
      if (!(await askToStop(held))) continue;
      stops.emit(nameOf(held));
      return;
    } else return;
  }
  throw new AppError("DATABASE_ERROR", "The reply couldn't be stopped. Try again.");
}

/**
 * The next attempt at an ended answer, pending until it is claimed: with its text so far to go on from, or from nothing.
 * One that is pending or being written stays as it is, so that asking twice has one effect.
 */
export async function reopenAnswer(
  actor: Actor,
  at: AnswerKey,
  keep: "text" | "nothing",
): Promise<{ attempt: number; logId: string }> {
  const { thread, stored } = await findAnswer(actor, at);
  let attempt = stored?.attempt ?? 1;
  const status = stored?.status;
  if (status === "closing") throw new AppError("VERSION_CONFLICT", "The reply is being finalized. Try again.");
  if (status !== undefined && status !== "pending" && status !== "writing") {
    await openAttempt({ threadId: thread.id, number: at.number, attempt }, status, actor, keep);
    // Whoever was first, there is one more attempt now.
    attempt += 1;
  }
  return { attempt, logId: answerLogId(at.sessionId, thread.id, at.number, attempt) };
}
