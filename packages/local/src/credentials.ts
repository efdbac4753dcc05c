/** Access to the laptop's cloud: requests signed with the key of its data folder, and none from a browser page. */
import type { IncomingMessage } from "node:http";
import {
  ALGORITHM,
  amzDate,
  canonicalRequest,
  encoded,
  isSignature,
  parseAuthorization,
  sha256,
  signatureOf,
  signsWhatCounts,
  stringToSign,
  timeOf,
} from "./signature-v4";

export const LOCAL_REGION = "us-east-1";
export const LOCAL_ACCOUNT = "000000000000";
export const ACCESS_KEY_ID = "redline";
/** Passes the data folder's key from the launcher to its processes; `core/platform/clients` reads it too. */
export const CLOUD_KEY_VARIABLE = "REDLINE_CLOUD_KEY";

/** The service's name in the signature. */
export type Service = "dynamodb" | "sqs" | "monitoring" | "lambda" | "s3";

/**
 * Explicit, client by client: nothing local may reach a real account, no dummy key may shadow a real one.
 * @throws when this process was given no key
 */
export function localCredentials(): { accessKeyId: string; secretAccessKey: string } {
  const secretAccessKey = process.env[CLOUD_KEY_VARIABLE];
  if (!secretAccessKey) throw new Error(`${CLOUD_KEY_VARIABLE} is not set: the launcher gives it to its processes.`);
  return { accessKeyId: ACCESS_KEY_ID, secretAccessKey };
}

type Outgoing = { service: Service; method: string; url: string; body?: string; headers?: Record<string, string> };

/** The headers of a request that is signed as an SDK client signs, for those who speak to the cloud without one. */
export function signedHeaders({ service, method, url, body = "", headers = {} }: Outgoing): Record<string, string> {
  const { host, pathname, searchParams } = new URL(url);
  const date = amzDate(Date.now());
  const payloadHash = sha256(body);
  const all: Record<string, string> = { ...headers, host, "x-amz-date": date, "x-amz-content-sha256": payloadHash };
  const names = Object.keys(all).sort().join(";");
  const scope = `${date.slice(0, 8)}/${LOCAL_REGION}/${service}/aws4_request`;
  const path = service === "s3" ? pathname : pathOf(pathname);
  const canonical = canonicalRequest({ method, path, query: [...searchParams], headers: all }, names, payloadHash);
  const { accessKeyId, secretAccessKey } = localCredentials();
  const signature = signatureOf(secretAccessKey, scope, stringToSign(date, scope, canonical)).toString("hex");
  return {
    ...all,
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** Matches the Host header of a client on this machine; a page whose host name was rebound to it sends its own name. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

export const isOwnHost = (host: string | undefined): boolean => OWN_HOST.test(host ?? "");

/** Returns whether a browser sent the request: browsers always send one of these headers, and no program of ours does. */
export const isFromBrowser = ({ origin, "sec-fetch-site": site }: IncomingMessage["headers"]): boolean =>
  origin !== undefined || site !== undefined;

/**
 * Returns why the request is refused, or undefined. A page in a browser sends an Origin or, reading from itself, its own Host.
 * Unlike on AWS a signature does not run out: none can be overheard on this machine, and laptops sleep.
 * @param key of the data folder; `service` is whose endpoint was asked
 */
export function refusal(
  request: IncomingMessage,
  body: string | Uint8Array,
  { key, service }: { key: string; service: Service },
): string | undefined {
  if (isFromBrowser(request.headers)) return "Requests from web pages are not accepted here.";
  if (!isOwnHost(request.headers.host)) return "This host name is not accepted here.";
  const claim = parseAuthorization(request.headers.authorization);
  if (!claim) return "The request is not signed.";
  const [accessKeyId, ...scope] = claim.credential.split("/");
  if (accessKeyId !== ACCESS_KEY_ID) return "The security token included in the request is invalid.";
  const headers = flat(request.headers);
  const date = headers["x-amz-date"] ?? "";
  if (timeOf(date) === undefined || scope.join("/") !== `${date.slice(0, 8)}/${LOCAL_REGION}/${service}/aws4_request`)
    return "The credential should be scoped to this service, region and day.";
  if (!signsWhatCounts(claim.signedHeaders, headers)) return "There were headers in the request which were not signed.";
  const [path = "/", query = ""] = split(request.url ?? "/");
  const parts = {
    method: request.method ?? "GET",
    path: pathOf(path),
    query: [...new URLSearchParams(query)],
    headers,
  };
  const wanted = signatureOf(
    key,
    scope.join("/"),
    stringToSign(date, scope.join("/"), canonicalRequest(parts, claim.signedHeaders, sha256(body))),
  );
  return isSignature(claim.signature, wanted)
    ? undefined
    : "The request signature we calculated does not match the signature you provided.";
}

/** All services but S3 encode the path that was sent once more. */
const pathOf = (sent: string) => sent.split("/").map(encoded).join("/");

function split(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

const flat = (headers: IncomingMessage["headers"]) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
