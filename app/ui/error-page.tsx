import type { ErrorShape } from "@redline/core/errors";
import { isRouteErrorResponse, Link, useLocation, useRouteError } from "@remix-run/react";

/** The error page: what happened, and links to recover. */
export function ErrorPage() {
  const { title, message, requestId } = describeError(useRouteError());
  const { pathname } = useLocation();
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-xl flex-1 flex-col justify-center gap-3 px-6 py-12"
    >
      <h1 className="text-20 font-semibold">{title}</h1>
      <p>{message}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        {recoveryLinks(pathname).map(({ to, label }) => (
          <Link key={to} to={to} className="link">
            {label}
          </Link>
        ))}
      </p>
      {requestId && <p className="text-12 text-quiet">Request {requestId}</p>}
    </main>
  );
}

/** Returns links to recover from a failed page, nearest first. */
function recoveryLinks(pathname: string): { to: string; label: string }[] {
  const [, session, rest] = /^\/sessions\/(ses_\w+)(\/.+)?$/.exec(pathname) ?? [];
  const start = { to: "/", label: "Go to home" };
  if (session && rest) {
    return [
      { to: `/sessions/${session}`, label: "Back to the session" },
      { to: `/sessions/${session}/history`, label: "Session history" },
      start,
    ];
  }
  return pathname.startsWith("/sessions/") ? [{ to: "/sessions", label: "All sessions" }, start] : [start];
}

/** Returns an error page's title, message and request id. */
export function describeError(error: unknown): { title: string; message: string; requestId?: string } {
  const failed = {
    title: "Something went wrong",
    message: "This page couldn’t be displayed. Nothing was changed. Try again.",
  };
  if (!isRouteErrorResponse(error)) return failed;
  const shape = isErrorShape(error.data) ? error.data.error : undefined;
  if (error.status === 404) {
    return {
      title: "Not found",
      message: shape?.message ?? "This page doesn’t exist.",
      requestId: shape?.requestId,
    };
  }
  return { ...failed, ...(shape && { message: shape.message, requestId: shape.requestId }) };
}

function isErrorShape(data: unknown): data is ErrorShape {
  return typeof data === "object" && data !== null && "error" in data;
}
