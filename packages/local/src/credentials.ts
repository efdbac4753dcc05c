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

/** Why the request is refused, or undefined. A page in a browser cannot forge the header without sending an Origin. */
export function refusal(request: IncomingMessage): string | undefined {
  if (request.headers.origin !== undefined) return "Requests from web pages are not accepted here.";
  const signedAs = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? "")?.[1];
  if (signedAs !== LOCAL_CREDENTIALS.accessKeyId) return "The security token included in the request is invalid.";
  return undefined;
}
