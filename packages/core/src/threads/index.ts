/** Threads' face: conversations about code, their messages, and where they point. */
import type { Actor } from "../auth/schema";
import type { Codebase } from "../codebases/schema";
import type { Session } from "../sessions/schema";
import type { Answer, Message, Thread } from "./schema";

/** All threads of a session on its head, newest activity last: for pages that have loaded session and codebase. */
export async function threadsOf(_session: Session, _codebase: Codebase): Promise<Thread[]> {
  throw new Error("not written yet");
}

/** An answer somebody is about to write: `attempt` is the lease's epoch, which fences an earlier writer out. */
export type ClaimedAnswer = {
  session: Session;
  thread: Thread;
  number: number;
  attempt: number;
  /** The text so far, when it goes on from where an earlier attempt ended. */
  textSoFar: string;
};

/** Takes a pending answer to write it; undefined when somebody else did, or it has ended. */
export async function claimAnswer(_actor: Actor, _at: AnswerKey): Promise<ClaimedAnswer | undefined> {
  throw new Error("not written yet");
}

export type AnswerKey = { sessionId: string; threadId: string; number: number };

/** Renews the lease and says whether the answer was asked to stop, or was taken from us. */
export async function renewAnswer(_claim: ClaimedAnswer): Promise<"go-on" | "stop" | "lost"> {
  throw new Error("not written yet");
}

export type AnswerEnd = Pick<
  Answer,
  "model" | "context" | "proposals" | "error" | "usage" | "costMicroUsd" | "firstTokenMs" | "totalMs"
> & {
  status: Exclude<Answer["status"], "pending" | "writing">;
  text: string;
};

/** Stores what an answer came to; false when the lease was lost, and then nothing is stored. */
export async function endAnswer(_claim: ClaimedAnswer, _end: AnswerEnd): Promise<boolean> {
  throw new Error("not written yet");
}

/** The last messages before (and with) a number, oldest first: what a model is told of a thread. Deleted ones are left out. */
export async function historyOf(_threadId: string, _upTo: number, _count: number): Promise<Message[]> {
  throw new Error("not written yet");
}
