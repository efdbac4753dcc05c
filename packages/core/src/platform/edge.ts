import { createHmac, timingSafeEqual } from "node:crypto";

/** The header that our router adds at the edge, so that function URLs can refuse direct calls. */
export const EDGE_HEADER = "x-redline-edge";
/** The viewer's address as the edge saw it. To be believed only of a request that `isFromEdge`. */
export const VIEWER_HEADER = "x-redline-viewer";

const EDGE_ONLY =
  /^(?:x-redline-|x-forwarded|forwarded$|x-real-ip$|x-client-ip$|x-cluster-client-ip$|true-client-ip$|cf-|fastly-|cloudfront-|x-amz|x-request-id$|x-correlation-id$|x-original-|x-rewrite-|x-http-method|traceparent$|tracestate$|baggage$)/i;

/**
 * Whether a header says what only something that stands before the app can know: who the viewer is, what host was asked,
 * which trace or user a request belongs to. The app is never given one: what the edge knows is handed to it beside the
 * request, and on a laptop nothing stands before it.
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
