/** Replies' face: answers being written, followed, stopped and continued. */
import * as v from "valibot";
import { modelNames } from "../ai/index";
import type { Job } from "../platform/announce";
import type { LogEvent } from "../platform/event-log";
import { operation } from "../platform/operation";
import { sessionId } from "../sessions/schema";
import { type AnswerEvent, answerLogSchema, type Intent, threadIdSchema } from "../threads/schema";

const answer = v.object({
  sessionId,
  threadId: threadIdSchema,
  /** The answer's own number, not its question's. */
  number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999)),
});

/**
 * An answer's events after a sequence number, until it ends or the signal aborts. The first to follow a pending answer
 * has it written, in this process and apart from the reader: leaving does not stop it. It always ends with an `end`
 * event, also for a reader who has seen everything that was stored.
 */
export const followAnswer = operation(
  "replies.follow",
  v.object({
    logId: answerLogSchema,
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (): Promise<AsyncIterable<LogEvent<AnswerEvent>>> => {
    throw new Error("not written yet");
  },
);

/** Asks an answer to stop; whoever writes it does so within two seconds and keeps what was written. */
export const stopAnswer = operation("replies.stop", answer, async (): Promise<void> => {
  throw new Error("not written yet");
});

/** A new attempt at an answer, to be followed by its log. */
export type Attempt = { attempt: number; logId: string };

/** Goes on from the text of an answer that was interrupted, stopped, cut off or failed after some words. */
export const continueAnswer = operation("replies.continue", answer, async (): Promise<Attempt> => {
  throw new Error("not written yet");
});

/** Writes an answer anew, from nothing. */
export const retryAnswer = operation("replies.retry", answer, async (): Promise<Attempt> => {
  throw new Error("not written yet");
});

export type Answerer = { by: "model" | "builtin" } | { by: null; reason: string };

/** Who would answer: the model when there is one, else the built-in reviewer for what it found itself, else nobody. */
export function canAnswer(intent: Intent, about: { hasBuiltinFinding: boolean }): Answerer {
  if (modelNames("reply").length > 0) return { by: "model" };
  if (about.hasBuiltinFinding && (intent === "explain" || intent === "fix")) return { by: "builtin" };
  return {
    by: null,
    reason:
      "No model is set up, and this needs one. Set REDLINE_MODEL to bedrock:<model id> or openai:<base url>#<model>.",
  };
}

/** Resolves once every answer that this process is writing has ended: before a Lambda handler or a server does. */
export async function answersSettled(): Promise<void> {}

/** Every minute: has answers written that nobody follows, and ends those whose writer died. */
export async function sweepAnswers(): Promise<{ asked: number; interrupted: number }> {
  throw new Error("not written yet");
}

/** Writes an answer that was asked for and that nobody followed. Delivered again, it does nothing. */
export async function answerUnfollowed(_job: Job<"answer">): Promise<void> {
  throw new Error("not written yet");
}
