import { errorFields, log } from "@redline/core/platform/log";
import type { AppLoadContext, EntryContext, HandleErrorFunction } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./http/nonce";
import { pageBody } from "./http/page-body.server";
import { keepPage, keptPage, pageKey } from "./http/rendered-pages.server";

/** Timeout in ms for a loader's deferred data before the page is sent without it. */
export const streamTimeout = 10_000;
const ABORT_AFTER_MS = streamTimeout + 1_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { nonce, requestId, freshIds }: AppLoadContext,
): Promise<Response> {
  // Crawlers do not wait for what arrives later.
  const readyEvent = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";
  const { errors, actionData, loaderData } = remixContext.staticHandlerContext;
  const isRepeatable = freshIds && status === 200 && !errors && !actionData;
  const fresh = [nonce, ...(freshIds ?? [])];
  const key = isRepeatable ? pageKey(`${readyEvent} ${request.url}`, loaderData, fresh) : undefined;
  const kept = key && keptPage(key, fresh);
  if (kept) {
    void remixContext.serverHandoffStream?.cancel();
    headers.set("Content-Type", "text/html; charset=utf-8");
    return Promise.resolve(new Response(kept, { headers, status }));
  }
  return new Promise((resolve, reject) => {
    let isShellSent = false;
    let timer: NodeJS.Timeout | undefined;
    let finalStatus = status;
    const keep = (html: string) => key && finalStatus === status && keepPage(key, html, fresh);
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={streamTimeout} nonce={nonce} />
      </NonceContext.Provider>,
      {
        nonce,
        [readyEvent]() {
          isShellSent = true;
          const { sink, body } = pageBody(key ? keep : undefined);
          // A timer that outlives the response would keep the whole finished render in memory.
          sink.on("close", () => clearTimeout(timer));
          headers.set("Content-Type", "text/html; charset=utf-8");
          resolve(new Response(body, { headers, status: finalStatus }));
          pipe(sink);
        },
        onShellError: reject,
        onError(error: unknown) {
          finalStatus = 500;
          // Before the shell is sent the error rejects above and is logged there.
          if (isShellSent && !request.signal.aborted) log.error("render failed", { requestId, ...errorFields(error) });
        },
      },
    );
    timer = setTimeout(abort, ABORT_AFTER_MS);
    timer.unref();
  });
}

/** Logs unexpected errors of loaders and actions, without the message, which may quote code. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted) return;
  if (isRouteErrorResponse(error) && error.status < 500) {
    log.info("request refused", { requestId: context.requestId, status: error.status });
    return;
  }
  log.error("request failed", { requestId: context.requestId, ...errorFields(error) });
};
