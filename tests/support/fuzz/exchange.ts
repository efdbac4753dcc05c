/** One request over a socket of its own, and what came back. */
import { connect } from "node:net";
import type { RawRequest } from "./http-requests";
import type { Draw } from "./random";

export interface RawResponse {
  /** Undefined when the connection was closed without an answer. */
  status?: number;
  /** By lower-case name. */
  headers: Record<string, string>;
}

/** For hanging only; nothing here takes as long. */
const WITHIN_MS = 60_000;

/** Sends it whole or in pieces. Rejects when nothing comes back and the connection stays open. */
export function exchange(port: number, { bytes, isBrokenOff }: RawRequest, draw: Draw): Promise<RawResponse> {
  const cut = draw() < 0.2 ? draw.below(bytes.length) : bytes.length;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    const done = (response: RawResponse) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(response);
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(
        new Error(
          `No answer within ${WITHIN_MS / 1_000} s to ${JSON.stringify(bytes.toString("latin1").slice(0, 300))}`,
        ),
      );
    }, WITHIN_MS);
    socket.setNoDelay(true);
    socket.on("connect", () => {
      socket.write(bytes.subarray(0, cut));
      setImmediate(() => {
        if (isBrokenOff) socket.end(bytes.subarray(cut));
        else if (cut < bytes.length) socket.write(bytes.subarray(cut));
      });
    });
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const response = headOf(received);
      if (response) done(response);
    });
    // A server may close as soon as it has said why; what was said has come by then.
    socket.on("error", () => undefined);
    socket.on("close", () => done(headOf(received) ?? { headers: {} }));
  });
}

function headOf(received: string): RawResponse | undefined {
  const text = received.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, "");
  const [, status, head] = /^HTTP\/1\.1 (\d{3})[^\r]*\r\n([\s\S]*?)\r\n\r\n/.exec(text) ?? [];
  if (status === undefined) return undefined;
  const headers = (head ?? "").split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers: Object.fromEntries(headers) };
}

/** The statuses for a client that is not signed in, before the app reads its request. */
const NOT_SIGNED_IN = [302, 401];

/** Returns the problem with a response, or undefined. `isAsked`: the server asks everyone to sign in. */
export function faultOf(request: RawRequest, { status, headers }: RawResponse, isAsked: boolean): string | undefined {
  const { statuses, isBrokenOff, label, bytes } = request;
  if (status === undefined) return isBrokenOff ? undefined : `no answer to ${label}`;
  const hasResponse = status < 500 && (isBrokenOff || statuses.length === 0);
  const isRight = hasResponse || statuses.includes(status) || (isAsked && NOT_SIGNED_IN.includes(status));
  if (!isRight)
    return `${status} instead of ${statuses.join(" or ")} for ${label || bytes.toString("latin1").slice(0, 600)}`;
  const policy = headers["content-security-policy"] ?? "";
  const isGuarded = ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"].every((part) =>
    policy.includes(part),
  );
  if (!isGuarded || headers["x-content-type-options"] !== "nosniff")
    return `${status} without its headers for ${label}`;
  return undefined;
}
