/** Who may speak to the laptop's cloud: whoever signs as `redline`, and no browser page. */
import type { IncomingMessage } from "node:http";

/** Explicit, client by client: nothing local may reach a real account, no dummy key may shadow a real one. */
export const LOCAL_CREDENTIALS = { accessKeyId: "redline", secretAccessKey: "redline-local" } as const;
export const LOCAL_REGION = "us-east-1";
export const LOCAL_ACCOUNT = "000000000000";

/** For the cloud's own verbs under `/_redline/`, which are spoken with `fetch`, not with an SDK client. */
export const INTERNAL_HEADERS = {
  authorization: `AWS4-HMAC-SHA256 Credential=${LOCAL_CREDENTIALS.accessKeyId}/internal, SignedHeaders=host, Signature=0`,
} as const;

/** What a client on this machine calls us; a page whose host name was rebound to this machine sends its own name. */
const OWN_HOSTS = new Set(["127.0.0.1", "localhost"]);

/** Why the request is refused, or undefined. A page in a browser sends an Origin or, reading from itself, its own Host. */
export function refusal(request: IncomingMessage): string | undefined {
  if (request.headers.origin !== undefined) return "Requests from web pages are not accepted here.";
  if (!OWN_HOSTS.has((request.headers.host ?? "").replace(/:\d+$/, ""))) return "This host name is not accepted here.";
  const signedAs = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? "")?.[1];
  if (signedAs !== LOCAL_CREDENTIALS.accessKeyId) return "The security token included in the request is invalid.";
  return undefined;
}
