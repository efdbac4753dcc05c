import type { Actor } from "../auth/schema";
import { sleep } from "../platform/clock";
import { followLog, type LogEvent, readLog } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import type { AnswerKey } from "../threads/index";
import { answerAt, interruptStale } from "../threads/internal";
import type { Answer, AnswerEvent, AnswerStatus } from "../threads/schema";
import { isWrittenHere } from "./produce";

export type Following = {
  logId: string;
  at: AnswerKey;
  attempt: number;
  after: number;
  signal: AbortSignal;
  /** The attempt has ended: there is nothing to wait for. */
  isOver: boolean;
};

/** How often a reader of what another process writes looks whether that process still does. */
const LOOK_MS = 5_000;

export function attemptOf(logId: string): { at: AnswerKey; attempt: number } {
  const [sessionId = "", threadId = "", number, attempt] = logId.split(".");
  return { at: { sessionId, threadId, number: Number(number) }, attempt: Number(attempt) };
}

export const hasEnded = (status: AnswerStatus): boolean => status !== "pending" && status !== "writing";

/** The log's events, and always an end: from the answer itself where its writer died before it could say so. */
export async function* followToEnd(actor: Actor, following: Following): AsyncGenerator<LogEvent<AnswerEvent>> {
  const { logId, after, signal } = following;
  let seen = after;
  const over = new AbortController();
  if (following.isOver) over.abort();
  const until = AbortSignal.any([signal, over.signal]);
  void lookOut(actor, following, until, over);
  try {
    for await (const entry of followLog<AnswerEvent>(logId, seen, until)) {
      seen = entry.sequence;
      yield entry;
      if (entry.last) return;
    }
    if (signal.aborted) return;
    for (const entry of await readLog<AnswerEvent>(logId, seen)) {
      seen = entry.sequence;
      yield entry;
      if (entry.last) return;
    }
    yield { sequence: seen + 1, event: await endOf(actor, following), last: true };
  } finally {
    over.abort();
  }
}

/** Ends the following of a log to which nothing will be added; an answer whose writer died is interrupted. */
async function lookOut(actor: Actor, following: Following, until: AbortSignal, over: AbortController): Promise<void> {
  const { logId, at, attempt } = following;
  for (;;) {
    await sleep(LOOK_MS, until);
    if (until.aborted) return;
    if (isWrittenHere(logId)) continue;
    try {
      const { answer, isStale } = await answerAt(actor, at);
      if (answer.attempt !== attempt || hasEnded(answer.status)) over.abort();
      else if (isStale) await interruptStale(at);
    } catch (error) {
      log.warn("answer not looked at", { logId, ...errorFields(error) });
    }
  }
}

/** How this attempt ended, by the answer; one that was begun again since had been interrupted or stopped before. */
async function endOf(actor: Actor, { at, attempt }: Following): Promise<AnswerEvent> {
  const { answer } = await answerAt(actor, at);
  const status = answer.attempt === attempt ? endStatusOf(answer) : "interrupted";
  return { type: "end", status, ...(answer.attempt === attempt && answer.error && { error: answer.error }) };
}

const endStatusOf = ({ status }: Answer) => (status === "pending" || status === "writing" ? "interrupted" : status);
