import "@remix-run/node";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
  /** The context of every loader and action. */
  interface AppLoadContext {
    /** Allows this response's own scripts and styles, and no others. */
    nonce: string;
    /** Names this request in logs and in the error shape. */
    requestId: string;
    /** The client's address as seen by the edge; never from a client-controlled header. */
    address: string;
    /**
     * Set by loaders whose page depends on nothing but its address, its data and the minute: it is rendered once for the same
     * of them. The ids among the data that are new in each response.
     */
    freshIds?: string[];
    /** Set by a temporary refusal; sent as Retry-After. */
    retryAfterSeconds?: number;
  }
}
