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
  }
}
