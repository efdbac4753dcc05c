import type { JobSession } from "@redline/core/ops/schema";
import { Link } from "@remix-run/react";

/** Links to a job's session; plain text when it can't be opened. */
export function SessionLink({ session: { sessionId, isThere } }: { session: JobSession }) {
  if (!isThere) {
    return (
      <span className="block text-12 text-quiet">
        <span className="font-mono break-all">{sessionId}</span>(not found or no access)
      </span>
    );
  }
  return (
    <Link to={`/sessions/${sessionId}`} className="block font-mono text-12 break-all underline underline-offset-2">
      {sessionId}
    </Link>
  );
}
