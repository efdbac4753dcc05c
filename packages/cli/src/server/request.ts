/** Requests to the Redline that serves on this machine. */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { CommandFailure } from "../failure";
import { readAll } from "../terminal";
import type { Serving } from "./data-folder";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export type RequestOptions = {
  signal?: AbortSignal;
  /** The media type of a body that is text already, such as lines of JSON. */
  type?: string;
};

/** Redline answered with an error; the message is its own. */
export class ServerRefused extends CommandFailure {
  constructor(
    readonly status: number,
    /** As in the error shape: `SESSION_NOT_FOUND`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Redline does not serve any more, or not yet. */
export class ServerGone extends CommandFailure {}

/** Keeps connections for the requests that follow. */
const agent = new Agent({ keepAlive: true });

/** Sends a request with the token and returns the JSON of its answer. Throws ServerRefused and ServerGone. */
export async function requestJson<Answer>(
  serving: Serving,
  method: Method,
  path: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<Answer> {
  return parse(await requestBytes(serving, method, path, body, options)) as Answer;
}

/**
 * Sends a request with the token and returns its answer. `localhost` is not looked up: another program may listen on the other
 * of its two addresses. Throws ServerRefused and ServerGone.
 */
export async function requestBytes(
  { address, token }: Serving,
  method: Method,
  path: string,
  body?: unknown,
  { signal, type = "application/json" }: RequestOptions = {},
): Promise<Buffer> {
  const { host, port } = new URL(address);
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const headers = {
    host,
    origin: address,
    authorization: `Bearer ${token}`,
    accept: "application/json",
    ...(text !== undefined && { "content-type": type, "content-length": Buffer.byteLength(text) }),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest({ agent, host: "127.0.0.1", port, method, path, headers, signal }, resolve);
    request.once("error", (error) => reject(signal?.aborted ? error : gone(address, error)));
    request.end(text);
  });
  const status = response.statusCode ?? 0;
  const answer = await readAll(response).catch((error) =>
    Promise.reject(signal?.aborted ? error : gone(address, error)),
  );
  if (status >= 200 && status < 300) return answer;
  const { code = "UNKNOWN", message } = (parse(answer) as { error?: { code?: string; message?: string } }).error ?? {};
  throw new ServerRefused(status, code, message ?? `Redline at ${address} answered with ${status}.`);
}

const gone = (address: string, cause: Error) =>
  Object.assign(new ServerGone(`Redline at ${address} does not answer any more.`), { cause });

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) ?? {};
  } catch {
    return {};
  }
}
