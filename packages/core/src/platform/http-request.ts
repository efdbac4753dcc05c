/** Between HTTP and Fetch: which requests of HTTP's become one of Fetch's, and how the others are refused. */
import { AppError } from "../errors";

/** The methods that a route may have. Fetch knows no request with TRACE or CONNECT, and we answer no OPTIONS. */
export const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** RFC 9110 asks every server to take 8,000 octets. */
const LONGEST_TARGET = 8_000;

/**
 * A request refused for its form, with the status that HTTP has for it, such as 405 or 414. The product's own table of
 * codes knows them all as INVALID_INPUT.
 */
export class HttpRefusal extends AppError {
  constructor(
    private readonly httpStatus: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super("INVALID_INPUT", message);
  }

  override get status(): number {
    return this.httpStatus;
  }
}

/** Sets the headers of limits.md (security row 5) on a response that is not a page. */
export const REFUSAL_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Throws HttpRefusal 405 for a method that no route has. */
export function requireKnownMethod(method: string): void {
  if (!METHODS.includes(method)) throw methodNotAllowed(method, METHODS);
}

export function methodNotAllowed(method: string, allowed: readonly string[]): HttpRefusal {
  const named = /^[A-Z-]{1,20}$/.test(method) ? method : "This method";
  return new HttpRefusal(405, `${named} is not allowed here. Nothing was changed.`, { allow: allowed.join(", ") });
}

export interface HttpRequest {
  scheme: "http" | "https";
  /** Name and port, as the client called this server. */
  host: string;
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: Iterable<[name: string, value: string]>;
  /** Left out for GET and HEAD, whose bodies mean nothing. */
  body?: () => BodyInit;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** Converts the request to a Fetch one. Throws HttpRefusal where Fetch has no such request. */
export function toFetchRequest({ scheme, host, method, target, headers, body, signal }: HttpRequest): Request {
  requireKnownMethod(method);
  const url = buildUrl(scheme, host, target);
  const all = buildHeaders(headers);
  // Routes and Remix compare an Origin with the host as browsers write it.
  all.set("host", url.host);
  const hasBody = body && method !== "GET" && method !== "HEAD";
  const init = { method, headers: all, signal, ...(hasBody && { body: body(), duplex: "half" }) };
  return new Request(url, init as RequestInit);
}

function buildUrl(scheme: string, host: string, target: string): URL {
  if (target.length > LONGEST_TARGET) throw new HttpRefusal(414, "The address is too long.");
  // Visible ASCII: what a browser sends for anything else is escaped.
  if (!/^\/[!-~]*$/.test(target)) throw new HttpRefusal(400, "That is no address of a page.");
  // Nothing that would move what follows to another place of the URL.
  if (!/^[^/?#@\\\s]+$/.test(host) || !URL.canParse(`${scheme}://${host}/`)) {
    throw new HttpRefusal(400, "The Host header names no host.");
  }
  const url = new URL(`${scheme}://${host}${target}`);
  if (!isDecodable(url.pathname)) throw new HttpRefusal(400, "The address is not escaped as addresses are.");
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function buildHeaders(entries: Iterable<[string, string]>): Headers {
  const headers = new Headers();
  try {
    for (const [name, value] of entries) headers.append(name, value);
  } catch {
    throw new HttpRefusal(400, "A header of the request is malformed.");
  }
  return headers;
}
