import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const QUIET_MS = 3_000;

/**
 * Follows an event log. `onEvent` returns whether to revalidate the page and whether the log is finished. A log that is
 * silent for three seconds (lost events or connection) revalidates the page, but never while it is loading: that would
 * restart a slow load for ever.
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
    const source = new EventSource(`/logs/${logId}`);
    let heardAt = Date.now();
    const whenQuiet = setInterval(() => {
      const isQuiet = Date.now() - heardAt >= QUIET_MS;
      if (isQuiet && navigator.onLine && now.current.state === "idle") revalidate();
    }, QUIET_MS);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      heardAt = Date.now();
      const { refresh, end } = now.current.onEvent(JSON.parse(data) as E);
      if (end) source.close();
      if (refresh || end) revalidate();
    };
    source.addEventListener("end", () => source.close());
    return () => {
      clearInterval(whenQuiet);
      source.close();
      now.current.onLeave();
    };
  }, [logId, revalidate]);
}
