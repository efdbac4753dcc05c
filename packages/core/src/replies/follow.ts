import { sleep } from "../platform/clock";
import { followLog, type LogEvent, readLog } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import { replyItems, type StoredReply, toReply, toWorkKey } from "../threads/internal";
import type { Reply, ReplyEvent, ReplyKey } from "../threads/schema";
import { hasEnded, isStalled } from "../work/schema";
import { replyWork } from "./work";

export type FollowOptions = {
  logId: string;
  at: ReplyKey;
  attempt: number;
  after: number;
  signal: AbortSignal;
  /** The attempt has ended: there is nothing to wait for. */
  isOver: boolean;
};

/** The interval at which a reader checks that the writing process is alive. */
const POLL_MS = 5_000;

/** Parses a reply's log id, which must be well formed. */
export function attemptOf(logId: string): { at: ReplyKey; attempt: number } {
  const [sessionId = "", threadId = "", number, attempt] = logId.split(".");
  return { at: { sessionId, threadId, number: Number(number) }, attempt: Number(attempt) };
}

/**
 * Starts a reply in this process where it was never claimed, and ends it as interrupted where its writer died. Resolves
 * once it has begun, or ended.
 */
export async function startReply({ sessionId, threadId, number, userId }: StoredReply): Promise<void> {
  await replyWork.start({ sessionId, threadId, number, userId });
}

/** Yields the log's events, and always an end: from the reply itself where its writer died before it could say so. */
export async function* followToEnd(options: FollowOptions): AsyncGenerator<LogEvent<ReplyEvent>> {
  const { logId, after, signal } = options;
  let seen = after;
  const over = new AbortController();
  if (options.isOver) over.abort();
  const until = AbortSignal.any([signal, over.signal]);
  void pollForEnd(options, until, over);
  try {
    for await (const entry of followLog<ReplyEvent>(logId, seen, until)) {
      seen = entry.sequence;
      yield entry;
      if (entry.last) return;
    }
    if (signal.aborted) return;
    for (const entry of await readLog<ReplyEvent>(logId, seen)) {
      seen = entry.sequence;
      yield entry;
      if (entry.last) return;
    }
    yield { sequence: seen + 1, event: await readEnd(options), last: true };
  } finally {
    over.abort();
  }
}

/** Ends the following of a log to which nothing will be added; a reply whose writer died is interrupted. */
async function pollForEnd({ logId, at, attempt }: FollowOptions, until: AbortSignal, over: AbortController) {
  for (;;) {
    await sleep(POLL_MS, until);
    if (until.aborted) return;
    if (replyWork.isHere(toWorkKey(at))) continue;
    try {
      const reply = await replyItems.read(toWorkKey(at));
      if (!reply || reply.attempt !== attempt || hasEnded(reply)) over.abort();
      else if (isStalled(reply)) await startReply(reply);
    } catch (error) {
      log.warn("reply status poll failed", { logId, ...errorFields(error) });
    }
  }
}

/** Returns how this attempt ended, by the reply; an attempt before the current one had been interrupted or stopped. */
async function readEnd({ at, attempt }: FollowOptions): Promise<ReplyEvent> {
  const stored = await replyItems.read(toWorkKey(at));
  const reply: Partial<Reply> = stored?.attempt === attempt ? (await toReply(stored)).reply : {};
  const { status = "interrupted", error } = reply;
  const ended = status === "pending" || status === "writing" ? "interrupted" : status;
  return { type: "end", status: ended, ...(error && { error }) };
}
