import "@remix-run/node";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
  /** What every loader and action is given besides the request. */
  interface AppLoadContext {
    /** Allows this response's own scripts and styles, and no others. */
    nonce: string;
    /** Names this request in logs and in the error shape. */
    requestId: string;
    /** Whom the request comes from, as the edge saw it. Never from a header that a client can set. */
    address: string;
    /** Set by a refusal that ends by itself: the response says it. */
    retryAfterSeconds?: number;
  }
}
