import type { ErrorShape } from "@redline/core/errors";
import { isRouteErrorResponse, Link, useRouteError } from "@remix-run/react";

/** The page in place of one that failed: what happened, and where to go from here. */
export function ErrorPage() {
  const { title, message, requestId } = explain(useRouteError());
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-xl flex-1 flex-col justify-center gap-3 px-6 py-12"
    >
      <h1 className="text-20 font-semibold">{title}</h1>
      <p>{message}</p>
      <p>
        <Link to="/" className="link">
          Go to the start page
        </Link>
      </p>
      {requestId && <p className="text-12 text-quiet">Request {requestId}</p>}
    </main>
  );
}

function explain(error: unknown): { title: string; message: string; requestId?: string } {
  const failed = {
    title: "Something failed",
    message: "This page could not be shown. Nothing was changed. Try again.",
  };
  if (!isRouteErrorResponse(error)) return failed;
  const shape = isErrorShape(error.data) ? error.data.error : undefined;
  if (error.status === 404) {
    return {
      title: "Not found",
      message: shape?.message ?? "There is no page at this address.",
      requestId: shape?.requestId,
    };
  }
  return { ...failed, ...(shape && { message: shape.message, requestId: shape.requestId }) };
}

function isErrorShape(data: unknown): data is ErrorShape {
  return typeof data === "object" && data !== null && "error" in data;
}
