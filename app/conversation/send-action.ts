import { fetchJson } from "../http/fetch-json";
import type { ConversationActionInput, ConversationActionResult } from "./actions";
import type { OpenThread, ThreadPage } from "./page";

/** Sends one action of the conversation. Throws RequestFailed. */
export function sendConversationAction(
  sessionId: string,
  body: ConversationActionInput,
): Promise<ConversationActionResult> {
  const offlineMessage = "Can't reach Redline. Nothing was sent.";
  return fetchJson(`/sessions/${sessionId}/conversation`, { method: "POST", body, offlineMessage });
}

/** Fetches a thread with a page of its messages. Throws RequestFailed. */
export function fetchThread(
  sessionId: string,
  threadId: string,
  { cursor, signal }: { cursor?: string; signal?: AbortSignal } = {},
): Promise<OpenThread> {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const offlineMessage = "Can't reach Redline. This may be out of date.";
  return fetchJson(`/sessions/${sessionId}/threads/${threadId}${query}`, { signal, offlineMessage });
}

/** Fetches a page of a session's resolved threads. Throws RequestFailed. */
export function fetchResolvedThreads(sessionId: string, cursor: string | undefined): Promise<ThreadPage> {
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
  const offlineMessage = "Can't reach Redline. Resolved threads were not loaded.";
  return fetchJson(`/sessions/${sessionId}/threads${query}`, { offlineMessage });
}
