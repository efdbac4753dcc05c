import { createHmac, timingSafeEqual } from "node:crypto";

/** The header that our router adds at the edge, so that function URLs can refuse direct calls. */
export const EDGE_HEADER = "x-redline-edge";
/** The viewer's address as the edge saw it. To be believed only of a request that `isFromEdge`. */
export const VIEWER_HEADER = "x-redline-viewer";

const EDGE_ONLY =
  /^(?:x-redline-|x-forwarded|forwarded$|x-real-ip$|x-client-ip$|x-cluster-client-ip$|true-client-ip$|cf-|fastly-|cloudfront-|x-amz|x-request-id$|x-correlation-id$|x-original-|x-rewrite-|x-http-method|traceparent$|tracestate$|baggage$)/i;

/**
 * Returns whether a header claims something that only a proxy before the app can know: the viewer, the requested host,
 * a request's trace or user. The app never receives one: the edge's own values are passed beside the request, and a
 * laptop has no proxy.
 */
export const isEdgeHeader = (name: string): boolean => EDGE_ONLY.test(name);

/** Returns the secret that the router and the functions behind it share, derived from the stage's signing key. */
export const edgeKey = (signingKey: string): string => createHmac("sha256", signingKey).update("edge").digest("hex");

/** Returns whether a request came through our router, which may learn of a new key later or earlier than the functions. */
export function isFromEdge(given: string | null | undefined, signingKeys: readonly string[]): boolean {
  const sent = Buffer.from(given ?? "");
  return signingKeys.some((signingKey) => {
    const expected = Buffer.from(edgeKey(signingKey));
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
}
