import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef } from "react";

const REFRESH_INTERVAL_MS = 2_000;
const MAX_REFRESHES = 60;

/**
 * Asks for the page's data again every two seconds, while something on it is still on its way and the page is looked at;
 * for two minutes at most, as what has not come by then may never come.
 */
export function useRefreshWhile(isPending: boolean): void {
  const { revalidate, state } = useRevalidator();
  const refreshes = useRef(0);
  useEffect(() => {
    if (!isPending || state !== "idle" || refreshes.current >= MAX_REFRESHES) return;
    const timer = setTimeout(() => {
      refreshes.current += 1;
      if (document.visibilityState === "visible") revalidate();
    }, REFRESH_INTERVAL_MS);
    return () => clearTimeout(timer);
  }, [isPending, revalidate, state]);
}
