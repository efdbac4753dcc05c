import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

const current = new AsyncLocalStorage<string>();

/** The form of a request id; anything else in a message is ignored. */
export const REQUEST_ID = /^req_[0-9A-Za-z-]{1,64}$/;

export const newRequestId = (): string => `req_${randomUUID()}`;

/**
 * Runs something for a request: its log lines, the jobs it announces and the model calls it makes carry the request's id,
 * as do theirs. Only for telling what belongs together: who may do what is never read from here.
 */
export const forRequest = <R>(requestId: string | undefined, run: () => R): R =>
  requestId === undefined ? run() : current.run(requestId, run);

/** The id of the request that this is done for, if for any. */
export const currentRequestId = (): string | undefined => current.getStore();
