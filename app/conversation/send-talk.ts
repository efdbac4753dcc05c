import type { ErrorShape } from "@redline/core/errors";
import type { TalkInput, TalkResult } from "./acts";
import type { OpenThread } from "./page";

/** What went wrong, as a person reads it; `isOffline` when the server was not reached. */
export class TalkFailed extends Error {
  constructor(
    message: string,
    readonly isOffline = false,
    readonly code?: string,
  ) {
    super(message);
  }
}

async function ask<Result>(url: string, init: RequestInit | undefined, unreached: string): Promise<Result> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new TalkFailed(unreached, true);
  }
  const answer = (await response.json().catch(() => null)) as Result | ErrorShape | null;
  if (answer === null) throw new TalkFailed("The server gave no answer. Reload to see what is there.");
  if (typeof answer === "object" && "error" in answer) {
    throw new TalkFailed(answer.error.message, false, answer.error.code);
  }
  return answer;
}

/** Sends one act. Throws TalkFailed. */
export function sendTalk(sessionId: string, input: TalkInput): Promise<TalkResult> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(input) };
  return ask(`/sessions/${sessionId}/talk`, init, "Redline can't be reached. Nothing was sent.");
}

/** A thread as it is now. Throws TalkFailed. */
export function fetchThread(
  sessionId: string,
  threadId: string,
  { cursor, signal }: { cursor?: string; signal?: AbortSignal } = {},
): Promise<OpenThread> {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const url = `/sessions/${sessionId}/threads/${threadId}${query}`;
  return ask(url, { signal }, "Redline can't be reached. What is shown may be old.");
}
