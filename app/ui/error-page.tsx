import type { ErrorCode, ErrorShape } from "@redline/core/errors";
import { isRouteErrorResponse, Link, useLocation, useRouteError } from "@remix-run/react";

/** The error page: what happened, and links to recover. */
export function ErrorPage() {
  const { title, message, hint, requestId } = describeError(useRouteError());
  const { pathname } = useLocation();
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-xl flex-1 flex-col justify-center gap-3 px-6 py-12"
    >
      <h1 className="text-20 font-semibold">{title}</h1>
      <p className="break-words">
        {message} {hint}
      </p>
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
  return /^\/sessions?\//.test(pathname) ? [{ to: "/sessions", label: "All sessions" }, start] : [start];
}

const NOT_FOUND_TITLES: Partial<Record<ErrorCode, string>> = {
  SESSION_NOT_FOUND: "Session not found",
  CODEBASE_NOT_FOUND: "Session not found",
  VERSION_NOT_FOUND: "Version not found",
  FILE_NOT_FOUND: "File not found",
  CHANGE_NOT_FOUND: "Change not found",
  FINDING_NOT_FOUND: "Finding not found",
  REVIEW_NOT_FOUND: "Review not found",
  THREAD_NOT_FOUND: "Thread not found",
  MESSAGE_NOT_FOUND: "Message not found",
  DRAFT_NOT_FOUND: "Draft not found",
  UPLOAD_NOT_FOUND: "Upload not found",
};

/** Names what may have happened to the target of a link. */
const NOT_FOUND_HINTS: Partial<Record<ErrorCode, string>> = {
  SESSION_NOT_FOUND: "It may have been permanently deleted, or the link may be incomplete.",
  VERSION_NOT_FOUND: "The session's history lists all versions.",
};

type ErrorText = { title: string; message: string; hint?: string; requestId?: string };

/** Returns an error page's title, message, hint and request id. */
export function describeError(error: unknown): ErrorText {
  const failed = {
    title: "Something went wrong",
    message: "This page couldn't be displayed. Nothing was changed. Try again.",
  };
  if (!isRouteErrorResponse(error)) return failed;
  const { code, message, requestId } = (isErrorShape(error.data) ? error.data.error : undefined) ?? {};
  const about = { ...(message && { message }), ...(requestId && { requestId }) };
  if (error.status === 404) {
    const title = (code && NOT_FOUND_TITLES[code]) ?? "Page not found";
    const hint = code && NOT_FOUND_HINTS[code];
    return { message: "This page doesn't exist.", ...about, title, ...(hint && { hint }) };
  }
  if (error.status === 403) return { ...failed, ...about, title: "No access" };
  return { ...failed, ...about };
}

function isErrorShape(data: unknown): data is ErrorShape {
  return typeof data === "object" && data !== null && "error" in data;
}
