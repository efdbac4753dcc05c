import { createHmac, timingSafeEqual } from "node:crypto";

/** The header that our router adds at the edge, so that function URLs can refuse whoever calls them directly. */
export const EDGE_HEADER = "x-redline-edge";
/** The viewer's address as the edge saw it; no client can set it. */
export const VIEWER_HEADER = "x-redline-viewer";

/** What the router and the functions behind it both know, made from the stage's signing key. */
export const edgeKey = (signingKey: string): string => createHmac("sha256", signingKey).update("edge").digest("hex");

/** Whether a request came through our router, which may not know of a new key yet, or may know it first. */
export function isFromEdge(given: string | null | undefined, signingKeys: readonly string[]): boolean {
  const sent = Buffer.from(given ?? "");
  return signingKeys.some((signingKey) => {
    const expected = Buffer.from(edgeKey(signingKey));
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
}
