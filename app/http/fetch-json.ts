import type { ErrorShape } from "@redline/core/errors";

/** A request of the page's script that failed; its message is for the user. `isOffline`: the server wasn't reached. */
export class RequestFailed extends Error {
  constructor(
    message: string,
    readonly isOffline = false,
    readonly code?: string,
  ) {
    super(message);
  }

  /** True when nothing could be stored at that moment, as on a full disk: the request may succeed later. */
  get isTemporary(): boolean {
    return this.code === "DATABASE_ERROR";
  }

  /** True when the user may not do this, as in a session that was moved to the trash: the page may be out of date. */
  get isRefused(): boolean {
    return this.code === "FORBIDDEN";
  }
}

type JsonRequest = {
  method?: "POST" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  /** The message when the server can't be reached. */
  offlineMessage: string;
};

/**
 * Sends a request to one of the app's JSON routes and returns the parsed response. Throws RequestFailed, with the server's
 * own message when it sent one; an aborted request rethrows the abort.
 */
export async function fetchJson<Result>(url: string, request: JsonRequest): Promise<Result> {
  const { method, body, signal, offlineMessage } = request;
  let response: Response;
  try {
    const json = body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    response = await fetch(url, { method, signal, ...json });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailed(offlineMessage, true);
  }
  const result = (await response.json().catch(() => undefined)) as Result | ErrorShape | undefined;
  if (typeof result === "object" && result !== null && "error" in result) {
    throw new RequestFailed(result.error.message, false, result.error.code);
  }
  if (result === undefined || !response.ok) {
    throw new RequestFailed("The server sent no valid response. Reload the page to see the current state.");
  }
  return result;
}
