import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { followLog } from "../logs/follow-log";

const QUIET_MS = 3_000;

/**
 * Follows an event log. `onEvent` returns whether to revalidate the page and whether the log is finished. A log that is
 * silent for three seconds (lost events or connection) revalidates the page while it is visible, but never while it is
 * loading: that would restart a slow load for ever.
 */
export function useLogEvents<E>(
  logId: string | undefined,
  onEvent: (event: E) => { refresh?: boolean; end?: boolean },
  onLeave: () => void,
): void {
  const { revalidate, state } = useRevalidator();
  const now = useRef({ state, onEvent, onLeave });
  now.current = { state, onEvent, onLeave };
  useEffect(() => {
    if (!logId) return;
    let heardAt = Date.now();
    const whenQuiet = setInterval(() => {
      const isQuiet = Date.now() - heardAt >= QUIET_MS;
      const isWatched = navigator.onLine && document.visibilityState === "visible";
      if (isQuiet && isWatched && now.current.state === "idle") revalidate();
    }, QUIET_MS);
    const stop = followLog(logId, (message) => {
      if (message.type !== "event") return;
      heardAt = Date.now();
      const { refresh, end } = now.current.onEvent(JSON.parse(message.data) as E);
      if (end) stop();
      if (refresh || end) revalidate();
    });
    return () => {
      clearInterval(whenQuiet);
      stop();
      now.current.onLeave();
    };
  }, [logId, revalidate]);
}
