import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const QUIET_MS = 3_000;

/**
 * Follows a log while there is one to follow. `onEvent` is given each event and says whether it shows the page anew, and
 * whether the log is done with. A log that gives nothing for three seconds (its events were lost, or the connection was)
 * does not leave the page waiting: it is then asked for again, but never while it is still being loaded, since asking
 * again begins anew: a page that takes longer than that to come would never arrive.
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
